"""The bins of the greatest gain, found exactly over ordered pre-bins by dynamic programming.

Let f(m, i, j) be the best gain of pre-bins 0..j cut into m bins, the last of which is i..j. Then
f(m + 1, i, j) = gain(i, j) + max over h < i of f(m, h, i - 1), taken over the h whose bin h..i-1 may stand before
i..j: in the order that the trend asks, different enough, and in the same order in enough cohorts. Carrying both ends of
the last bin is what makes the constrained optimum exact, not greedy. A peak is a rising phase and a falling one, each
with an f of its own. k pre-bins and M bins cost O(M k^3) steps of a nanosecond.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import chi2

Array = Any
TRENDS: dict[str, tuple[tuple[int, ...], ...]] = {
    "ascending": ((1,),),
    "descending": ((-1,),),
    "auto": ((1,), (-1,)),
    "peak": ((1, -1),),
    "valley": ((-1, 1),),
    "none": ((0,),),
}
"""For each trend the phases to try: +1 rising, -1 falling, 0 free; a later phase may be empty."""
TIE = 1e-12  # two gains closer than this are equal, and then fewer bins are better


@dataclass(frozen=True)
class Sums:
    """Of k ordered pre-bins: weight, sum of the target and of its square (k each); weight and sum by cohort (c x k)."""

    n: Array
    total: Array
    squares: Array
    cohort_n: Array
    cohort_total: Array

    def merged(self, what: Array) -> Array:
        """Sum of pre-bins i..j at [i, j]; 0 below the diagonal."""
        ends = np.concatenate([[0.0], np.cumsum(what)])
        return np.triu(ends[None, 1:] - ends[:-1, None])


@dataclass(frozen=True)
class Rules:
    """What bins must hold: most bins; least weight, bads and goods in each; what neighbours must keep.

    Neighbours differ with a p value of at most `max_p` (chi-square of two means, pooled variance, no correction), and
    stand in the same order in at least the share `min_steady` of the cohorts that have cases of both.
    """

    max_bins: int
    min_weight: float
    min_events: float
    max_p: float = 1.0
    min_steady: float = 0.0

    def allowed(self, n: Array) -> Array:
        """Whether a bin of such a weight may be, for any shape."""
        return n >= self.min_weight * (1 - TIE)

    @property
    def critical(self) -> float:
        """What the chi-square of neighbours, on weights, must reach."""
        return float(chi2.isf(self.max_p, 1)) if self.max_p < 1 else 0.0


def best_starts(sums: Sums, gains: Array, levels: Array, trend: str, rules: Rules) -> Array:
    """First pre-bin of each bin of the partition with the greatest gain; [0] when no partition meets the rules.

    `gains` and `levels` (k x k) are what bin i..j adds and where it stands under the trend, at [i, j]; a gain of -inf
    forbids the bin.
    """
    from riskmodels.models.binning.sweep import search  # numba: a stored card is scored without it

    prefix = [_prefixed(part) for part in (sums.n, sums.total, sums.squares, sums.cohort_n, sums.cohort_total)]
    most = min(rules.max_bins, len(gains))
    found = [
        search(gains, levels, *prefix, np.array(phases), most, rules.critical, rules.min_steady)
        for phases in TRENDS[trend]
    ]
    return max(found, key=lambda pair: pair[0])[1]


def _prefixed(counts: Array) -> Array:
    """Cumulative sums along the last axis, 0 first."""
    return np.concatenate([np.zeros((*counts.shape[:-1], 1)), np.cumsum(counts, axis=-1)], axis=-1)
