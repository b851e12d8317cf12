"""Whether bands hold as often as they say: Kupiec's test of the proportion of failures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy
from scipy.stats import chi2

from riskmodels.core.errors import Misuse


@dataclass(frozen=True)
class Kupiec:
    """The likelihood ratio of the observed share of failures against the stated one, and its p value (1 degree)."""

    statistic: float
    p_value: float


def kupiec(failures: int, n: int, rate: float) -> Kupiec:
    """Kupiec's test that `failures` of `n` independent trials fail at `rate`, strictly between 0 and 1.

    LR = -2 log(L(rate) / L(failures / n)), chi-squared with one degree. Kupiec (1995), Techniques for verifying the
    accuracy of risk measurement models.
    """
    if not (0 < rate < 1 and 0 <= failures <= n and n > 0):
        raise Misuse(f"kupiec: found {failures} of {n} at {rate}, expected 0 to n failures and a rate between 0 and 1")
    statistic = float(likelihood_ratio(failures, n, rate))
    return Kupiec(statistic, float(chi2.sf(statistic, 1)))


def likelihood_ratio(failures: ArrayLike, n: ArrayLike, rate: ArrayLike) -> NDArray[np.float64]:
    """-2 log(L(rate) / L(failures / n)) of failures among n trials, arrays that broadcast; 0 where they agree."""
    k, size, stated = (np.asarray(values, float) for values in (failures, n, rate))
    found = xlogy(k, k / size) + xlogy(size - k, (size - k) / size)
    said = xlogy(k, stated) + xlogy(size - k, 1 - stated)
    return np.asarray(np.maximum(0.0, 2 * (found - said)))
