"""A card from elsewhere as a model: scored, stored and validated like any other, and never edited."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils import Tags

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.binning import Binner
from riskmodels.models.binning.bins import Groups
from riskmodels.models.cards.card import PointsCard
from riskmodels.models.cards.json_file import card_of, document, scale_document
from riskmodels.models.inputs import checked_frame, checked_sample
from riskmodels.models.log_odds import LogOddsModel


class ImportedScorecard(LogOddsModel):
    """A classifier that is fitted already: its bins and points are those of the card, on any sample.

    Parameters
    ----------
    points_card : the card. Where it tells points only, probabilities are refused; see `cards.linked`.
    """

    def __init__(self, points_card: PointsCard) -> None:
        self.points_card = points_card

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> ImportedScorecard:
        """The model as it is: nothing of a given card is estimated, so that cross-validation judges it unedited.

        Only what y calls good and bad is learnt; the greater of its two values is bad.
        """
        checked_frame(self, X, reset=False)
        self._classes = checked_sample(Binner(), X, y, sample_weight, groups).classes
        return self

    @property
    def classes_(self) -> np.ndarray:
        """What stands for good and for bad: 0 and 1 unless `fit` was told otherwise."""
        return getattr(self, "_classes", np.array([0, 1]))

    @property
    def feature_names_in_(self) -> np.ndarray:
        """Columns of X: the card's drivers, in its order."""
        return np.array(self.points_card.names, dtype=object)

    @property
    def n_features_in_(self) -> int:
        """Number of drivers."""
        return len(self.points_card.drivers)

    @property
    def text_columns_(self) -> list[str]:
        """Drivers that are categories."""
        return [d.name for d in self.points_card.drivers if isinstance(d.bins, Groups)]

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds of bad, one per row."""
        return self.points_card.log_odds(checked_frame(self, X, reset=False))

    def contributions(self, X: Any) -> pd.DataFrame:
        """Log-odds of bad by driver, and `base`, the intercept; a row's sum is its log-odds."""
        return self.points_card.contributions(checked_frame(self, X, reset=False))

    def points(self, X: Any) -> np.ndarray:
        """The score of each row, as the card gives it."""
        return self.points_card.points(checked_frame(self, X, reset=False))

    def partial_scores(self, X: Any) -> pd.DataFrame:
        """Points by driver, and `base`; a row's sum is its score."""
        return self.points_card.partial(checked_frame(self, X, reset=False))

    def summary(self) -> pd.DataFrame:
        """One row per driver: number of bins, fewest and most points, points of missing and of unseen values."""
        return pd.DataFrame([_summed(driver) for driver in self.points_card.drivers])

    def points_table(self) -> pd.DataFrame:
        """One row per driver and bin: WoE where the card tells it, and points; the base stands first."""
        base = {_("driver"): [_("base")], _("bin"): [""], _("WoE"): [np.nan], _("points"): [self.points_card.base]}
        return pd.concat([pd.DataFrame(base), *map(_table, self.points_card.drivers)], ignore_index=True)

    def card(self) -> dict[str, Any]:
        """What the model is and where it comes from, as plain values."""
        card = self.points_card
        kind = {"model": "imported scorecard", "source": card.source, "drivers": card.names, "notes": list(card.notes)}
        scale = None if card.scale is None else scale_document(card.scale)
        return {**kind, "scale": scale, "probabilities": card.intercept is not None}

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same model."""
        return document(self.points_card)

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> ImportedScorecard:
        """The model `to_state` described."""
        return cls(card_of(state))

    def __sklearn_is_fitted__(self) -> bool:
        if not isinstance(self.points_card, PointsCard):
            raise Misuse(f"points_card: found a {type(self.points_card).__name__}, expected a PointsCard")
        return True

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags


def _summed(driver: Any) -> dict[str, Any]:
    text, k = isinstance(driver.bins, Groups), len(driver.bins) + len(driver.bins.specials)
    return {
        _("driver"): driver.name,
        _("bins"): k,
        _("fewest points"): min(driver.points),
        _("most points"): max(driver.points),
        _("points when missing"): driver.points[k],
        _("points when unseen"): driver.points[k + 1] if text else None,
    }


def _table(driver: Any) -> pd.DataFrame:
    woe = driver.woe or [None] * len(driver.points)
    columns = {_("driver"): driver.name, _("bin"): driver.labels, _("WoE"): woe, _("points"): driver.points}
    return pd.DataFrame(columns).astype({_("WoE"): float})
