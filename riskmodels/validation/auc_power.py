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
    return float(norm.isf(level) + norm.ppf(POWER)) * se if se > 0 else math.nan


def smallest_fall(found: Estimate, start: float, bad: int, good: int, level: float) -> float:
    """The smallest fall below an AUC of `start` that a one-sided test at a level of significance finds.

    A lower AUC has a larger error, so that the fall d solves d = (z_level + z_.8) s(start - d), with s the error found
    scaled by Hanley and McNeil's (1982) for so many bad and good cases. Infinite where a fall to chance, 0.5, would go
    unseen. Where order is perfect there is no error to go by: then, by the rule of three, what the fewer of bad and
    good cases could all have missed. NaN without an error for another reason.
    """
    if found.value in (0.0, 1.0) and found.se == 0:
        return -math.log(level) / min(bad, good)
    if not found.se > 0:
        return math.nan
    scale = smallest_difference(found.se, level) / _spread(found.value, bad, good)

    def beyond(fall: float) -> float:
        """How far a fall is larger than what is found."""
        return fall - scale * _spread(start - fall, bad, good)

    most = start - 0.5
    return float(brentq(beyond, TINY, most)) if most > 0 and beyond(most) > 0 else math.inf


def _spread(auc: float, bad: int, good: int) -> float:
    """Hanley and McNeil's standard error of an AUC, independent cases."""
    two_bad, two_good = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    pairs = auc * (1 - auc) + (bad - 1) * (two_bad - auc**2) + (good - 1) * (two_good - auc**2)
    return float(np.sqrt(max(pairs, 0.0) / (bad * good)))
