"""How many columns a stepwise search should take, by cross-validation over whole obligors.

In every fold bins, order of entry and logit are found without the held-out obligors, so nothing of them has been seen.
The smallest number of columns is taken whose mean log-loss exceeds the least by no more than one standard error of that
difference, fold by fold. Reference: Hastie, Tibshirani and Friedman (2009), The Elements of Statistical Learning, 7.10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.models.binning.binner import Binner
from riskmodels.models.inputs import Sample, SampleError
from riskmodels.models.panel.folds import obligor_folds
from riskmodels.models.scorecard.likelihood import log_likelihood
from riskmodels.models.scorecard.rules import SelectionRules
from riskmodels.models.scorecard.stepwise import FORWARD, Model, Terms, problem, walk
from riskmodels.models.scorecard.worths import binner_of, woe_columns


@dataclass(frozen=True)
class Sizes:
    """Mean log-loss per case on held-out obligors by fold and number of columns (K x 1 + m), and the number taken."""

    losses: np.ndarray
    taken: int

    def table(self) -> pd.DataFrame:
        """One row per number of columns: size, loss, excess over the least, its standard error, taken."""
        mean, least = self.losses.mean(axis=0), int(self.losses.mean(axis=0).argmin())
        excess, error = excess_losses(self.losses, least)
        sizes = np.arange(len(mean))
        columns = {"size": sizes, "loss": mean, "excess": excess, "error": error, "taken": sizes == self.taken}
        return pd.DataFrame(columns)


def excess_losses(losses: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean over folds of each size's loss less that of the size `least`, and its standard error."""
    excess = losses - losses[:, [least]]
    return excess.mean(axis=0), excess.std(axis=0, ddof=1) / np.sqrt(len(losses))


def one_error_rule(losses: np.ndarray) -> int:
    """The smallest size whose loss is within one standard error of the least; losses are fold by size."""
    excess, error = excess_losses(losses, int(losses.mean(axis=0).argmin()))
    return int(np.flatnonzero(excess <= error)[0])


def best_size(
    sample: Sample,
    cluster: np.ndarray | None,
    binner: Binner,
    offered: Sequence[str],
    fixed: Sequence[str],
    rules: SelectionRules,
) -> Sizes:
    """The number of columns, of those offered (ties in their order), that cross-validation asks for.

    `cluster` numbers each row's obligor from 0; None when every row is its own. `fixed` columns are always in.
    """
    numbers = np.arange(len(sample.y)) if cluster is None else cluster
    _check_folds(sample.y, numbers, rules.folds)
    parts = obligor_folds(sample.y, numbers, rules.folds, rules.seed)
    most = max(len(fixed), min(rules.most, len(offered)))
    terms = Terms(0.0, most, tuple(offered.index(name) for name in fixed))
    losses = np.array([_fold(_part(sample, numbers, *part), binner, offered, terms) for part in parts])
    return Sizes(losses, max(one_error_rule(losses), len(fixed)))


def _check_folds(y: np.ndarray, numbers: np.ndarray, folds: int) -> None:
    for what, value in (("bads", 1), ("goods", 0)):
        found = len(np.unique(numbers[y == value]))
        if found < folds:
            raise SampleError(
                f"folds: found {found} obligors with {what}, expected at least {folds}, one for each fold"
            )


@dataclass(frozen=True)
class _Part:
    """Rows to learn from and rows held out: frame, y, weight and obligor number of each; cohorts of the first."""

    learn: tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]
    held: tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]
    cohorts: np.ndarray | None


def _part(sample: Sample, numbers: np.ndarray, learn: np.ndarray, held: np.ndarray) -> _Part:
    first, second = ((sample.frame.iloc[i], sample.y[i], sample.weight[i], numbers[i]) for i in (learn, held))
    return _Part(first, second, None if sample.cohorts is None else sample.cohorts[learn])


def _fold(part: _Part, binner: Binner, offered: Sequence[str], terms: Terms) -> np.ndarray:
    """Log-loss on the held-out rows by number of columns; a way that ended early keeps its last model."""
    names = list(offered)
    frame, y, weight, numbers = part.learn
    bins = binner_of(binner, names).fit(frame[names], y, weight, part.cohorts)
    given = problem(woe_columns(bins, frame, names), y, weight, numbers)
    models = walk(given, range(len(names)), FORWARD, terms).models
    held, y, weight, _numbers = part.held
    woe = woe_columns(bins, held, names)
    losses = {len(model.columns): _loss(model, woe, y, weight) for model in models}
    least, most = min(losses), max(losses)
    return np.array([losses[min(max(size, least), most)] for size in range(terms.most + 1)])


def _loss(model: Model, woe: np.ndarray, y: np.ndarray, weight: np.ndarray) -> float:
    linear = model.maximum.estimates[0] + woe[:, model.columns] @ model.maximum.estimates[1:]
    return -log_likelihood(linear, y, weight) / float(weight.sum())
