"""The bins of the greatest gain, found exactly over ordered pre-bins by dynamic programming (numba).

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
from numba import njit
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
    prefix = [_prefixed(part) for part in (sums.n, sums.total, sums.squares, sums.cohort_n, sums.cohort_total)]
    most = min(rules.max_bins, len(gains))
    found = [
        _search(gains, levels, *prefix, np.array(phases), most, rules.critical, rules.min_steady)
        for phases in TRENDS[trend]
    ]
    return max(found, key=lambda pair: pair[0])[1]


def _prefixed(counts: Array) -> Array:
    """Cumulative sums along the last axis, 0 first."""
    return np.concatenate([np.zeros((*counts.shape[:-1], 1)), np.cumsum(counts, axis=-1)], axis=-1)


@njit(cache=True, nogil=True)
def _search(
    gains: Array,
    levels: Array,
    n: Array,
    total: Array,
    squares: Array,
    cohort_n: Array,
    cohort_total: Array,
    phases: Array,
    most: int,
    critical: float,
    steady: float,
) -> tuple[float, Array]:
    k, n_phases = len(gains), len(phases)
    best = np.full((n_phases, k, k, most), -np.inf)  # best[p, j, i, m - 1] is f(m, i, j) in phase p
    before = np.zeros((n_phases, k, k, most), np.int32)  # h, and the phase it was in
    came = np.zeros((n_phases, k, k, most), np.int8)
    best[0, :, 0, 0] = gains[0]
    for i in range(1, k):
        for j in range(i, k):
            if gains[i, j] == -np.inf:
                continue
            for h in range(i):
                if gains[h, i - 1] == -np.inf:
                    continue
                step = levels[i, j] - levels[h, i - 1]
                sound = 1 if critical <= 0 and steady <= 0 else -1  # -1: not looked at yet
                for p in range(n_phases):
                    if phases[p] != 0 and phases[p] * step <= 0:
                        continue
                    for q in range(p + 1):
                        if sound < 0 and _improves(best[q, i - 1, h], best[p, j, i], gains[i, j], most):
                            apart = _apart(n, total, squares, h, i, j, critical)
                            sound = int(apart and _steady(cohort_n, cohort_total, h, i, j, step, steady))
                        for m in range(1, most if sound == 1 else 0):
                            value = best[q, i - 1, h, m - 1] + gains[i, j]
                            if value > best[p, j, i, m]:
                                best[p, j, i, m] = value
                                before[p, j, i, m] = h
                                came[p, j, i, m] = q
    return _trace(best, before, came)


@njit(cache=True, nogil=True)
def _improves(old: Array, new: Array, gain: float, most: int) -> bool:
    """Whether a bin after those of `old` would improve on any number of bins of `new`."""
    for m in range(1, most):  # noqa: SIM110 - numba compiles the loop, not any() over a generator
        if old[m - 1] + gain > new[m]:
            return True
    return False


@njit(cache=True, nogil=True)
def _apart(n: Array, total: Array, squares: Array, h: int, i: int, j: int, critical: float) -> bool:
    """Whether the means of pre-bins h..i-1 and i..j differ by enough for their spread."""
    if critical <= 0:
        return True
    a, b = n[i] - n[h], n[j + 1] - n[i]
    both = a + b
    mean = (total[j + 1] - total[h]) / both
    variance = (squares[j + 1] - squares[h]) / both - mean * mean
    step = (total[j + 1] - total[i]) / b - (total[i] - total[h]) / a
    return step * step >= critical * variance * (1 / a + 1 / b)


@njit(cache=True, nogil=True)
def _steady(n: Array, total: Array, h: int, i: int, j: int, step: float, least: float) -> bool:
    """Whether enough cohorts with cases of both bins have them in the same order as all cases have."""
    if least <= 0:
        return True
    seen = kept = 0
    for c in range(len(n)):
        a, b = n[c, i] - n[c, h], n[c, j + 1] - n[c, i]
        if a > 0 and b > 0:
            seen += 1
            kept += ((total[c, j + 1] - total[c, i]) / b - (total[c, i] - total[c, h]) / a) * step >= 0
    return kept >= least * seen


@njit(cache=True, nogil=True)
def _trace(best: Array, before: Array, came: Array) -> tuple[float, Array]:
    n_phases, k, _, most = best.shape
    top = best[:, k - 1].max()
    if top == -np.inf:
        return -np.inf, np.zeros(1, np.int64)
    for m in range(most):
        for p in range(n_phases):
            for i in range(k):
                if best[p, k - 1, i, m] >= top - TIE:
                    starts = np.zeros(m + 1, np.int64)
                    j = k - 1
                    for b in range(m, 0, -1):
                        starts[b] = i
                        h, q = before[p, j, i, b], came[p, j, i, b]
                        j, i, p = i - 1, h, q
                    return top, starts
    return top, np.zeros(1, np.int64)
