"""How many boosting rounds a small sample bears: early stopping on held-out obligors or on the latest time."""

from __future__ import annotations

from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit, StratifiedShuffleSplit

ENOUGH = 10  # a holdout with fewer bads or goods than this stops at random, so it isn't asked


def inner_holdout(y: np.ndarray, groups: np.ndarray | None, share: float, seed: int) -> np.ndarray:
    """Mask of the rows held out to choose the number of rounds; none when they would hold too few bads or goods.

    Groups that are dates: the latest `share` of rows, whole days. Other groups: whole groups at random, so that no
    obligor stands on both sides. No groups: rows at random within each class.
    """
    held = np.zeros(len(y), dtype=bool)
    held[_rows(y, groups, share, seed)] = True
    fewest = min((y[side] == kind).sum() for side in (held, ~held) for kind in (0, 1))
    return held if fewest >= ENOUGH else np.zeros(len(y), dtype=bool)


def _rows(y: np.ndarray, groups: np.ndarray | None, share: float, seed: int) -> np.ndarray:
    if groups is None:
        if min((y == 0).sum(), (y == 1).sum()) < 2:
            return np.arange(0)
        return next(StratifiedShuffleSplit(1, test_size=share, random_state=seed).split(y, y))[1]
    if np.issubdtype(groups.dtype, np.datetime64):
        return np.flatnonzero(groups > np.sort(groups)[int(len(groups) * (1 - share)) - 1])
    if len(pd.unique(groups)) < 2:
        return np.arange(0)
    return next(GroupShuffleSplit(1, test_size=share, random_state=seed).split(y, y, groups))[1]


def boosted(
    parameters: dict[str, Any], data: lgb.Dataset, held: np.ndarray, most: int, default: int, patience: int
) -> lgb.Booster:
    """Trees fitted on all rows, with the number of rounds that was best on the held-out rows.

    `most` rounds are tried, ending `patience` rounds after the best; with no row held out `default` are taken.
    """
    rounds = rounds_borne(parameters, data, ~held, held, most, patience) if held.any() else default
    return lgb.train(parameters, data, num_boost_round=rounds)


def rounds_borne(
    parameters: dict[str, Any], data: lgb.Dataset, learn: np.ndarray, judge: np.ndarray, most: int, patience: int
) -> int:
    """The number of rounds on the rows to learn from that is best on the rows to judge by, both masks."""
    first, second = (data.subset(np.flatnonzero(side).tolist()) for side in (learn, judge))
    stop = lgb.early_stopping(patience, verbose=False)
    trial = lgb.train(parameters, first, num_boost_round=most, valid_sets=[second], callbacks=[stop])
    return max(trial.best_iteration, 1)
