"""Which preset, and how many rounds: least log loss over three inner folds, with early stopping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from sklearn.model_selection import StratifiedKFold

from riskmodels.models.panel.folds import Fold, forward_folds, obligor_folds
from riskmodels.models.panel.rows import obligors_of, origins_of
from riskmodels.models.rounds import ENOUGH

FOLDS = 3


@dataclass(frozen=True)
class Tried:
    """A preset on the inner folds: its mean log loss at the best number of rounds."""

    name: str
    loss: float
    rounds: int


def inner_folds(y: np.ndarray, groups: np.ndarray | None, gap: int, seed: int) -> list[Fold]:
    """Three folds to choose on, or none when a side of one would hold fewer than 10 bads or goods; y is 1 = bad.

    Groups that are dates: later ones tested on models of those at least `gap` months older. Other groups: whole
    obligors aside. No groups: rows at random within each class.
    """
    if groups is None:
        folds = _row_folds(y, seed)
    elif np.issubdtype(groups.dtype, np.datetime64):
        folds = forward_folds(origins_of(groups, len(y)), FOLDS, gap)
    else:
        folds = obligor_folds(y > 0, obligors_of(groups, len(y)), FOLDS, seed)
    counts = [(y[side] == kind).sum() for fold in folds for side in fold for kind in (0, 1)]
    return folds if len(folds) == FOLDS and min(counts) >= ENOUGH else []


def _row_folds(y: np.ndarray, seed: int) -> list[Fold]:
    if min((y == 0).sum(), (y == 1).sum()) < FOLDS:
        return []
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(y, y))


def tried(
    sizes: Mapping[str, Mapping[str, Any]],
    common: Mapping[str, Any],
    data: lgb.Dataset,
    folds: list[Fold],
    most: int,
    patience: int,
) -> tuple[Tried, ...]:
    """Each of the named settings on the folds: at most so many rounds, ending `patience` rounds after the best.

    The best round is that of the mean loss over the folds, so that all of them have one number of trees.
    """
    found = []
    for name, size in sizes.items():
        stop = lgb.early_stopping(patience, verbose=False)
        options = {"num_boost_round": most, "folds": folds, "feval": _log_loss, "callbacks": [stop]}
        curve = lgb.cv({**common, **size, "metric": "None"}, data, **options)["valid log_loss-mean"]
        best = int(np.argmin(curve))
        found.append(Tried(name, float(curve[best]), best + 1))
    return tuple(found)


def _log_loss(bad: np.ndarray, data: lgb.Dataset) -> tuple[str, float, bool]:
    """Weighted mean log loss; summed here because LightGBM's own sum depends on the number of threads."""
    told = np.where(data.get_label() > 0, bad, 1 - bad)
    return "log_loss", float(np.average(-np.log(np.maximum(told, 1e-15)), weights=data.get_weight())), False
