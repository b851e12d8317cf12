"""Which preset, and how many rounds: least log loss over three inner folds, with early stopping.

Dates and obligors guard against different things. Whole obligors: what a model learns of one by heart is of no use for
the next. Forward in time: a later default in a window that overlaps tells of an earlier one, and a model is used later
than it was fitted. Given both, a fold tests a third of the obligors on a later part of the dates, by a model of the
other obligors' earlier rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import lightgbm as lgb
import numpy as np
from sklearn.model_selection import StratifiedKFold

from riskmodels.models.panel.folds import Fold, forward_folds, obligor_folds
from riskmodels.models.panel.rows import obligors_of
from riskmodels.models.rounds import ENOUGH

FOLDS = 3


@dataclass(frozen=True)
class Tried:
    """A preset on the inner folds: its mean log loss at the best number of rounds."""

    name: str
    loss: float
    rounds: int


def inner_folds(
    y: np.ndarray, groups: np.ndarray | None, dates: np.ndarray | None, gap: int, seed: int
) -> tuple[list[Fold], str]:
    """Three folds to choose on and "", or none and why; y is 1 = bad, groups are obligors, dates datetime64.

    Obligors stand on one side whole; later dates are tested on models of those at least `gap` months older. Without
    either: rows at random within each class. A side with fewer than 10 bads or goods is too few to choose on.
    """
    sides = []
    if dates is not None:
        sides.append(forward_folds(dates, FOLDS, gap))
        if len(sides[0]) < FOLDS:
            return [], _too_short(dates, gap)
    if groups is not None:
        sides.append(obligor_folds(y > 0, obligors_of(groups, len(y)), FOLDS, seed))
    folds = [_shared(*each) for each in zip(*sides)] if sides else _row_folds(y, seed)
    fewest = min((int((y[side] == kind).sum()) for fold in folds for side in fold for kind in (0, 1)), default=0)
    return (folds, "") if fewest >= ENOUGH else ([], _too_few(fewest))


def _shared(*folds: Fold) -> Fold:
    """The rows that all the folds learn from, and those that all of them test on."""
    learn, test = (reduce(np.intersect1d, side) for side in zip(*folds))
    return learn, test


def _too_short(dates: np.ndarray, gap: int) -> str:
    span = f"{len(np.unique(dates))} dates from {dates.min()} to {dates.max()}"
    return f"{span} give fewer than {FOLDS} folds forward in time with a gap of {gap} months"


def _too_few(fewest: int) -> str:
    return f"a side of an inner fold would hold {fewest} bads or goods, expected {ENOUGH} or more"


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
