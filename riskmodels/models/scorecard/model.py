"""The scorecard: monotone bins, a logit on their weights of evidence, whole points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.text import gettext as _
from riskmodels.models.binning.binner import Binner, feature
from riskmodels.models.inputs import checked_frame, checked_sample, columns_state, recall_columns
from riskmodels.models.log_odds import LogOddsModel
from riskmodels.models.scorecard.logit import PRIOR, LogitFit, fit_signed
from riskmodels.models.scorecard.points import NEAREST, Points, Scale, Weighed, card_points


class Scorecard(LogOddsModel):
    """Probability of bad from a logit on WoE columns, and the points that stand for it.

    Parameters
    ----------
    binner : the `Binner` to fit on the columns; None for one with its defaults.
    base_score, base_odds, pdo : `base_score` points at `base_odds` goods to one bad, `pdo` points double the odds.
    rounding, least_points : how points become whole (nearest or rank), and the least points of any bin, as of `Scale`.
    method : prior (coefficients drawn to "nothing new" by as much as is known of them beforehand: the default, for bins
        make each look better than it is), likelihood (plain), or firth, for few events: nearly unbiased, with profiles.
    """

    def __init__(
        self,
        binner: Binner | None = None,
        base_score: float = 600,
        base_odds: float = 19,
        pdo: float = 50,
        rounding: str = NEAREST,
        least_points: int | None = None,
        method: str = PRIOR,
    ) -> None:
        self.binner = binner
        self.base_score = base_score
        self.base_odds = base_odds
        self.pdo = pdo
        self.rounding = rounding
        self.least_points = least_points
        self.method = method

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None, cohorts: Any = None) -> Scorecard:
        """Fit bins and logit; drivers whose coefficient has the wrong sign are dropped and recorded.

        The greater of the two values of y is bad. `groups` names each row's obligor: errors are then robust to
        clusters of rows of one obligor. `cohorts` names each row's cohort, a year say, for the binner's `min_steady`.
        """
        self.scale.check()
        sample = checked_sample(self, X, y, sample_weight, groups, cohorts)
        binner = clone(self.binner or Binner()).set_output(transform="default")
        self.binner_ = binner.fit(sample.frame, sample.y, sample.weight, sample.cohorts)
        woe = self.binner_.transform(sample.frame)
        drivers = list(sample.frame.columns)
        self.logit_ = fit_signed(woe, drivers, sample.y, sample.weight, sample.groups, self.method)
        self.classes_, self.sample_ = sample.classes, sample.described()
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds of bad, one per row."""
        # One column after the other: numpy's sum over rows depends, in the last bit, on how many rows there are.
        parts = self.contributions(X)
        return sum((parts[name].to_numpy() for name in parts), np.zeros(len(parts)))

    def contributions(self, X: Any) -> pd.DataFrame:
        """Log-odds of bad by driver, and `base`, the intercept; a row's sum is its log-odds."""
        check_is_fitted(self)
        frame = checked_frame(self, X, reset=False)
        parts = {d: b * feature(self.binner_, d).transform(frame[d]) for d, b in _coefficients(self.logit_).items()}
        return pd.DataFrame(parts, index=frame.index).assign(base=self.logit_.estimates[0])

    def points(self, X: Any) -> np.ndarray:
        """The score of each row: base points plus the whole points of its bins; more is better."""
        return self.partial_scores(X).to_numpy().sum(axis=1)

    def partial_scores(self, X: Any) -> pd.DataFrame:
        """Whole points by driver, and `base`; a row's sum is its score, exactly."""
        points = self.card_points()
        frame = checked_frame(self, X, reset=False)
        parts = {d: p.of(feature(self.binner_, d).transform(frame[d])) for d, p in points.drivers.items()}
        return pd.DataFrame(parts, index=frame.index).assign(base=points.base)

    def card_points(self) -> Points:
        """The card's points: its base, and each driver's by the WoE of its bins."""
        check_is_fitted(self)
        drivers = {d: _weighed(self, d, b) for d, b in _coefficients(self.logit_).items()}
        return card_points(self.scale, self.logit_.estimates[0], drivers)

    @property
    def scale(self) -> Scale:
        """The scale of the points."""
        return Scale(self.base_score, self.base_odds, self.pdo, self.rounding, self.least_points)

    def summary(self) -> pd.DataFrame:
        """One row per term: estimate (log-odds per unit of WoE), standard error, 95 % interval, p value."""
        check_is_fitted(self)
        low, high, p = self.logit_.intervals()
        columns = {
            _("term"): [_("intercept"), *self.logit_.drivers],
            _("estimate"): self.logit_.estimates,
            _("standard error"): np.sqrt(np.diag(self.logit_.covariance)),
            _("low"): low,
            _("high"): high,
            _("p value"): p,
        }
        return pd.DataFrame(columns)

    def points_table(self) -> pd.DataFrame:
        """One row per driver and bin: count, share, bad rate, WoE and whole points; the base stands first."""
        points = self.card_points()
        tables = [pd.DataFrame({_("driver"): [_("base")], _("points"): [points.base]})]
        for driver, found in points.drivers.items():
            table = feature(self.binner_, driver).table()
            table.insert(0, _("driver"), driver)
            tables.append(table.assign(**{_("points"): found.of(table[_("WoE")].to_numpy())}))
        order = [_("driver"), _("bin"), _("n"), _("share"), _("bad rate"), _("WoE"), _("points")]
        return pd.concat(tables, ignore_index=True)[order]

    def dropped(self) -> pd.DataFrame:
        """Columns left out of the logit, in the order they went: coefficient found and the reason."""
        check_is_fitted(self)
        rows = [(name, found, _(why)) for name, found, why in self.logit_.dropped]
        return pd.DataFrame(rows, columns=[_("feature"), _("coefficient"), _("reason")])

    def card(self) -> dict[str, Any]:
        """What the model is and what it was fitted on, as plain values."""
        check_is_fitted(self)
        drivers = list(self.logit_.drivers)
        kind = {
            "model": "scorecard",
            "method": self.method,
            "drivers": drivers,
            "dropped": [d[0] for d in self.logit_.dropped],
        }
        figures = {"log_likelihood": self.logit_.log_likelihood, "separated": self.logit_.separated}
        return {**kind, **figures, "scale": vars(self.scale), **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same scorecard."""
        check_is_fitted(self)
        return {
            "scale": vars(self.scale),
            "method": self.method,
            "columns": columns_state(self),
            "classes": self.classes_.tolist(),
            "binner": self.binner_.to_state(),
            "logit": self.logit_.to_state(),
            "sample": self.sample_,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Scorecard:
        """The scorecard `to_state` described."""
        binner = Binner.from_state(state["binner"])
        card = cls(binner=clone(binner), **state["scale"], method=state["method"])
        card.binner_, card.logit_ = binner, LogitFit.from_state(state["logit"])
        card.classes_, card.sample_ = np.array(state["classes"]), state["sample"]
        recall_columns(card, state["columns"])
        return card


def _weighed(card: Scorecard, driver: str, coefficient: float) -> Weighed:
    found = feature(card.binner_, driver)
    held = found.good + found.bad  # by code, up to missing: no row of the sample is unseen
    return Weighed(coefficient, found.woe, np.pad(held, (0, len(found.woe) - len(held))))


def _coefficients(fit: LogitFit) -> dict[str, float]:
    return dict(zip(fit.drivers, map(float, fit.estimates[1:])))
