"""What independence hides: the default count when defaults share a factor, and the count that contradicts a PD then.

The one-factor model of Vasicek: given the factor z, cases default independently with
Phi((Phi^-1(PD) + sqrt(rho) z) / sqrt(1 - rho)). Arguments and answers are scalars or one value per grade (K,).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betainccinv, betaincinv, log_ndtr, ndtr, ndtri

from riskmodels.validation.grades import fewest_rejected

Floats = NDArray[np.float64]
_PLACES = np.linspace(0, 1, 2_001)
_TAIL = 1e-17


def correlated_binomial_p(probability: ArrayLike, n: ArrayLike, events: ArrayLike, rho: ArrayLike) -> Floats:
    """P(at least that many events) with asset correlation `rho` in [0, 1).

    H0: the PD is at least the true rate; small = PD too low. With rho 0 it is the binomial test. Reference: BCBS
    working paper 14.
    """
    return exceedance(n, events, rho)(ndtri(np.asarray(probability, float)))


def critical_count(probability: ArrayLike, n: ArrayLike, rho: ArrayLike, level: float = 0.01) -> NDArray[np.int64]:
    """The fewest events that come with probability `level` or less if the PD is right; n + 1 where none are so rare."""
    return fewest_rejected(lambda events: correlated_binomial_p(probability, n, events, rho), n, level)


def corporate_correlation(probability: ArrayLike) -> Floats:
    """The asset correlation that Basel's capital rules give a corporate exposure: .24, falling to .12 with its PD.

    .12 w + .24 (1 - w), w = (1 - exp(-50 PD)) / (1 - exp(-50)), without the discount of small firms. Reference: BCBS,
    CRE31.5.
    """
    w = np.expm1(-50 * np.asarray(probability, float)) / np.expm1(-50)
    return np.asarray(0.12 * w + 0.24 * (1 - w))


def exceedance(n: ArrayLike, events: ArrayLike, rho: ArrayLike) -> Callable[[Floats], Floats]:
    """P(at least `events` of `n`) as a function of Phi^-1(PD), with asset correlation `rho` in [0, 1).

    At least d of n cases default if and only if the d-th smallest of n uniform draws, a Beta(d, n - d + 1) variable B,
    lies below the conditional PD: E Phi((Phi^-1(PD) - sqrt(1 - rho) Phi^-1(B)) / sqrt(rho)). It is summed on even nodes
    of Phi^-1(B), where nothing of the binomial's steep edge remains; Gauss-Hermite with fixed nodes over z misses that
    edge when n is large.
    """
    m, d, r = np.broadcast_arrays(*(np.asarray(a, float) for a in (n, events, rho)))
    a = np.clip(d, 1, np.maximum(m, 1))
    b = np.maximum(m, 1) - a + 1
    nodes, weight = _order_statistic(a, b)
    own, shared = np.sqrt(1 - r)[..., None] * nodes, np.sqrt(np.where(r > 0, r, 1.0))[..., None]

    def chance(threshold: Floats) -> Floats:
        """P(at least that many) if a case alone defaults with probability Phi(threshold)."""
        t = np.asarray(threshold, float)
        common = np.sum(weight * ndtr((t[..., None] - own) / shared), axis=-1)
        given = np.where(r > 0, common, betainc(a, b, ndtr(t)))
        return np.asarray(np.where(d <= 0, 1.0, np.where(d > m, 0.0, np.minimum(given, 1.0))))

    return chance


def _order_statistic(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Even nodes (..., M) of Phi^-1(B), B Beta(a, b), over all but its tails, and their weights, which sum to 1."""
    low, high = (ndtri(end(a, b, _TAIL)).clip(-37, 8.2)[..., None] for end in (betaincinv, betainccinv))
    nodes = low + (high - low) * _PLACES
    log_weight = (a - 1)[..., None] * log_ndtr(nodes) + (b - 1)[..., None] * log_ndtr(-nodes) - nodes**2 / 2
    weight = np.exp(log_weight - log_weight.max(axis=-1, keepdims=True))
    return nodes, weight / weight.sum(axis=-1, keepdims=True)
