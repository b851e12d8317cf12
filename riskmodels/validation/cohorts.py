"""Rows that count each outcome once: one row per obligor in any window of so many months.

A default within twelve months shows in twelve monthly rows of its obligor; a test of levels that takes them for twelve
defaults finds what isn't there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Bools = NDArray[np.bool_]


def non_overlapping(obligor: ArrayLike, month: ArrayLike, horizon: int) -> Bools:
    """Which rows (n,) to keep so that no two of an obligor lie less than `horizon` months apart.

    `month` counts months from any origin. Rows of a panel, in which most follow on another of the same obligor too
    early, are kept in every `horizon`-th month back from the last: fixed dates choose no row for what came after it.
    Of other rows an obligor keeps its first, then the first that is `horizon` months later, and so on. Of rows of one
    obligor in one month the first is kept.
    """
    owner = np.unique(np.asarray(obligor), return_inverse=True)[1]
    at = np.asarray(month, np.int64)
    if horizon <= 0 or len(at) == 0:
        return np.ones(len(at), bool)
    kept = _greedy(owner, at, horizon)
    if kept.mean() >= 0.5:
        return kept
    dated = (at.max() - at) % horizon == 0
    found = np.zeros(len(at), bool)
    found[np.flatnonzero(dated)[_first_of_pair(owner[dated], at[dated])]] = True
    return found


def _greedy(owner: NDArray[np.int64], at: NDArray[np.int64], horizon: int) -> Bools:
    order = np.lexsort((np.arange(len(at)), at, owner))
    kept, rest = np.zeros(len(at), bool), order
    while len(rest):
        first = np.append(True, owner[rest][1:] != owner[rest][:-1])
        kept[rest[first]] = True
        start = at[rest[first]][np.cumsum(first) - 1]
        rest = rest[at[rest] >= start + horizon]
    return kept


def _first_of_pair(owner: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(np.stack([owner, at]), axis=1, return_index=True)[1]
