"""The share lost in stages, for losses that are mostly nothing or everything: the chance of either, and what between.

E[LGD | x] = p0 m0 + (1 - p0) (p1 m1 + (1 - p1) s): p0 = P(no loss | x), p1 = P(whole loss | x, some loss), s the
expected loss between, m0 and m1 the mean loss of those counted as none and as whole. Reference: Bellotti and Crook,
International Journal of Forecasting 28, 2012, who model the two ends and the middle of LGD apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.inputs import checked_frame, columns_state, recall_columns
from riskmodels.models.lgd.fractional import FractionalLGD
from riskmodels.models.lgd.sample import ShareSample, checked_shares
from riskmodels.models.lgd.share_model import ShareModel

STAGES = (mark("no loss"), mark("whole loss, if any"), mark("loss between"))


@dataclass(frozen=True)
class Stage:
    """One stage: a fractional logit, or `level`, the same share for all, where the rows are too few or don't differ."""

    rows: int
    level: float
    model: FractionalLGD | None

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """The stage's share of each row."""
        return np.full(len(X), self.level) if self.model is None else self.model.predict(X)

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same stage."""
        model = None if self.model is None else self.model.to_state()
        return {"rows": self.rows, "level": self.level, "model": model}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Stage:
        """The stage `to_state` described."""
        model = None if state["model"] is None else FractionalLGD.from_state(state["model"])
        return cls(state["rows"], state["level"], model)


class TwoStageLGD(ShareModel):
    """Expected LGD from the chance of no loss (paid or cured), that of a whole loss, and the loss between.

    Parameters
    ----------
    zero_at, full_at : an LGD up to `zero_at` counts as no loss, one from `full_at` on as a whole one.
    least : a stage in which one of the two kinds has fewer rows is one share for all rows, not a model.
    outside : what becomes of a target beyond [0, 1]: refuse, or clip.
    """

    def __init__(
        self, zero_at: float = 0.001, full_at: float = 0.999, least: int = 10, outside: str = "refuse"
    ) -> None:
        self.zero_at = zero_at
        self.full_at = full_at
        self.least = least
        self.outside = outside

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> TwoStageLGD:
        """Fit the stages; `groups` names each row's obligor: errors are then robust to dependence inside obligors."""
        if not 0 <= self.zero_at < self.full_at <= 1:
            found = f"zero_at={self.zero_at}, full_at={self.full_at}"
            raise Misuse(f"{found}: expected 0 <= zero_at < full_at <= 1")
        sample = checked_shares(self, X, y, sample_weight, groups)
        none, whole = sample.y <= self.zero_at, sample.y >= self.full_at
        between = ~none & ~whole
        self.stages_ = (
            _chance(sample, none, np.ones(len(none), dtype=bool), self.least),
            _chance(sample, whole, ~none, self.least),
            _severity(sample, between, self.least, (self.zero_at + self.full_at) / 2),
        )
        self.ends_ = (_mean(sample, none, 0.0), _mean(sample, whole, 1.0))
        self.sample_ = sample.described()
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Expected LGD of each row."""
        parts = self.parts(X)
        some = parts["whole_loss"] * self.ends_[1] + (1 - parts["whole_loss"]) * parts["between"]
        return (parts["no_loss"] * self.ends_[0] + (1 - parts["no_loss"]) * some).to_numpy()

    def parts(self, X: Any) -> pd.DataFrame:
        """What each row's expected LGD is made of: `no_loss` P(no loss), `whole_loss` P(whole loss given some loss),
        `between` the expected LGD given neither."""
        check_is_fitted(self)
        frame = checked_frame(self, X, reset=False)
        names = ("no_loss", "whole_loss", "between")
        parts = {name: stage.predict(frame) for name, stage in zip(names, self.stages_)}
        return pd.DataFrame(parts, index=frame.index)

    def summary(self) -> pd.DataFrame:
        """The coefficients of each stage as `FractionalLGD.summary` gives them; one intercept for a constant stage."""
        check_is_fitted(self)
        tables = [_table(stage) for stage in self.stages_]
        for name, table in zip(STAGES, tables):
            table.insert(0, _("stage"), _(name))
        return pd.concat(tables, ignore_index=True)

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        stages = {name: {"rows": s.rows, "constant": s.model is None} for name, s in zip(STAGES, self.stages_)}
        return {"model": "two_stage", "stages": stages, "ends": list(self.ends_), **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same model."""
        check_is_fitted(self)
        return {
            "parameters": self.get_params(),
            "columns": columns_state(self),
            "stages": [stage.to_state() for stage in self.stages_],
            "ends": list(self.ends_),
            "sample": self.sample_,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> TwoStageLGD:
        """The model `to_state` described."""
        model = cls(**state["parameters"])
        none, whole, between = (Stage.from_state(stage) for stage in state["stages"])
        model.stages_ = (none, whole, between)
        model.ends_, model.sample_ = tuple(state["ends"]), state["sample"]
        recall_columns(model, state["columns"])
        return model


def _chance(sample: ShareSample, kind: np.ndarray, among: np.ndarray, least: int) -> Stage:
    """P(kind) among some rows: a logit, or the share of the kind where either side has too few rows."""
    target, rows = kind[among].astype(float), int(among.sum())
    fewest = min(target.sum(), rows - target.sum())
    level = float(np.average(target, weights=sample.weight[among])) if rows else 0.0
    model = _model(sample, among, target) if fewest >= max(least, 1) else None
    return Stage(rows, level, model)


def _severity(sample: ShareSample, between: np.ndarray, least: int, middle: float) -> Stage:
    """The loss of the rows between; `middle` when there is none."""
    y, rows = sample.y[between], int(between.sum())
    enough = rows >= max(least, 2) and np.ptp(y) > 0
    return Stage(rows, _mean(sample, between, middle), _model(sample, between, y) if enough else None)


def _model(sample: ShareSample, among: np.ndarray, target: np.ndarray) -> FractionalLGD | None:
    groups = None if sample.groups is None else sample.groups[among]
    if groups is not None and len(pd.unique(groups)) < 2:
        return None
    return FractionalLGD().fit(sample.frame[among], target, sample.weight[among], groups)


def _mean(sample: ShareSample, among: np.ndarray, otherwise: float) -> float:
    return float(np.average(sample.y[among], weights=sample.weight[among])) if among.any() else otherwise


def _table(stage: Stage) -> pd.DataFrame:
    if stage.model is not None:
        return stage.model.summary()
    # a share of exactly 0 or 1 has no finite log-odds
    estimate = logit(stage.level) if 0 < stage.level < 1 else np.nan
    blank = dict.fromkeys((_("standard error"), _("low"), _("high"), _("p value"), _("change of the share")), np.nan)
    return pd.DataFrame([{_("term"): _("intercept"), _("estimate"): estimate, **blank}])
