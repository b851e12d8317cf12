"""The smallest fall of an AUC that its test finds with 80 % power: what a silent test leaves open."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from riskmodels.validation.discrimination import Estimate

POWER = 0.80
TINY = 1e-9
"""A fall too small to see: below it stands a false solution where the start is a perfect order."""


def smallest_difference(se: float, level: float) -> float:
    """The smallest deviation of a statistic with that standard error that a one-sided test finds: (z_level + z_.8) se.

    NaN without an error.
    """
    return _times(level) * se if se > 0 else math.nan


def smallest_fall(found: Estimate, start: float, bad: int, good: int, level: float, start_se: float = 0.0) -> float:
    """The smallest fall below an AUC of `start` that a one-sided test at a level of significance finds.

    A lower AUC has a larger error, so that the fall d solves d = (z_level + z_.8) sqrt(s(start - d)^2 + start_se^2),
    with s the error found scaled by Hanley and McNeil's (1982) for so many bad and good cases, and `start_se` the error
    of the start itself, 0 where it is given. Infinite where a fall to chance, 0.5, would go unseen. Where order is
    perfect there is no error to go by: then, by the rule of three, what the fewer of bad and good cases could all have
    missed. NaN without an error for another reason.
    """
    if min(found.value, 1 - found.value) < TINY and not math.isnan(found.se):
        return math.hypot(-math.log(level) / min(bad, good), _times(level) * start_se)
    if not found.se > 0:
        return math.nan
    scale = found.se / _spread(found.value, bad, good)

    def beyond(fall: float) -> float:
        """How far a fall is larger than what is found."""
        return fall - _times(level) * math.hypot(scale * _spread(start - fall, bad, good), start_se)

    most = start - 0.5
    return float(brentq(beyond, TINY, most)) if most > 0 and beyond(most) > 0 else math.inf


def _times(level: float) -> float:
    """How many errors away a deviation is found by a one-sided test with 80 % power."""
    return float(norm.isf(level) + norm.ppf(POWER))


def _spread(auc: float, bad: int, good: int) -> float:
    """Hanley and McNeil's standard error of an AUC, independent cases."""
    two_bad, two_good = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    pairs = auc * (1 - auc) + (bad - 1) * (two_bad - auc**2) + (good - 1) * (two_good - auc**2)
    return float(np.sqrt(max(pairs, 0.0) / (bad * good)))
