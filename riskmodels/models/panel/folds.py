"""Cross-validation of a panel, as scikit-learn's splitters: whole obligors aside, or the past for the future.

Rows of one obligor repeat one another's secrets, and two outcome windows that overlap share a default. Folds drawn row
by row would put both on either side and flatter every model.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
from sklearn.model_selection import BaseCrossValidator

from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError
from riskmodels.models.panel.rows import bads_of, both_classes, later, obligors_of, origins_of

Fold = tuple[np.ndarray, np.ndarray]


def obligor_folds(bad: np.ndarray, obligor: np.ndarray, n_splits: int, seed: int) -> list[Fold]:
    """Positions of training and test rows of each fold; `obligor` numbers from 0.

    Obligors are shuffled, then dealt in turn: first those never bad, then those ever bad, so that each fold gets its
    share of both.
    """
    ever = np.bincount(obligor, bad) > 0
    order = np.random.default_rng(seed).permutation(len(ever))
    place = np.empty(len(ever), dtype=int)
    place[order[np.argsort(ever[order], kind="stable")]] = np.arange(len(ever)) % n_splits
    return [(np.flatnonzero(place[obligor] != i), np.flatnonzero(place[obligor] == i)) for i in range(n_splits)]


def forward_folds(origin: np.ndarray, n_splits: int, gap: int) -> list[Fold]:
    """Positions of training and test rows of each fold, oldest first; fewer folds when there are too few origins.

    The rows that lie at least `gap` months, and one origin, after the first origin are cut by whole origins into
    n_splits + 1 blocks of nearly equal size. Each block but the first is tested on a model of the rows that are at
    least `gap` months, and one origin, older than all of it.
    """
    over = later(origin, gap)
    usable = np.sort(origin[(origin >= over.min()) & (origin > origin.min())])
    cuts = [len(usable) * i // (n_splits + 1) for i in range(1, n_splits + 1)] if len(usable) else []
    starts = np.unique(usable[cuts])
    ends = [*starts[1:], np.datetime64("9999-12-31")]
    learn = [np.flatnonzero((over <= start) & (origin < start)) for start in starts]
    test = [np.flatnonzero((origin >= start) & (origin < end)) for start, end in zip(starts, ends)]
    return list(zip(learn, test))


class ObligorFolds(BaseCrossValidator):
    """Folds of whole obligors, stratified by whether an obligor is ever bad; `groups` names each row's obligor.

    n_splits : number of folds. seed : the same seed gives the same folds.
    """

    __metadata_request__split: ClassVar = {"groups": True}

    def __init__(self, n_splits: int = 5, seed: int = 0) -> None:
        self.n_splits = n_splits
        self.seed = seed

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """The number of folds."""
        return self.n_splits

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Fold]:
        """Positions of training and test rows, fold by fold; refused when either holds one class only."""
        _check_splits(self.n_splits)
        bad, obligor = bads_of(y), obligors_of(groups, len(y))
        if (known := obligor.max() + 1) < self.n_splits:
            raise SampleError(f"groups: found {known} obligors, expected at least {self.n_splits}, one per fold")
        return _checked(obligor_folds(bad, obligor, self.n_splits, self.seed), bad)


class ForwardFolds(BaseCrossValidator):
    """Folds that learn from earlier origins and are tested on later ones; `groups` holds each row's origin, a date.

    n_splits : number of folds. gap : months of the outcome window. A row is learnt from only if its window was over at
    the first test origin; those whose window reaches beyond it are left out of the fold. An obligor may stand on both
    sides, as it does when a model is used.
    """

    __metadata_request__split: ClassVar = {"groups": True}

    def __init__(self, n_splits: int = 3, gap: int = 12) -> None:
        self.n_splits = n_splits
        self.gap = gap

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """The number of folds."""
        return self.n_splits

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[Fold]:
        """Positions of training and test rows, oldest fold first; refused when either holds one class only."""
        _check_splits(self.n_splits)
        if self.gap < 0:
            raise Misuse(f"gap: found {self.gap}, expected 0 or more months")
        bad, origin = bads_of(y), origins_of(groups, len(y))
        folds = forward_folds(origin, self.n_splits, self.gap)
        if len(folds) < self.n_splits:
            raise SampleError(
                f"origins: found {len(np.unique(origin))} from {origin.min()} to {origin.max()}, which give "
                f"{len(folds)} folds with a gap of {self.gap} months; expected {self.n_splits}"
            )
        return _checked(folds, bad)


def _check_splits(n_splits: int) -> None:
    if n_splits < 2:
        raise Misuse(f"n_splits: found {n_splits}, expected 2 or more")


def _checked(folds: list[Fold], bad: np.ndarray) -> Iterator[Fold]:
    for number, fold in enumerate(folds, 1):
        for side, rows in zip(("training", "test"), fold):
            both_classes(bad, rows, f"fold {number}, {side} rows")
    return iter(folds)
