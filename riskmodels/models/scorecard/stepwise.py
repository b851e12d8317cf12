"""Columns of a logit chosen one step at a time, forward, backward or both, every step kept with its figure.

A column's worth is twice what it adds to the log-likelihood, divided by its design effect where rows repeat obligors: a
chi-square of one degree of freedom if the column tells nothing. It enters, and stays, when its worth is above the bar,
which is the whole difference between the criteria: the chi-square's quantile for a p value, 2 for AIC, the logarithm of
the number of obligors for BIC. A column whose own coefficient, or another's, would turn negative doesn't enter.
Reference: Hosmer, Lemeshow and Sturdivant (2013), Applied Logistic Regression, chapter 4.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from scipy.stats import chi2

from riskmodels.core.text import mark
from riskmodels.models.scorecard.likelihood import Maximum, design_effect, maximise
from riskmodels.models.scorecard.vif import correlation

FORWARD, BACKWARD, BOTH = "forward", "backward", "both"
ENTERS, LEAVES = "enters", "leaves"
ADDS_LITTLE = mark("it adds too little beside the others")
TURNS_SIGN = mark("with it a coefficient has the wrong sign")
SAID_BY_OTHERS = mark("the others give it exactly")
ENOUGH = mark("there are enough columns")
SINGULAR = 1e-10  # an eigenvalue of the correlations below this is rounding
TIE = 1e-9  # worths closer than this are equal, and then the first column wins


@dataclass(frozen=True)
class Problem:
    """WoE columns (n x p), y (1 = bad), weights in cases, an obligor number per row or None.

    `correlations` (p x p) of the columns, and which of them are `flat` (p), that is constant.
    """

    woe: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    cluster: np.ndarray | None
    correlations: np.ndarray
    flat: np.ndarray

    @property
    def size(self) -> float:
        """Number of independent cases: obligors where rows repeat them, else rows by weight."""
        return float(self.weight.sum()) if self.cluster is None else float(self.cluster.max() + 1)


@dataclass(frozen=True)
class Model:
    """The maximum of likelihood of some columns, intercept first in its estimates."""

    columns: tuple[int, ...]
    maximum: Maximum


@dataclass(frozen=True)
class Step:
    """A column that enters or leaves, its worth, the p value of that, and why it leaves."""

    action: str
    column: int
    worth: float
    p_value: float
    reason: str = ""


@dataclass(frozen=True)
class Walk:
    """The steps taken, and the models: the one before any step, then the one after each."""

    steps: tuple[Step, ...]
    models: tuple[Model, ...]

    @property
    def now(self) -> Model:
        """The model after the last step."""
        return self.models[-1]

    def on(self, step: Step, model: Model) -> Walk:
        """The walk with one more step."""
        return Walk((*self.steps, step), (*self.models, model))


@dataclass(frozen=True)
class Terms:
    """The least worth of a column, the most columns, and those that stand in the model whatever they are worth."""

    bar: float
    most: int
    fixed: tuple[int, ...] = ()


def problem(woe: np.ndarray, y: np.ndarray, weight: np.ndarray, cluster: np.ndarray | None) -> Problem:
    """The columns, made ready to be chosen from; weights are numbers of cases."""
    if cluster is not None:
        names, cluster = np.unique(cluster, return_inverse=True)
        cluster = None if len(names) == len(cluster) else cluster
    flat = np.ptp(woe, axis=0) == 0
    return Problem(woe, y, weight, cluster, correlation(woe, weight), flat)


def bar(by: str, level: float, size: float) -> float:
    """The least worth of a column under a criterion: p (at a level), aic or bic (of so many cases)."""
    return {"p": float(chi2.isf(level, 1)), "aic": 2.0, "bic": math.log(size)}[by]


def walk(given: Problem, offered: Sequence[int], direction: str, terms: Terms) -> Walk:
    """The way from no column (forward, both) or all of them (backward) to where no step passes the bar.

    `offered` are columns in the order in which ties are decided.
    """
    start = tuple(c for c in offered if direction == BACKWARD or c in terms.fixed)
    way = Walk((), (fitted(given, _estimable(given, start)),))
    if direction == BACKWARD:
        return _settled(given, way, terms)
    while (further := _entered(given, way, offered, terms)) is not None:
        way = _settled(given, further, terms) if direction == BOTH else further
    return way


def fitted(given: Problem, columns: tuple[int, ...], start: np.ndarray | None = None) -> Model:
    """The logit of those columns."""
    return Model(columns, maximise(_design(given, columns), given.y, given.weight, start))


def worth(given: Problem, smaller: Model, larger: Model, column: int) -> float:
    """Twice the log-likelihood that a column adds, over its design effect."""
    ratio = max(0.0, 2 * (larger.maximum.log_likelihood - smaller.maximum.log_likelihood))
    if given.cluster is None:
        return ratio
    design = _design(given, larger.columns)
    residual = given.weight * (given.y - expit(design @ larger.maximum.estimates))
    place = 1 + larger.columns.index(column)
    return ratio / design_effect(larger.maximum, design, residual, given.cluster, place)


def outsiders(given: Problem, final: Model, offered: Sequence[int], terms: Terms) -> dict[int, tuple[str, float]]:
    """For each offered column outside the final model, why, and the worth it would add (nan if it can't be said)."""
    return {c: _outside(given, final, c, terms) for c in offered if c not in final.columns}


def _outside(given: Problem, final: Model, column: int, terms: Terms) -> tuple[str, float]:
    if not _full_rank(given, (*final.columns, column)):
        return SAID_BY_OTHERS, math.nan
    tried = _with(given, final, column)
    if not _signs_hold(tried, terms.fixed):
        return TURNS_SIGN, math.nan
    return ENOUGH if len(final.columns) >= terms.most else ADDS_LITTLE, worth(given, final, tried, column)


def _entered(given: Problem, way: Walk, offered: Sequence[int], terms: Terms) -> Walk | None:
    """The walk with the column of most worth entered, of those above the bar that turn no sign; None without one."""
    left = {step.column for step in way.steps if step.action == LEAVES}
    best, most = None, terms.bar
    for column in offered if len(way.now.columns) < terms.most else ():
        if column in way.now.columns or column in left or not _full_rank(given, (*way.now.columns, column)):
            continue
        tried = _with(given, way.now, column)
        if _signs_hold(tried, terms.fixed) and (value := worth(given, way.now, tried, column)) > most + TIE:
            best, most = tried, value
    return None if best is None else way.on(Step(ENTERS, best.columns[-1], most, float(chi2.sf(most, 1))), best)


def _settled(given: Problem, way: Walk, terms: Terms) -> Walk:
    """The walk after columns left, the worst first, until signs hold, worths pass the bar and there are few enough."""
    while leaving := _worst(given, way.now, terms):
        column, value, reason = leaving
        step = Step(LEAVES, column, value, float(chi2.sf(value, 1)), reason)
        way = way.on(step, _without(given, way.now, column))
    return way


def _worst(given: Problem, now: Model, terms: Terms) -> tuple[int, float, str] | None:
    free = [c for c in now.columns if c not in terms.fixed]
    wrong = {c: z for c in free if (z := _z(now, c)) <= 0}
    if wrong:
        column = min(wrong, key=lambda c: wrong[c])
        return column, worth(given, _without(given, now, column), now, column), TURNS_SIGN
    values = {c: worth(given, _without(given, now, c), now, c) for c in reversed(free)}
    column = min(values, key=lambda c: values[c], default=-1)
    if not values or (values[column] > terms.bar and len(now.columns) <= terms.most):
        return None
    return column, values[column], ADDS_LITTLE if values[column] <= terms.bar else ENOUGH


def _with(given: Problem, now: Model, column: int) -> Model:
    return fitted(given, (*now.columns, column), np.append(now.maximum.estimates, 0.0))


def _without(given: Problem, now: Model, column: int) -> Model:
    place = now.columns.index(column)
    start = np.delete(now.maximum.estimates, 1 + place)
    return fitted(given, (*now.columns[:place], *now.columns[place + 1 :]), start)


def _z(now: Model, column: int) -> float:
    place = 1 + now.columns.index(column)
    bread = np.linalg.pinv(now.maximum.information, hermitian=True)
    return float(now.maximum.estimates[place] / math.sqrt(max(bread[place, place], 1e-300)))


def _signs_hold(tried: Model, fixed: tuple[int, ...]) -> bool:
    return all(b > 0 for c, b in zip(tried.columns, tried.maximum.estimates[1:]) if c not in fixed)


def _estimable(given: Problem, columns: Iterable[int]) -> tuple[int, ...]:
    """The columns, less each that those before it give exactly."""
    kept: tuple[int, ...] = ()
    for column in columns:
        if _full_rank(given, (*kept, column)):
            kept = (*kept, column)
    return kept


def _full_rank(given: Problem, columns: tuple[int, ...]) -> bool:
    if given.flat[list(columns)].any():
        return False
    return bool(np.linalg.eigvalsh(given.correlations[np.ix_(columns, columns)])[0] > SINGULAR)


def _design(given: Problem, columns: tuple[int, ...]) -> np.ndarray:
    return np.column_stack([np.ones(len(given.y)), given.woe[:, columns]])
