"""The two engines of the payment hazard: a ridge logit and LightGBM. Each gives n x K hazards for n invoices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from scipy.special import expit

from riskmodels.core.text import gettext as _
from riskmodels.models.coding import categories, coded
from riskmodels.models.hazard_newton import fit_hazard
from riskmodels.models.hazard_trees import FlatTrees, flat, log_odds
from riskmodels.models.person_period import Periods
from riskmodels.models.rounds import inner_holdout, rounds_borne
from riskmodels.models.standardising import Standardiser, standardiser

Signs = Mapping[str, int]
"""The sign, +1 or -1, of a covariate's effect on the hazard of payment, by its name."""
MOST_TRIED, MOST_FITTED = 400_000, 2_000_000  # rows on which trees' number is chosen, and on which they are fitted


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


def fit_logit(
    frame: pd.DataFrame, rows: Periods, grid: np.ndarray, ridge: float, obligor: np.ndarray, signs: Signs
) -> LogitHazard:
    """The ridge logit on person-period rows; the ridge also draws thin intervals towards the mean hazard.

    `obligor` codes whose invoices may depend on each other, which the errors allow for. `signs` names the covariates
    whose effect on the hazard is held to a sign.
    """
    scale = standardiser(frame)
    past = np.concatenate([[False], grid[:-1] >= 0]).astype(float)
    held = np.array([signs.get(name, 0) for name in scale.names()], dtype=float)
    fit = fit_hazard(scale.transform(frame), past, rows, ridge, obligor, held)
    return LogitHazard(scale, past, fit.intercept + fit.intervals, fit.before, fit.after, fit.errors)


@dataclass(frozen=True)
class BoostedHazard:
    """Trees over the covariates and the last day of the interval."""

    names: list[str]
    known: dict[str, list[str]]
    grid: np.ndarray
    trees: lgb.Booster
    threads: int = 1

    def hazards(self, frame: pd.DataFrame) -> np.ndarray:
        """Probability of payment in each interval, given open at its beginning: n x K."""
        values = coded(frame, self.known).astype(np.float32)
        return expit(log_odds(self._flat, values, self.threads))

    @cached_property
    def _flat(self) -> FlatTrees:
        return flat(self.trees, self.grid)

    def summary(self) -> pd.DataFrame:
        """One row per covariate, and the interval: share of the gain and number of splits."""
        gain, splits = (self.trees.feature_importance(kind) for kind in ("gain", "split"))
        columns = (_("feature"), _("gain share"), _("splits"))
        return pd.DataFrame(dict(zip(columns, ([*self.names, _("days past due")], gain / (gain.sum() or 1), splits))))

    def to_state(self) -> dict[str, Any]:
        """Plain values, and the trees as text under `lightgbm`, that `from_state` turns back into the engine."""
        plain = {"names": self.names, "known": self.known, "grid": self.grid.tolist(), "threads": self.threads}
        return {**plain, "lightgbm": self.trees.model_to_string()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> BoostedHazard:
        """The engine `to_state` described."""
        trees = lgb.Booster(model_str=state["lightgbm"])
        return cls(state["names"], state["known"], np.array(state["grid"], dtype=float), trees, state["threads"])


def fit_boosted(
    frame: pd.DataFrame,
    rows: Periods,
    grid: np.ndarray,
    obligor: np.ndarray,
    signs: Signs,
    settings: dict[str, Any],
) -> BoostedHazard:
    """Trees on person-period rows, their number chosen on held-out obligors.

    The target is the share of what was exposed that ended. `signs` names the covariates in which the hazard only rises,
    or only falls. Of more than MOST_FITTED rows those in which nothing ended are thinned.
    """
    known = categories(frame)
    asked = {"objective": "cross_entropy", **settings}
    if any(signs.values()):
        asked["monotone_constraints"] = [*(signs.get(name, 0) for name in frame.columns), 0]
    some = _thinned(rows, settings["seed"])
    values = coded(frame, known).astype(np.float32)
    matrix = np.column_stack([values[some.invoice], grid[some.interval].astype(np.float32)])
    places = [i for i, name in enumerate(frame.columns) if name in known]
    told = {"weight": some.exposed, "categorical_feature": places, "params": asked}
    data = lgb.Dataset(matrix, some.events / some.exposed, **told).construct()
    trees = lgb.train(asked, data, num_boost_round=_rounds(asked, data, some, obligor))
    return BoostedHazard(list(frame.columns), known, grid, trees, settings["num_threads"])


def _thinned(rows: Periods, seed: int) -> Periods:
    """At most some MOST_FITTED rows: all in which something ended, and of the others a share drawn, weighing more."""
    ended = rows.events > 0
    if len(ended) <= MOST_FITTED:
        return rows
    share = max(MOST_FITTED - ended.sum(), MOST_FITTED / 10) / (~ended).sum()
    kept = ended | (np.random.default_rng(seed).random(len(ended)) < share)
    exposed = np.where(ended, rows.exposed, rows.exposed / share)[kept]
    return Periods(rows.invoice[kept], rows.interval[kept], exposed, rows.events[kept])


def _rounds(asked: dict[str, Any], data: lgb.Dataset, rows: Periods, obligor: np.ndarray) -> int:
    """How many rounds held-out obligors bear; a fixed number where too few ended."""
    whose = obligor[rows.invoice]
    some = whose % -(-len(whose) // MOST_TRIED) == 0
    judge = np.zeros(len(whose), dtype=bool)
    judge[some] = inner_holdout((rows.events[some] > 0).astype(float), whose[some], 0.2, asked["seed"])
    return rounds_borne(asked, data, some & ~judge, judge, most=600, patience=50) if judge.any() else 100
