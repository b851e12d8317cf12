"""How grades changed by hand fared: how many, which way, and who defaulted among raised, lowered and unchanged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.core.errors import Misuse
from riskmodels.core.scale import RatingScale
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.low_default import jeffreys_interval

DIRECTIONS = {"raised": mark("raised"), "unchanged": mark("unchanged"), "lowered": mark("lowered")}
_FIGURES = ("share", "notches", "rate", "low", "high")
_KINDS = dict.fromkeys(("ratings", "known", "defaults"), int) | dict.fromkeys(_FIGURES, float)


@dataclass(frozen=True)
class OverrideReview:
    """What became of a table of ratings.

    `rated` ratings with both grades on the scale, `left_out` others; `unexplained` overrides without a reason. `by`
    has one row per direction (raised = better than the model's grade): ratings, share, notches (mean, worse positive),
    known (ratings whose outcome is known), defaults, rate, low and high.
    """

    rated: int
    left_out: int
    unexplained: int
    by: pd.DataFrame

    @property
    def rate(self) -> float:
        """Share of ratings that were overridden."""
        return float(self.by.loc[["raised", "lowered"], "share"].sum())

    def table(self) -> pd.DataFrame:
        """One row per direction in a reader's words."""
        by = self.by
        columns = {
            _("direction"): [_(DIRECTIONS[d]) for d in by.index],
            _("ratings"): by["ratings"].to_numpy(),
            _("share"): by["share"].to_numpy(),
            _("mean notches, worse positive"): by["notches"].to_numpy(),
            _("outcome known"): by["known"].to_numpy(),
            _("defaults"): by["defaults"].to_numpy(),
            _("default rate"): by["rate"].to_numpy(),
            _("low"): by["low"].to_numpy(),
            _("high"): by["high"].to_numpy(),
        }
        return pd.DataFrame(columns)


def override_review(
    ratings: pd.DataFrame, scale: RatingScale, defaulted: ArrayLike | None = None, confidence: float = 0.95
) -> OverrideReview:
    """The review of a `ratings` table; `defaulted` (one per row) is 1, 0, or missing while it can't be known.

    Intervals are Jeffreys' on effective numbers: where a party was rated several times, counts are divided by the
    design effect, the variance of the rate over parties against that over rows, so that repeats don't pass for
    evidence (Korn, Graubard 1998).
    """
    outcome = np.full(len(ratings), np.nan) if defaulted is None else np.asarray(defaulted, float)
    if outcome.shape != (len(ratings),) or not np.isin(outcome[~np.isnan(outcome)], (0, 1)).all():
        raise Misuse(f"defaulted: found shape {outcome.shape}, expected ({len(ratings)},) of 1, 0 and missing")
    known = ratings[["model_grade", "final_grade"]].isin(scale.grades).all(axis=1).to_numpy()
    rows, place = ratings[known].assign(outcome=outcome[known]), {g: i for i, g in enumerate(scale.grades)}
    final, own = (rows[c].map(place).astype(float) for c in ("final_grade", "model_grade"))
    notches = final - own
    unexplained = (notches != 0) & ~rows["override_reason"].fillna("").str.strip().astype(bool)
    way = np.select([notches < 0, notches > 0], ["raised", "lowered"], "unchanged")
    by = {d: _fared(rows[way == d], notches[way == d], len(rows), confidence) for d in DIRECTIONS}
    return OverrideReview(len(rows), int((~known).sum()), int(unexplained.sum()), pd.DataFrame(by).T.astype(_KINDS))


def _fared(rows: pd.DataFrame, notches: pd.Series, of: int, confidence: float) -> dict[str, float]:
    told = rows[rows["outcome"].notna()]
    y = told["outcome"].to_numpy(float)
    rate = float(y.mean()) if y.size else np.nan
    effective = y.size / _design_effect(y, told["party_id"])
    low, high = jeffreys_interval(effective, effective * rate if y.size else 0.0, confidence)
    counts = {"ratings": len(rows), "known": y.size, "defaults": float(y.sum())}
    share = len(rows) / of if of else np.nan
    return {**counts, "share": share, "notches": notches.mean(), "rate": rate, "low": low[0], "high": high[0]}


def _design_effect(y: np.ndarray, party: pd.Series) -> float:
    """Variance of the rate over parties against rows, at least 1; where it can't be seen, ratings per party."""
    if not y.size:
        return 1.0
    codes, parties = pd.factorize(party)
    residual, most = y - y.mean(), y.size / len(parties)
    if len(parties) == 1 or not residual.any():
        return most
    between = float((np.bincount(codes, residual) ** 2).sum()) * len(parties) / (len(parties) - 1)
    return max(1.0, between / float(residual @ residual))
