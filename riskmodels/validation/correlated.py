"""What independence hides: the default count when defaults share a factor, and the PD that no default still allows.

The one-factor model of Vasicek: given the factor z, cases default independently with
Phi((Phi^-1(PD) + sqrt(rho) z) / sqrt(1 - rho)).
"""

from __future__ import annotations

import numpy as np
from scipy.stats import binom, norm

# A fine grid: Gauss-Hermite with fixed nodes misses the narrow transitions that large samples have.
_FACTOR = np.linspace(-8, 8, 4_001)
_WEIGHT = norm.pdf(_FACTOR) * (_FACTOR[1] - _FACTOR[0])


def correlated_binomial_p(probability: float, n: int, events: int, rho: float) -> float:
    """P(at least that many events) with asset correlation `rho` in [0, 1).

    H0: the PD is at least the true rate; small = PD too low. With rho 0 it is the binomial test. Reference: BCBS
    working paper 14.
    """
    if events <= 0:
        return 1.0
    given = norm.cdf((norm.ppf(probability) + np.sqrt(rho) * _FACTOR) / np.sqrt(1 - rho))
    return float(_WEIGHT @ binom.sf(events - 1, n, given))


def critical_count(probability: float, n: int, rho: float, level: float = 0.99) -> int:
    """The fewest events that happen with probability 1 - level or less if the PD is right; found by bisection."""
    low, high = 0, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        if correlated_binomial_p(probability, n, middle, rho) <= 1 - level:
            high = middle
        else:
            low = middle
    return high
