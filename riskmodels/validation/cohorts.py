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
    Where a panel has its rows every so many months, obligors that come in another month than the rest have dates of
    their own, told by their first row alone: what came after an obligor's entry doesn't choose them.
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
    dated = _dated(owner, at, horizon)
    found = np.zeros(len(at), bool)
    found[np.flatnonzero(dated)[_first_of_pair(owner[dated], at[dated])]] = True
    return found


def _dated(owner: NDArray[np.int64], at: NDArray[np.int64], horizon: int) -> Bools:
    """Whether each row (n,) lies on the dates of its group: obligors whose first rows lie whole steps apart.

    The step is the commonest distance of an obligor's neighbouring rows; dates are whole steps apart, no less than the
    horizon, back from the last month the group has.
    """
    order = np.lexsort((at, owner))
    gaps = np.diff(at[order])[np.diff(owner[order]) == 0]
    step = int(np.bincount(gaps[gaps > 0]).argmax()) if (gaps > 0).any() else 1
    first = at[order][np.append(True, np.diff(owner[order]) > 0)]
    phase = (first % step)[owner]
    last = at.max() - (at.max() - phase) % step
    return (last - at) % (-(-horizon // step) * step) == 0


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
