"""Default over several years: cumulative, marginal and forward probabilities by grade, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.dates import add_months
from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.transitions.aalen_johansen import products
from riskmodels.models.transitions.cohort import cohorts, obligors_at_risk, pooled
from riskmodels.models.transitions.duration import exponentials
from riskmodels.models.transitions.histories import Histories, day_number
from riskmodels.models.transitions.intervals import Estimate, check_confidence, drawn, once, percentile, with_empty
from riskmodels.models.transitions.matrix import known_rows, normalised, plain, square, without_lost
from riskmodels.models.transitions.tallies import trials

ESTIMATORS = ("cohort", "duration", "aalen_johansen")


@dataclass(frozen=True)
class PDCurve:
    """Cumulative probability of default by grade (G,) and year end (h,), with the interval low to high: (G, h).

    nan where the data can't say. The interval is nan, its confidence None, for a matrix
    given without the histories behind it.
    """

    estimator: str
    grades: tuple[str, ...]
    years: tuple[int, ...]
    cumulative: np.ndarray
    low: np.ndarray
    high: np.ndarray
    confidence: float | None

    @property
    def marginal(self) -> np.ndarray:
        """Probability of default within each year, seen from the beginning: (G, h)."""
        return np.diff(self.cumulative, axis=1, prepend=0.0)

    @property
    def forward(self) -> np.ndarray:
        """Probability of default within each year, given none before it: (G, h); nan once default is certain."""
        alive = 1 - np.hstack([np.zeros((len(self.grades), 1)), self.cumulative[:, :-1]])
        return np.divide(self.marginal, alive, out=np.full(alive.shape, np.nan), where=alive > 0)

    def summary(self) -> pd.DataFrame:
        """One row per grade and year: cumulative PD with its interval, marginal and forward PD."""
        columns = {
            _("grade"): np.repeat(np.array(self.grades, dtype=object), len(self.years)),
            _("year"): np.tile(self.years, len(self.grades)),
            _("cumulative PD"): self.cumulative.ravel(),
            _("low"): self.low.ravel(),
            _("high"): self.high.ravel(),
            _("marginal PD"): self.marginal.ravel(),
            _("forward PD"): self.forward.ravel(),
        }
        return pd.DataFrame(columns)

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same curve."""
        arrays = {name: plain(getattr(self, name)) for name in ("cumulative", "low", "high")}
        return {**vars(self), "grades": list(self.grades), "years": list(self.years), **arrays}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> PDCurve:
        """The curve `to_state` described."""
        arrays = {name: np.array(state[name], dtype=float) for name in ("cumulative", "low", "high")}
        return cls(**{**state, "grades": tuple(state["grades"]), "years": tuple(state["years"]), **arrays})


def matrix_curve(p: pd.DataFrame | np.ndarray, years: int = 5) -> PDCurve:
    """The curve of a one-year matrix whose last state is default: the last column of its powers, rows normalised first.

    Grades are the labels of a frame's columns, else 1, 2, ....
    """
    values = normalised(square(p))
    last = len(values) - 1
    if not np.allclose(values[last], np.eye(last + 1)[last]):
        raise Misuse("transition matrix: found a last state that is left again, expected default, which is absorbing")
    names = [str(c) for c in p.columns] if isinstance(p, pd.DataFrame) else [str(i + 1) for i in range(last + 1)]
    cumulative = powers(values[None], _year_ends(years))[0, :, :-1, -1].T
    nothing = np.full(cumulative.shape, np.nan)
    return PDCurve("matrix", tuple(names[:-1]), tuple(range(1, years + 1)), cumulative, nothing, nothing, None)


def default_curve(
    histories: Histories,
    years: int = 5,
    estimator: str = "cohort",
    confidence: float = 0.95,
    replicates: int = 500,
    seed: int = 0,
) -> PDCurve:
    """The curve of rating histories, with intervals from drawing whole obligors again.

    cohort: powers of the pooled one-year matrix. duration: expm(rates x years). aalen_johansen: the product over the
    last `years` of observation, with the rates each year had. A curve of 0 gets the Jeffreys bound of the grade's
    obligors, or of its obligor-years over the horizon if fewer.
    """
    check_confidence(confidence)
    if histories.states.default is None:
        raise Misuse("default_curve: found states without default, expected one")
    ends = _year_ends(years)
    estimate, cases = _estimate(histories, estimator, ends)
    cumulative = _to_default(once(estimate, len(histories.obligors))[None])[0]
    draws = _to_default(drawn(estimate, len(histories.obligors), replicates, seed))
    low, high = with_empty(cumulative, percentile(draws, confidence), cases, confidence)
    low, high = (np.where(np.isnan(cumulative), np.nan, side) for side in (low, high))
    return PDCurve(estimator, histories.states.grades, tuple(range(1, years + 1)), cumulative, low, high, confidence)


def powers(p: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The powers of matrices (b, K, K) at whole times (h,): (b, h, K, K); nan where a row leads to an undefined one."""
    known = known_rows(p, idle=1.0)
    found = [without_lost(np.linalg.matrix_power(known, int(t)), p, int(t) - 1) for t in times]
    return np.stack(found, axis=1)


def _estimate(histories: Histories, estimator: str, ends: np.ndarray) -> tuple[Estimate, np.ndarray]:
    """The matrices at the year ends as a function of weights, and the independent cases by grade and year."""
    grades = len(histories.states.grades)
    if estimator == "cohort":
        seen = cohorts(histories)
        step, obligors = pooled(seen), obligors_at_risk(seen)[:grades, None]
        in_periods = np.minimum(obligors, seen.counts().sum(axis=0)[:grades, :-1].sum(axis=1)[:, None] / ends)
        return lambda weights: powers(step(weights), ends), in_periods
    if estimator == "duration":
        cases = np.column_stack([trials(histories, year)[:grades] for year in ends])
        return exponentials(histories, ends.astype(float)), cases
    if estimator != "aalen_johansen":
        raise Misuse(f"estimator: found {estimator!r}, expected one of {', '.join(ESTIMATORS)}")
    begin, marks = _calendar(histories, ends)
    cases = np.column_stack([trials(histories, y, begin, mark)[:grades] for y, mark in zip(ends, marks)])
    return products(histories, begin, marks), cases


def _calendar(histories: Histories, ends: np.ndarray) -> tuple[int, list[int]]:
    """The day the last years of observation begin, and the ends of each."""
    longest = int(ends[-1])
    days = [add_months(histories.until, 12 * (year - longest)) for year in range(longest + 1)]
    if days[0] < histories.first:
        raise Misuse(
            f"years: found {longest}, expected no more than there are from {histories.first} to {histories.until}"
        )
    return day_number(days[0]), [day_number(day) for day in days[1:]]


def _year_ends(years: int) -> np.ndarray:
    if years < 1:
        raise Misuse(f"years: found {years}, expected 1 or more")
    return np.arange(1, years + 1)


def _to_default(p: np.ndarray) -> np.ndarray:
    """From matrices (b, h, K, K) the column of default: (b, G, h)."""
    return p[:, :, :-1, -1].transpose(0, 2, 1)
