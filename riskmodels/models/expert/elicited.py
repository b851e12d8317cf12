"""The expert scorecard: elicited weights of elicited drivers, and the PDs that anchors give them, without any data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.expert.drivers import Driver, Levels, form_from, form_state
from riskmodels.models.expert.index import Anchors, Elicited, Rows, elicit, line_through, slope_for_auc
from riskmodels.models.inputs import checked_frame, checked_sample, columns_state, recall_columns
from riskmodels.models.log_odds import LogOddsModel
from riskmodels.models.scorecard.firth import firth, intercept_for


class ExpertScorecard(LogOddsModel):
    """Probability of bad from weights and points that experts gave.

    Parameters
    ----------
    drivers : the `Driver`s; None for every column in equal weights.
    order : lines of importance, such as "late_share >= leverage >= age"; they give the weights when no driver has one.
    anchors : two (index, PD) pairs, such as ((0, 0.02), (1, 0.06)): the PD of the typical obligor and of one that is a
        unit worse throughout.
    central_tendency : the mean PD of the portfolio given to `fit`, by a shift of all log-odds.
    expected_auc : how well the card is thought to separate; gives the slope when there are no anchors.

    Without anchors and central tendency, Firth's logit of the outcomes on the index gives level and slope.
    """

    def __init__(
        self,
        drivers: Sequence[Driver] | None = None,
        order: Sequence[str] = (),
        anchors: Anchors | None = None,
        central_tendency: float | None = None,
        expected_auc: float = 0.75,
    ) -> None:
        self.drivers = drivers
        self.order = order
        self.anchors = anchors
        self.central_tendency = central_tendency
        self.expected_auc = expected_auc

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> ExpertScorecard:
        """Take from the sample what the experts left open; the greater of the two values of y is bad.

        Refused as DataRefused when level and slope are to come from outcomes whose bads have the lower index.
        """
        sample = checked_sample(self, X, y, sample_weight, groups)
        rows = Rows(sample.frame, sample.y, sample.weight)
        self.elicited_ = elicit(self.drivers, self.order, rows)
        index = self.elicited_.units(rows.frame) @ self.elicited_.weights
        stated = stated_line(self, index, sample.weight)
        self.level_, self.slope_ = stated or _found_line(index, sample.y, sample.weight)
        self.classes_, self.sample_ = sample.classes, sample.described()
        return self

    def index(self, X: Any) -> np.ndarray:
        """Risk index of each row (n,): weights times risk units; 0 is typical, more is worse."""
        check_is_fitted(self)
        return self.elicited_.units(checked_frame(self, X, reset=False)) @ self.elicited_.weights

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds of bad, one per row; refused as Misuse while nothing ties the index to a PD."""
        index = self.index(X)
        if np.isnan(self.slope_):
            raise Misuse("anchors: found none, expected two (index, PD) pairs; without them there is an index, no PD")
        return self.level_ + self.slope_ * index

    def summary(self) -> pd.DataFrame:
        """One row per driver: weight (share), its direction, and whether data may turn it."""
        check_is_fitted(self)
        held = [_("held") if held else _("free") for held in self.elicited_.held]
        columns = (_("driver"), _("weight"), _("sign"), _("sign is"))
        return pd.DataFrame(
            dict(zip(columns, (self.elicited_.names, self.elicited_.weights, self.elicited_.directions, held)))
        )

    def card(self) -> dict[str, Any]:
        """What the model is and what it leans on, as plain values."""
        check_is_fitted(self)
        weights = dict(zip(self.elicited_.names, self.elicited_.weights.tolist()))
        line = {} if np.isnan(self.slope_) else {"level": self.level_, "slope": self.slope_}
        return {"model": "expert scorecard", "weights": weights, **line, **self.sample_}

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same card."""
        check_is_fitted(self)
        line = None if np.isnan(self.slope_) else [self.level_, self.slope_]
        return {
            "parameters": parameters_state(self),
            "columns": columns_state(self),
            "classes": self.classes_.tolist(),
            "elicited": self.elicited_.to_state(),
            "line": line,
            "sample": self.sample_,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> ExpertScorecard:
        """The card `to_state` described."""
        card = parameters_from(state["parameters"])
        card.classes_, card.sample_ = np.array(state["classes"]), state["sample"]
        card.elicited_ = Elicited.from_state(state["elicited"])
        card.level_, card.slope_ = state["line"] or (np.nan, np.nan)
        recall_columns(card, state["columns"])
        return card


def without_outcomes(card: ExpertScorecard, X: Any = None) -> ExpertScorecard:
    """The card, ready to score from what the experts said alone; X is the portfolio a central tendency speaks of.

    Refused as Misuse: a driver without sign or form, a central tendency without X.
    """
    card.elicited_ = elicit(card.drivers, card.order, None)
    if X is None and card.central_tendency is not None:
        raise Misuse("central_tendency: found no portfolio, expected the X whose mean PD it is")
    names = list(card.elicited_.names)
    text = [name for name, form in zip(names, card.elicited_.forms) if isinstance(form, Levels)]
    recall_columns(card, {"names": names, "named": True, "text": text})
    frame = None if X is None else checked_frame(card, X, reset=True)
    index = np.zeros(1) if frame is None else card.elicited_.units(frame) @ card.elicited_.weights
    card.level_, card.slope_ = stated_line(card, index, np.ones(len(index))) or (np.nan, np.nan)
    card.classes_, card.sample_ = np.array([0, 1]), {"rows": 0 if frame is None else len(frame)}
    return card


def stated_line(card: ExpertScorecard, index: np.ndarray, weight: np.ndarray) -> tuple[float, float] | None:
    """Level and slope of log-odds over the index by anchors and central tendency; None when neither was given."""
    if card.anchors is None and card.central_tendency is None:
        return None
    slope = line_through(card.anchors)[1] if card.anchors else slope_for_auc(index, weight, card.expected_auc)
    if card.central_tendency is None:
        return line_through(card.anchors or ())
    return intercept_for(slope * index, card.central_tendency, weight), slope


def _found_line(index: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    fit = firth(pd.DataFrame({"index": index}), y, weight)
    if fit.estimates[1] <= 0:
        raise DataRefused(
            "y: found bads with a lower risk index than goods, expected a higher one; give anchors instead"
        )
    return fit.level, float(fit.estimates[1])


def parameters_state(card: ExpertScorecard) -> dict[str, Any]:
    """The card's parameters as plain values."""
    drivers = None
    if card.drivers is not None:
        drivers = [{**vars(d), "form": None if d.form is None else form_state(d.form)} for d in card.drivers]
    anchors = None if card.anchors is None else [list(anchor) for anchor in card.anchors]
    order = [card.order] if isinstance(card.order, str) else list(card.order)
    return {**card.get_params(deep=False), "drivers": drivers, "order": order, "anchors": anchors}


def parameters_from(state: dict[str, Any]) -> ExpertScorecard:
    """The unfitted card `parameters_state` described."""
    drivers = state["drivers"]
    if drivers is not None:
        drivers = [Driver(**{**d, "form": None if d["form"] is None else form_from(d["form"])}) for d in drivers]
    return ExpertScorecard(**{**state, "drivers": drivers})
