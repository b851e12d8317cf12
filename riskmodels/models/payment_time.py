"""When an invoice is paid: one discrete-time hazard answers every threshold, the expected day and the quantiles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import Misuse
from riskmodels.models.boosting import reproducible
from riskmodels.models.hazards import BoostedHazard, LogitHazard, fit_boosted, fit_logit
from riskmodels.models.inputs import (
    SampleError,
    checked_frame,
    columns_state,
    fingerprint,
    recall_columns,
    same_length,
)
from riskmodels.models.payment_curve import mean_wait, open_on, quantile_wait, still_open, survival_curve
from riskmodels.models.person_period import Periods, exposure, periods

GRID = (-90, -60, -45, -30, -20, -15, -10, -5, 0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180)
ENGINES: dict[str, Any] = {"logit": LogitHazard, "lightgbm": BoostedHazard}


class PaymentTime(BaseEstimator):
    """The chance that an open invoice is paid in full, by interval of days past due; unpaid ones are censored.

    Parameters
    ----------
    engine : logit (interval effects and standardised covariates, whose effect may change once past due) or lightgbm.
    grid : ends of the intervals, in days past due. After fitting it stops at the last day anybody was seen open.
    ridge : penalty on the logit's coefficients, in units of one over their variance.
    learning_rate, num_leaves, min_child_samples, seed, threads : of lightgbm.
    """

    def __init__(
        self,
        engine: str = "logit",
        grid: tuple[int, ...] = GRID,
        ridge: float = 1.0,
        learning_rate: float = 0.05,
        num_leaves: int = 7,
        min_child_samples: int = 50,
        seed: int = 0,
        threads: int = 1,
    ) -> None:
        self.engine = engine
        self.grid = grid
        self.ridge = ridge
        self.learning_rate = learning_rate
        self.num_leaves = num_leaves
        self.min_child_samples = min_child_samples
        self.seed = seed
        self.threads = threads

    def fit(self, X: Any, terms_days: Any, duration_days: Any, paid: Any, groups: Any = None) -> PaymentTime:
        """Fit on n invoices: days from issue to due date, days from issue to payment or to the as-of date, paid.

        `groups` names each invoice's obligor: errors of the logit are then robust to clusters of them, and lightgbm
        chooses its rounds on obligors it has not seen.
        """
        frame = checked_frame(self, X, reset=True)
        terms, duration = (np.asarray(values, dtype=float) for values in (terms_days, duration_days))
        settled = np.asarray(paid, dtype=bool)
        _check_sample(self, frame, terms, duration, settled)
        grid = np.asarray(self.grid, dtype=float)
        rows = periods(grid, terms, duration, settled)
        _check_rows(rows)
        obligor = np.arange(len(frame)) if groups is None else pd.factorize(np.asarray(groups))[0]
        self.grid_, self.longest_terms_ = grid[: rows.interval.max() + 1], float(terms.max())
        self.hazard_ = _fit_hazard(self, frame, rows, obligor)
        known = {"rows": len(frame), "periods": len(rows.event), "paid_share": float(settled.mean())}
        self.sample_ = {**known, "sample_sha256": fingerprint(frame, terms, duration, settled)}
        return self

    def survival(self, X: Any, terms: Any, age: Any = None) -> pd.DataFrame:
        """Probability of being open at the end of each grid day: n rows, a column per day past due.

        `age`, days since issue at which the invoices are known to be open, conditions every answer on that.
        """
        index, curve = self._curve(X, terms, age)
        return pd.DataFrame(curve[1], index=index, columns=self.grid_.astype(int))

    def late(self, X: Any, terms: Any, k: float = 0, age: Any = None) -> np.ndarray:
        """P(paid more than k days past due, or not at all), one per row."""
        _inside(self, np.array([k], dtype=float), "k")
        _, curve = self._curve(X, terms, age)
        return open_on(*curve, np.full(len(curve[2]), float(k)))

    def expected_days(self, X: Any, terms: Any, age: Any = None) -> np.ndarray:
        """Mean days from issue to payment; those open at the end of the grid count as paid there (restricted)."""
        _, curve = self._curve(X, terms, age)
        return mean_wait(*curve) + curve[2] + np.asarray(terms, dtype=float)

    def quantile_days(self, X: Any, terms: Any, q: float = 0.5, age: Any = None) -> np.ndarray:
        """Days from issue by which a share q is paid; nan where that lies beyond the grid."""
        if not 0 < q < 1:
            raise Misuse(f"q: found {q}, expected a share between 0 and 1")
        _, curve = self._curve(X, terms, age)
        return quantile_wait(*curve, q) + curve[2] + np.asarray(terms, dtype=float)

    def summary(self) -> pd.DataFrame:
        """The engine's table: effects with intervals for the logit, shares of gain for lightgbm."""
        check_is_fitted(self)
        return self.hazard_.summary()

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        return {"model": "payment_time", "engine": self.engine, "grid": self.grid_.tolist(), **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values, trees as text under `lightgbm`, that `from_state` turns back into the same model."""
        check_is_fitted(self)
        hazard = self.hazard_.to_state()
        trees = {key: hazard.pop(key) for key in ("lightgbm",) if key in hazard}
        return {
            "parameters": {**self.get_params(), "grid": list(self.grid)},
            "columns": columns_state(self),
            "grid": self.grid_.tolist(),
            "longest_terms": self.longest_terms_,
            "sample": self.sample_,
            "hazard": hazard,
            **trees,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> PaymentTime:
        """The model `to_state` described."""
        model = cls(**{**state["parameters"], "grid": tuple(state["parameters"]["grid"])})
        model.grid_, model.longest_terms_ = np.array(state["grid"], dtype=float), state["longest_terms"]
        model.sample_, model.hazard_ = state["sample"], ENGINES[model.engine].from_state({**state, **state["hazard"]})
        recall_columns(model, state["columns"])
        return model

    def _curve(self, X: Any, terms: Any, age: Any) -> tuple[Any, tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """The rows' index, and grid, open_at and start of their curves."""
        check_is_fitted(self)
        frame = checked_frame(self, X, reset=False)
        days = np.broadcast_to(np.asarray(terms, dtype=float), len(frame))
        _known_terms(self, days)
        start = -days
        curve = survival_curve(self.hazard_.hazards(frame), exposure(self.grid_, start))
        if age is None:
            return frame.index, (self.grid_, curve, start)
        now = np.broadcast_to(np.asarray(age, dtype=float), len(frame)) - days
        _inside(self, now, "age")
        return frame.index, (self.grid_, still_open(self.grid_, curve, start, now), np.maximum(now, start))


def _fit_hazard(
    model: PaymentTime, frame: pd.DataFrame, rows: Periods, obligor: np.ndarray
) -> LogitHazard | BoostedHazard:
    if model.engine == "logit":
        return fit_logit(frame, rows, model.grid_, model.ridge, obligor)
    sizes = {key: getattr(model, key) for key in ("learning_rate", "num_leaves", "min_child_samples")}
    return fit_boosted(frame, rows, model.grid_, obligor, {**sizes, **reproducible(model.seed, model.threads)})


def _check_sample(
    model: PaymentTime, frame: pd.DataFrame, terms: np.ndarray, duration: np.ndarray, paid: np.ndarray
) -> None:
    if model.engine not in ENGINES:
        raise Misuse(f"engine: found {model.engine!r}, expected one of {', '.join(ENGINES)}")
    if len(model.grid) < 2 or (np.diff(model.grid) <= 0).any() or model.grid[-1] <= 0:
        raise Misuse(f"grid: found {model.grid}, expected rising days past due that end after the due date")
    same_length(frame, terms_days=terms, duration_days=duration, paid=paid)
    for name, values in (("terms_days", terms), ("duration_days", duration)):
        if not (values >= 0).all():
            raise SampleError(f"{name}: found {int((~(values >= 0)).sum())} values that aren't zero or more days")


def _check_rows(rows: Periods) -> None:
    payments = int(rows.event.sum())
    if payments in (0, len(rows.event)):
        raise SampleError(
            f"paid: found {payments} payments in {len(rows.event)} intervals of the grid, "
            "expected some intervals with and some without"
        )


def _known_terms(model: PaymentTime, terms: np.ndarray) -> None:
    if not ((terms >= 0) & (terms <= model.longest_terms_)).all():
        raise SampleError(
            f"terms: found {terms.min():g} to {terms.max():g} days, expected 0 to {model.longest_terms_:g}, "
            "the longest the model has seen"
        )


def _inside(model: PaymentTime, day: np.ndarray, what: str) -> None:
    if not (day <= model.grid_[-1]).all():
        raise SampleError(
            f"{what}: found {day.max():g} days past due, but nothing was seen beyond {model.grid_[-1]:g}: "
            "the model does not extrapolate"
        )
