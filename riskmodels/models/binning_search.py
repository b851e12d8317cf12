"""The bins of the greatest information value, found exactly over ordered pre-bins by dynamic programming.

Let f(m, i, j) be the best IV of pre-bins 0..j cut into m bins, the last of which is i..j. Then
f(m + 1, i, j) = IV(i, j) + max over h < i of f(m, h, i - 1), taken over the h whose bin h..i-1 may stand before
i..j under the trend. Carrying both ends of the last bin is what makes the monotone optimum exact, not greedy. With the
h sorted by WoE, that maximum is a running one: k pre-bins and M bins cost O(M k^2), and k sorts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from riskmodels.models.woe import iv_parts, woe

TRENDS = ("ascending", "descending", "auto", "none")
_LESS: Literal["left"] = "left"  # how many sorted levels are below a level,
_ANY: Literal["right"] = "right"  # and how many aren't above it: all, where levels are all 0
TIE = 1e-12  # two IVs closer than this are equal, and then fewer bins are better


@dataclass(frozen=True)
class Rules:
    """What a bin must hold: most bins, least weight, least bads and least goods in each."""

    max_bins: int
    min_weight: float
    min_events: float


def best_starts(good: np.ndarray, bad: np.ndarray, totals: tuple[float, float], trend: str, rules: Rules) -> np.ndarray:
    """First pre-bin of each bin of the partition with the greatest IV; [0] when no partition meets the rules.

    `good` and `bad` are counts of k ordered pre-bins, `totals` those of the sample, missing included. `trend` is a
    word of TRENDS: WoE strictly ascending, strictly descending, the better of the two (auto), or free.
    """
    merged_good, merged_bad = _merged(good), _merged(bad)
    gains = iv_parts(merged_good, merged_bad, *totals)
    gains[~_allowed(merged_good, merged_bad, rules)] = -np.inf
    levels = woe(merged_good, merged_bad, *totals)
    signs = {"ascending": (1,), "descending": (-1,), "auto": (1, -1), "none": (0,)}[trend]
    found = [_search(gains, sign * levels, sign != 0, rules.max_bins) for sign in signs]
    return max(found, key=lambda pair: pair[0])[1]


def _merged(counts: np.ndarray) -> np.ndarray:
    """Sum of pre-bins i..j at [i, j]; 0 below the diagonal."""
    ends = np.concatenate([[0.0], np.cumsum(counts)])
    return np.triu(ends[None, 1:] - ends[:-1, None])


def _allowed(good: np.ndarray, bad: np.ndarray, rules: Rules) -> np.ndarray:
    heavy = good + bad >= rules.min_weight * (1 - TIE)
    return np.triu(heavy & (bad >= rules.min_events) & (good >= rules.min_events))


def _search(gains: np.ndarray, levels: np.ndarray, monotone: bool, max_bins: int) -> tuple[float, np.ndarray]:
    k, side = len(gains), _LESS if monotone else _ANY
    best = np.full((min(max_bins, k), k, k), -np.inf)  # best[m - 1, i, j] is f(m, i, j)
    before = np.zeros(best.shape, dtype=int)
    best[0, 0] = gains[0]
    for i in range(1, k):
        order = np.argsort(levels[:i, i - 1])
        reach = np.searchsorted(levels[order, i - 1], levels[i, i:], side=side)
        top, place = _running_best(best[:-1, order, i - 1])
        best[1:, i, i:] = gains[i, i:] + top[:, reach]
        before[1:, i, i:] = order[place[:, reach]]
    return _trace(best[:, :, -1], before)


def _running_best(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Greatest of the first 0, 1, 2, ... values of each row, and where it stands."""
    top = np.maximum.accumulate(np.insert(values, 0, -np.inf, axis=1), axis=1)
    place = np.where(values >= top[:, 1:], np.arange(values.shape[1]), 0)
    return top, np.maximum.accumulate(np.insert(place, 0, 0, axis=1), axis=1)


def _trace(ends: np.ndarray, before: np.ndarray) -> tuple[float, np.ndarray]:
    totals = ends.max(axis=1)
    if not np.isfinite(totals).any():
        return -np.inf, np.zeros(1, dtype=int)
    m = int(np.argmax(totals >= totals.max() - TIE))
    starts, j = [int(ends[m].argmax())], before.shape[1] - 1
    for bins in range(m, 0, -1):
        starts, j = [int(before[bins, starts[0], j]), *starts], starts[0] - 1
    return float(totals[m]), np.array(starts)
