"""When an invoice is paid: discrete-time hazards answer every threshold, the expected day, quantiles and causes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import Misuse
from riskmodels.models.boosting import reproducible
from riskmodels.models.boosting.trees import signs_of
from riskmodels.models.coding import categories
from riskmodels.models.hazards import LogitHazard
from riskmodels.models.inputs import (
    SampleError,
    checked_frame,
    columns_state,
    fingerprint,
    names,
    recall_columns,
    same_length,
)
from riskmodels.models.payment_choice import Cases, Choice
from riskmodels.models.payment_curve import Curves, curves_of, given_open, mean_wait, open_on, quantile_wait
from riskmodels.models.payment_fit import AUTO, ENGINES, Asked, choice, fitted
from riskmodels.models.payment_parts import LOST, SPAN, parts_of

GRID = (-90, -60, -45, -30, -20, -15, -10, -5, 0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180)
ANSWERED = (0, 30, 60, 90)  # days past due `answers` tells the chance of


class PaymentTime(BaseEstimator):
    """The chance that an open invoice ends, by interval of days past due and by cause; unpaid ones are censored.

    It may end paid, or, where the sample tells, by a credit note, in a dispute, or written off: each cause has a hazard
    of its own, fitted with the others as censored, and P(open) is the product of what each leaves. Payment takes the
    engine; the others are rare and always take the logit. Late, expected days and quantiles are of settlement:
    what is written off is never settled. An invoice settled in parts counts by shares of its amount, so that all
    answers are amount-weighted: P(late) is the share of its amount expected late.

    Parameters
    ----------
    engine : logit (interval effects and standardised covariates, whose effect may change once past due), lightgbm, or
        auto: the one with less log loss on later invoices, where days of issue are told and enough ended, else logit.
    grid : ends of the intervals, in days past due. After fitting it stops at the last day anybody was seen open.
    signs : by column, +1 where more of it delays payment, -1 where it hastens it; the hazard is held to that.
    ridge : penalty on the logit's coefficients, in units of one over their variance.
    learning_rate, num_leaves, min_child_samples, seed, threads : of lightgbm.
    """

    def __init__(
        self,
        engine: str = AUTO,
        grid: tuple[int, ...] = GRID,
        signs: Mapping[str, int] | Sequence[int] | None = None,
        ridge: float = 1.0,
        learning_rate: float = 0.05,
        num_leaves: int = 7,
        min_child_samples: int = 50,
        seed: int = 0,
        threads: int = 1,
    ) -> None:
        self.engine = engine
        self.grid = grid
        self.signs = signs
        self.ridge = ridge
        self.learning_rate = learning_rate
        self.num_leaves = num_leaves
        self.min_child_samples = min_child_samples
        self.seed = seed
        self.threads = threads

    def fit(
        self, X: Any, terms_days: Any, duration_days: Any, paid: Any, groups: Any = None, issued: Any = None
    ) -> PaymentTime:
        """Fit on n invoices: days from issue to due date, days from issue to the end or to the as-of date, and paid.

        `paid` is a flag of each invoice, or a frame of parts (row, day since issue, cause, share of the amount); what
        the parts of an invoice lack to 1 was open for `duration_days`. `groups` names each invoice's obligor: errors of
        the logit are then robust to clusters of them, and lightgbm chooses its rounds on obligors it has not seen.
        `issued` are the days of issue, by which the engine is chosen.
        """
        frame = checked_frame(self, X, reset=True)
        terms, duration = (np.asarray(values, dtype=float) for values in (terms_days, duration_days))
        _check_sample(self, frame, terms, duration, paid)
        parts = parts_of(paid, duration)
        self.categories_ = categories(frame)
        self.signs_ = signs_of(self)
        obligor = np.arange(len(frame)) if groups is None else pd.factorize(np.asarray(groups))[0]
        cases = Cases(frame, terms, parts, obligor, _days(frame, issued))
        self.causes_, self.longest_terms_ = parts.causes, float(terms.max())
        asked = Asked(np.asarray(self.grid, dtype=float), self.signs_, self.ridge, self._trees())
        self.choice_ = choice(self.engine, asked, cases, issued is not None)
        self.hazards_, self.grid_, size = fitted(self.choice_.engine, asked, cases)
        ended = {cause: parts.ended(place) for place, cause in enumerate(parts.causes)}
        known = {"rows": len(frame), "periods": size, "paid_share": ended["paid"] / len(frame), "ended": ended}
        told = frame, terms, parts.row, parts.day, parts.cause, parts.share
        self.sample_ = {**known, "sample_sha256": fingerprint(*told)}
        return self

    def survival(self, X: Any, terms: Any, age: Any = None) -> pd.DataFrame:
        """Probability of being open at the end of each grid day: n rows, a column per day past due.

        `age`, days since issue at which the invoices are known to be open, conditions every answer on that.
        """
        index, found = self._asked(X, terms, age, lambda curves: curves.open_at)
        return pd.DataFrame(found, index=index, columns=self.grid_.astype(int))

    def unsettled(self, X: Any, terms: Any, age: Any = None) -> pd.DataFrame:
        """Probability of not being settled by the end of each grid day: open, or ended without being settled, n rows.

        As `survival`, but what is written off stays in: the curve that `late` and the expected day are read from.
        """
        index, found = self._asked(X, terms, age, lambda curves: self._unsettled(curves)[1])
        return pd.DataFrame(found, index=index, columns=self.grid_.astype(int))

    def incidence(self, X: Any, terms: Any, age: Any = None) -> pd.DataFrame:
        """Probability of having ended by each cause by the end of each grid day: n rows, columns (cause, day).

        With the chance of being open they sum to 1 on every day.
        """
        index, found = self._asked(X, terms, age, lambda curves: np.hstack(list(curves.ended)))
        columns = pd.MultiIndex.from_product([self.causes_, self.grid_.astype(int)], names=["cause", "day"])
        return pd.DataFrame(found, index=index, columns=columns)

    def late(self, X: Any, terms: Any, k: float = 0, age: Any = None) -> np.ndarray:
        """P(settled more than k days past due, or not at all), one per row."""
        _inside(self, np.array([k], dtype=float), "k")
        return self._asked(X, terms, age, lambda curves: self._late(curves, k))[1]

    def expected_days(self, X: Any, terms: Any, age: Any = None) -> np.ndarray:
        """Mean days from issue to settlement; those not settled by the end of the grid count as there (restricted)."""
        found = self._asked(X, terms, age, self._mean)[1]
        return np.asarray(found + np.asarray(terms, dtype=float))

    def quantile_days(self, X: Any, terms: Any, q: float = 0.5, age: Any = None) -> np.ndarray:
        """Days from issue by which a share q is settled; nan where that lies beyond the grid."""
        if not 0 < q < 1:
            raise Misuse(f"q: found {q}, expected a share between 0 and 1")
        found = self._asked(X, terms, age, lambda curves: self._quantile(curves, q))[1]
        return np.asarray(found + np.asarray(terms, dtype=float))

    def answers(self, X: Any, terms: Any, age: Any = None) -> pd.DataFrame:
        """What is asked most, in one pass: late, over_30, over_60, over_90 (P), expected_days, median_days.

        Chances beyond the grid are nan.
        """
        index, found = self._asked(X, terms, age, self._most_asked)
        columns = ["late", *(f"over_{k}" for k in ANSWERED[1:]), "expected_days", "median_days"]
        table = pd.DataFrame(found, index=index, columns=columns)
        table[columns[-2:]] += np.broadcast_to(np.asarray(terms, dtype=float), len(table))[:, None]
        return table

    def summary(self) -> pd.DataFrame:
        """The engine's table of payment: effects with intervals for the logit, shares of gain for lightgbm."""
        check_is_fitted(self)
        return self.hazards_[0].summary()

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        told = {"engine": self.choice_.engine, "choice": self.choice_.told(), "grid": self.grid_.tolist()}
        signs = {name: sign for name, sign in zip(names(self), self.signs_) if sign}
        return {"model": "payment_time", **told, "signs": signs, **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values, trees as text under `lightgbm`, that `from_state` turns back into the same model."""
        check_is_fitted(self)
        hazard, *others = (hazard.to_state() for hazard in self.hazards_)
        trees = {key: hazard.pop(key) for key in ("lightgbm",) if key in hazard}
        return {
            "parameters": {**self.get_params(), "grid": list(self.grid), "signs": list(self.signs_)},
            "columns": columns_state(self),
            "grid": self.grid_.tolist(),
            "longest_terms": self.longest_terms_,
            "sample": self.sample_,
            "choice": {"engine": self.choice_.engine, **self.choice_.told()},
            "causes": list(self.causes_),
            "hazard": hazard,
            "others": others,
            **trees,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> PaymentTime:
        """The model `to_state` described."""
        model = cls(**{**state["parameters"], "grid": tuple(state["parameters"]["grid"])})
        model.grid_, model.longest_terms_ = np.array(state["grid"], dtype=float), state["longest_terms"]
        model.sample_, model.causes_ = state["sample"], tuple(state["causes"])
        model.signs_, model.choice_ = tuple(state["parameters"]["signs"]), Choice.from_state(state["choice"])
        first = ENGINES[model.choice_.engine].from_state({**state, **state["hazard"]})
        model.hazards_ = [first, *map(LogitHazard.from_state, state["others"])]
        recall_columns(model, state["columns"])
        return model

    def _asked(
        self, X: Any, terms: Any, age: Any, answer: Callable[[Curves], np.ndarray]
    ) -> tuple[pd.Index, np.ndarray]:
        """The rows' index and the answer of each, found for SPAN rows at a time."""
        check_is_fitted(self)
        frame = checked_frame(self, X, reset=False)
        days = np.broadcast_to(np.asarray(terms, dtype=float), len(frame))
        _known_terms(self, days)
        now = None if age is None else np.broadcast_to(np.asarray(age, dtype=float), len(frame)) - days
        if now is not None:
            _inside(self, now, "age")
        spans = [slice(low, low + SPAN) for low in range(0, len(frame), SPAN)]
        told = (self._curves(frame[part], days[part], None if now is None else now[part]) for part in spans)
        return frame.index, np.concatenate([answer(curves) for curves in told])

    def _trees(self) -> dict[str, Any]:
        sizes = {key: getattr(self, key) for key in ("learning_rate", "num_leaves", "min_child_samples")}
        return {**sizes, **reproducible(self.seed, self.threads)}

    def _curves(self, frame: pd.DataFrame, terms: np.ndarray, now: np.ndarray | None) -> Curves:
        curves = curves_of([hazard.hazards(frame) for hazard in self.hazards_], self.grid_, -terms)
        return curves if now is None else given_open(curves, now)

    def _unsettled(self, curves: Curves) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        lost = np.array([cause in LOST for cause in self.causes_])
        return curves.grid, curves.unsettled(lost), curves.start

    def _late(self, curves: Curves, k: float) -> np.ndarray:
        return open_on(*self._unsettled(curves), np.full(len(curves.start), float(k)))

    def _mean(self, curves: Curves) -> np.ndarray:
        return mean_wait(*self._unsettled(curves)) + curves.start

    def _quantile(self, curves: Curves, q: float) -> np.ndarray:
        return quantile_wait(*self._unsettled(curves), q) + curves.start

    def _most_asked(self, curves: Curves) -> np.ndarray:
        told = [k <= self.grid_[-1] for k in ANSWERED]
        nothing = np.full(len(curves.start), np.nan)
        late = [self._late(curves, k) if known else nothing for k, known in zip(ANSWERED, told)]
        return np.column_stack([*late, self._mean(curves), self._quantile(curves, 0.5)])


def _days(frame: pd.DataFrame, issued: Any) -> np.ndarray:
    """The days of issue, or days that are all the same."""
    if issued is None:
        return np.zeros(len(frame), dtype="datetime64[D]")
    days = np.asarray(issued).astype("datetime64[D]")
    same_length(frame, issued=days)
    if np.isnat(days).any():
        raise SampleError(f"issued: found {int(np.isnat(days).sum())} missing, expected a date of each invoice")
    return days


def _check_sample(model: PaymentTime, frame: pd.DataFrame, terms: np.ndarray, duration: np.ndarray, paid: Any) -> None:
    if model.engine not in (AUTO, *ENGINES):
        raise Misuse(f"engine: found {model.engine!r}, expected one of {AUTO}, {', '.join(ENGINES)}")
    if len(model.grid) < 2 or (np.diff(model.grid) <= 0).any() or model.grid[-1] <= 0:
        raise Misuse(f"grid: found {model.grid}, expected rising days past due that end after the due date")
    flags = {} if isinstance(paid, pd.DataFrame) else {"paid": paid}
    same_length(frame, terms_days=terms, duration_days=duration, **flags)
    for name, values in (("terms_days", terms), ("duration_days", duration)):
        if not (values >= 0).all():
            raise SampleError(f"{name}: found {int((~(values >= 0)).sum())} values that aren't zero or more days")


def _known_terms(model: PaymentTime, terms: np.ndarray) -> None:
    if np.isnan(terms).any():
        raise SampleError(f"terms: found {int(np.isnan(terms).sum())} missing, expected days from issue to due date")
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
