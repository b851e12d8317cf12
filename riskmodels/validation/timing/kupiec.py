"""How often bands failed against how often they said they would, and the smallest failing that would have been seen."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import binom, chi2

from riskmodels.models.cash.coverage import likelihood_ratio

Floats = NDArray[np.float64]
POWER = 0.8


def pof(failures: ArrayLike, n: ArrayLike, rate: ArrayLike) -> tuple[Floats, Floats]:
    """Kupiec's likelihood ratio of the proportion of failures, and its p-value: arrays that broadcast.

    H0: `failures` of `n` independent trials fail at `rate`. LR = -2 log(L(rate) / L(failures / n)), chi-squared with
    one degree; NaN where the rate isn't strictly between 0 and 1, or there is no trial. Source: Kupiec 1995.
    """
    k, size, stated = np.broadcast_arrays(*(np.asarray(values, float) for values in (failures, n, rate)))
    told = (size > 0) & (k >= 0) & (k <= size) & (stated > 0) & (stated < 1)
    safe = [np.where(told, values, other) for values, other in ((k, 0.0), (size, 1.0), (stated, 0.5))]
    ratio = np.where(told, likelihood_ratio(*safe), np.nan)
    return ratio, chi2.sf(ratio, 1)


def pof_power(n: int, rate: float, true: ArrayLike, level: float = 0.05) -> Floats:
    """The chance that Kupiec's test of n trials at a level rejects `rate` where they fail at `true` (array): exact."""
    few, many = _rejected(n, rate, level)
    chances = np.asarray(true, float)
    return np.asarray(binom.cdf(few, n, chances) + binom.sf(many - 1, n, chances))


def pof_detectable(n: int, rate: float, level: float = 0.05) -> float:
    """By how much the share of failures must exceed `rate` for Kupiec's test to find it with 80 % power; NaN if never.

    A rise, as bands that fail too often are the danger.
    """
    if n < 1 or not 0 < rate < 1 or not pof_power(n, rate, 1.0, level) >= POWER:
        return float("nan")
    found = brentq(lambda true: float(pof_power(n, rate, true, level)) - POWER, rate, 1.0)
    return float(found) - rate


def _rejected(n: int, rate: float, level: float) -> tuple[int, int]:
    """The most failures that are too few, -1 without any, and the fewest that are too many, n + 1 without any.

    The likelihood ratio grows with the distance from n x rate on either side, so both ends are found by halving.
    """
    middle, critical = int(n * rate), chi2.isf(level, 1)
    too_few = bisect_left(range(middle + 1), True, key=lambda k: bool(pof(k, n, rate)[0] <= critical))
    too_many = bisect_left(range(middle + 1, n + 1), True, key=lambda k: bool(pof(k, n, rate)[0] > critical))
    return too_few - 1, middle + 1 + too_many
