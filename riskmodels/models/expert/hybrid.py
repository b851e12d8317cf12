"""The hybrid scorecard: a logit drawn towards what experts said, as strongly as the data let it.

The estimate is the posterior mode under the constraints (`prior`), the intervals come from draws of the posterior in
which the strength of the prior is open too (`sampler`), so that they don't pretend to know it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.expert.elicited import ExpertScorecard, parameters_from, parameters_state, stated_line
from riskmodels.models.expert.index import Elicited, Rows, elicit, slope_for_auc
from riskmodels.models.expert.prior import (
    Data,
    Mode,
    Prior,
    constraint_rows,
    design_effect,
    kept,
    posterior_mode,
    weighed_strengths,
)
from riskmodels.models.expert.readings import Reading
from riskmodels.models.expert.sampler import posterior_draws
from riskmodels.models.expert.weights import ranking
from riskmodels.models.inputs import Sample, checked_frame, checked_sample, columns_state, recall_columns
from riskmodels.models.log_odds import LogOddsModel
from riskmodels.models.scorecard.firth import intercept_for


class HybridScorecard(LogOddsModel):
    """Probability of bad from expert weights and outcomes together.

    Parameters
    ----------
    expert : the `ExpertScorecard` to draw towards, with its signs and order, which are kept exactly; None for equal
        weights and the sample's directions. With anchors its slope is drawn to as well, else its proportions only.
    strength : what the experts' word weighs, in equivalent obligors; None lets the data say, between 25 and 1,000.
    confidence : of the intervals.
    draws, seed : draws of the posterior, and what makes them the same on every run.

    Without outcomes it would be the expert's card, with many it is the plain logit. One class only is refused: use the
    expert's card and bounds for low-default portfolios then.
    """

    def __init__(
        self,
        expert: ExpertScorecard | None = None,
        strength: float | None = None,
        confidence: float = 0.9,
        draws: int = 2000,
        seed: int = 0,
    ) -> None:
        self.expert = expert
        self.strength = strength
        self.confidence = confidence
        self.draws = draws
        self.seed = seed

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> HybridScorecard:
        """Fit mode and draws; the greater of the two values of y is bad.

        `groups` names each row's obligor: rows that move together then count as fewer (`design_effect`).
        """
        _check_parameters(self)
        sample = checked_sample(self, X, y, sample_weight, groups)
        expert = ExpertScorecard() if self.expert is None else self.expert
        self.elicited_ = elicit(expert.drivers, expert.order, Rows(sample.frame, sample.y, sample.weight))
        data, self.prior_, self.design_effect_ = _problem(expert, self.elicited_, sample)
        _fit(self, data)
        self.classes_ = sample.classes
        self.sample_ = {**sample.described(), "bads": float(sample.y @ sample.weight)}
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds of bad, one per row."""
        return design(self, X) @ self.theta_

    def summary(self) -> pd.DataFrame:
        """One row per term: what the expert said, estimate (log-odds per risk unit) and its interval."""
        check_is_fitted(self)
        low, high = limits(self.draws_, self.theta_, self.confidence)
        terms = [_("intercept"), *self.elicited_.names]
        columns = (_("term"), _("expert"), _("estimate"), _("low"), _("high"))
        return pd.DataFrame(dict(zip(columns, (terms, self.prior_.mean, self.theta_, low, high))))

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        figures = {"strength": self.strength_, "design_effect": self.design_effect_, "confidence": self.confidence}
        return {"model": "hybrid scorecard", "drivers": list(self.elicited_.names), **figures, **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same card."""
        check_is_fitted(self)
        expert = None if self.expert is None else parameters_state(self.expert)
        return {
            "parameters": {**self.get_params(deep=False), "expert": expert},
            "columns": columns_state(self),
            "classes": self.classes_.tolist(),
            "elicited": self.elicited_.to_state(),
            "prior": {**vars(self.prior_), "mean": self.prior_.mean.tolist()},
            "fit": [self.theta_.tolist(), self.strength_, self.design_effect_, self.draws_.tolist()],
            "sample": self.sample_,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> HybridScorecard:
        """The card `to_state` described."""
        plain = state["parameters"]
        card = cls(**{**plain, "expert": None if plain["expert"] is None else parameters_from(plain["expert"])})
        card.classes_, card.sample_ = np.array(state["classes"]), state["sample"]
        card.elicited_ = Elicited.from_state(state["elicited"])
        card.prior_ = Prior(**{**state["prior"], "mean": np.array(state["prior"]["mean"])})
        theta, card.strength_, card.design_effect_, draws = state["fit"]
        card.theta_, card.draws_ = np.array(theta), np.array(draws)
        recall_columns(card, state["columns"])
        return card


def design(card: HybridScorecard, X: Any) -> np.ndarray:
    """A column of ones and the risk units of each driver: n x (1 + p)."""
    check_is_fitted(card)
    units = card.elicited_.units(checked_frame(card, X, reset=False))
    return np.column_stack([np.ones(len(units)), units])


def pd_intervals(card: HybridScorecard, X: Any) -> pd.DataFrame:
    """PD of each row with its interval, at the card's confidence: columns pd, low, high."""
    rows, frame = design(card, X), X if isinstance(X, pd.DataFrame) else None
    low, high = np.empty(len(rows)), np.empty(len(rows))
    for part in np.array_split(np.arange(len(rows)), 1 + len(rows) // 2_000):
        low[part], high[part] = limits(rows[part] @ card.draws_.T, rows[part] @ card.theta_, card.confidence, axis=1)
    columns = {"pd": expit(rows @ card.theta_), "low": expit(low), "high": expit(high)}
    return pd.DataFrame(columns, index=None if frame is None else frame.index)


def portfolio_pd(card: HybridScorecard, X: Any) -> Reading:
    """Mean PD of the rows of X with its interval, at the card's confidence.

    The interval is of the mean PD, not of the share of defaults still to come, which scatters more.
    """
    rows = design(card, X)
    means = np.array([expit(rows @ theta).mean() for theta in card.draws_])
    value = float(expit(rows @ card.theta_).mean())
    low, high = limits(means, np.array(value), card.confidence)
    return Reading(value, float(low), float(high))


def limits(draws: np.ndarray, estimate: np.ndarray, confidence: float, axis: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the equal-tailed interval of draws along an axis, widened to the estimate where it lies outside.

    A constraint may put the mode on its edge, which no draw reaches: the edge then belongs to the interval.
    """
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2], axis=axis)
    return np.minimum(low, estimate), np.maximum(high, estimate)


def _check_parameters(card: HybridScorecard) -> None:
    if card.strength is not None and not (np.isfinite(card.strength) and card.strength > 0):
        raise Misuse(f"strength: found {card.strength}, expected equivalent obligors above 0, or None")
    if not 0 < card.confidence < 1:
        raise Misuse(f"confidence: found {card.confidence}, expected a share between 0 and 1")
    if card.draws < 100:
        raise Misuse(f"draws: found {card.draws}, expected 100 or more")


def _problem(expert: ExpertScorecard, elicited: Elicited, sample: Sample) -> tuple[Data, Prior, float]:
    """The likelihood's data, the prior, and the number of rows that count as one."""
    units = elicited.units(sample.frame)
    bads, total = float(sample.y @ sample.weight), float(sample.weight.sum())
    residual = sample.weight * (sample.y - bads / total)
    effect = design_effect(residual, sample.groups)
    rate = (bads / effect + 0.5) / (total / effect + 1)
    level, slope = _line(expert, units @ elicited.weights, sample.weight, rate)
    prior = Prior(np.concatenate([[level], slope * elicited.weights]), rate * (1 - rate), expert.anchors is not None)
    ones = np.ones(len(units))
    return Data(np.column_stack([ones, units]), sample.y, sample.weight / effect), prior, effect


def _line(expert: ExpertScorecard, index: np.ndarray, weight: np.ndarray, rate: float) -> tuple[float, float]:
    """Level and slope the prior starts from; what experts left open comes from their expected AUC and the rate."""
    stated = stated_line(expert, index, weight)
    if stated is not None:
        return stated
    if np.ptp(index) < 1e-12:
        return float(logit(rate)), 1.0
    slope = slope_for_auc(index, weight, expert.expected_auc)
    return intercept_for(slope * index, rate, weight), slope


def _fit(card: HybridScorecard, data: Data) -> None:
    elicited = card.elicited_
    rows = constraint_rows(elicited.held, elicited.pairs)
    modes, shares = _strengths(card, data, rows)
    card.strength_ = float(np.exp(shares @ np.log([mode.strength for mode in modes])))
    order = ranking(elicited.pairs, elicited.names)
    mode = posterior_mode(data, card.prior_, card.strength_, rows)
    card.theta_ = kept(mode.theta, elicited.held, elicited.pairs, order)
    shape = (elicited.held, elicited.pairs, order)
    card.draws_ = posterior_draws(data, card.prior_, rows, (modes, shares), shape, card.draws, card.seed)


def _strengths(card: HybridScorecard, data: Data, rows: np.ndarray) -> tuple[list[Mode], np.ndarray]:
    if card.strength is None:
        return weighed_strengths(data, card.prior_, rows)
    return [posterior_mode(data, card.prior_, float(card.strength), rows)], np.ones(1)
