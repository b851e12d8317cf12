"""The two engines of the payment hazard: a ridge logit and LightGBM. Each gives n x K hazards for n invoices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from scipy.special import expit

from riskmodels.core.text import gettext as _
from riskmodels.models.coding import categories, coded
from riskmodels.models.hazard_newton import fit_hazard
from riskmodels.models.person_period import Periods
from riskmodels.models.rounds import boosted, inner_holdout
from riskmodels.models.standardising import Standardiser, standardiser


@dataclass(frozen=True)
class LogitHazard:
    """logit h(j | z) = baseline_j + z'before, plus z'past in intervals that begin on or after the due date."""

    scale: Standardiser
    past: np.ndarray
    baseline: np.ndarray
    before: np.ndarray
    after: np.ndarray
    errors: np.ndarray

    def hazards(self, frame: pd.DataFrame) -> np.ndarray:
        """Probability of payment in each interval, given open at its beginning: n x K."""
        z = self.scale.transform(frame)
        return expit(self.baseline + (z @ self.before)[:, None] + (z @ self.after)[:, None] * self.past)

    def summary(self) -> pd.DataFrame:
        """One row per covariate and its change past due: estimate (log-odds per deviation), error, interval."""
        names = self.scale.names()
        terms = [*names, *(_("{name}, once past due").format(name=name) for name in names)]
        estimate = np.concatenate([self.before, self.after])
        low, high = estimate - 1.96 * self.errors, estimate + 1.96 * self.errors
        columns = (_("term"), _("estimate"), _("standard error"), _("low"), _("high"))
        return pd.DataFrame(dict(zip(columns, (terms, estimate, self.errors, low, high))))

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same engine."""
        arrays = {key: value.tolist() for key, value in vars(self).items() if key != "scale"}
        return {"scale": self.scale.to_state(), **arrays}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> LogitHazard:
        """The engine `to_state` described."""
        keys = ("past", "baseline", "before", "after", "errors")
        arrays = {key: np.array(state[key], dtype=float) for key in keys}
        return cls(scale=Standardiser.from_state(state["scale"]), **arrays)


def fit_logit(frame: pd.DataFrame, rows: Periods, grid: np.ndarray, ridge: float, obligor: np.ndarray) -> LogitHazard:
    """The ridge logit on person-period rows; the ridge also draws thin intervals towards the mean hazard.

    `obligor` codes whose invoices may depend on each other, which the errors allow for.
    """
    scale = standardiser(frame)
    past = np.concatenate([[False], grid[:-1] >= 0]).astype(float)
    fit = fit_hazard(scale.transform(frame), past, rows, ridge, obligor)
    return LogitHazard(scale, past, fit.intercept + fit.intervals, fit.before, fit.after, fit.errors)


@dataclass(frozen=True)
class BoostedHazard:
    """Trees over the covariates and the last day of the interval."""

    names: list[str]
    known: dict[str, list[str]]
    grid: np.ndarray
    trees: lgb.Booster

    def hazards(self, frame: pd.DataFrame) -> np.ndarray:
        """Probability of payment in each interval, given open at its beginning: n x K."""
        values = coded(frame, self.known)
        columns = [np.column_stack([values, np.full(len(values), day)]) for day in self.grid]
        return np.column_stack([self.trees.predict(column, num_threads=1) for column in columns])

    def summary(self) -> pd.DataFrame:
        """One row per covariate, and the interval: share of the gain and number of splits."""
        gain, splits = (self.trees.feature_importance(kind) for kind in ("gain", "split"))
        columns = (_("feature"), _("gain share"), _("splits"))
        return pd.DataFrame(dict(zip(columns, ([*self.names, _("days past due")], gain / (gain.sum() or 1), splits))))

    def to_state(self) -> dict[str, Any]:
        """Plain values, and the trees as text under `lightgbm`, that `from_state` turns back into the engine."""
        plain = {"names": self.names, "known": self.known, "grid": self.grid.tolist()}
        return {**plain, "lightgbm": self.trees.model_to_string()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> BoostedHazard:
        """The engine `to_state` described."""
        trees = lgb.Booster(model_str=state["lightgbm"])
        return cls(state["names"], state["known"], np.array(state["grid"], dtype=float), trees)


def fit_boosted(
    frame: pd.DataFrame, rows: Periods, grid: np.ndarray, obligor: np.ndarray, settings: dict[str, Any]
) -> BoostedHazard:
    """Trees on person-period rows, their number chosen on held-out obligors."""
    known = categories(frame)
    matrix = np.column_stack([coded(frame, known)[rows.invoice], grid[rows.interval]])
    places = [i for i, name in enumerate(frame.columns) if name in known]
    data = lgb.Dataset(matrix, rows.event, weight=rows.weight, categorical_feature=places, free_raw_data=False)
    held = inner_holdout(rows.event, obligor[rows.invoice], 0.2, settings["seed"])
    trees = boosted({"objective": "binary", **settings}, data, held, most=600, default=100, patience=50)
    return BoostedHazard(list(frame.columns), known, grid, trees)
