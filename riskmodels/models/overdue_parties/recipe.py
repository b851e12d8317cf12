"""Overdue debtors or clients as a purpose: its samples, how it trains and scores, by the rule it is set to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, still_told
from riskmodels.core.errors import DataRefused
from riskmodels.core.scale import PARTIES, RatingScale
from riskmodels.models.cards.card import PointsCard
from riskmodels.models.overdue_parties.model import FEWEST, fitted, scores, tried
from riskmodels.models.overdue_parties.sample import later_origins, parties_at, party_sample, subject_of


@dataclass(frozen=True)
class OverdueParties:
    """The recipe of `ID`, debtor_id or client_id, that are overdue in the sense of `RULE`."""

    ID: str
    RULE: Default

    SCALE: ClassVar[RatingScale] = PARTIES
    FEWEST: ClassVar[int] = FEWEST

    def training_sample(self, book: Book, as_of: date) -> pd.DataFrame:
        """Parties at quarterly origins whose windows were over at `as_of`, with features and outcome."""
        return party_sample(book, self.ID, as_of, self.RULE)

    def validation_sample(self, book: Book, trained: date, as_of: date) -> pd.DataFrame:
        """Parties at origins from `trained` on whose windows don't overlap; young when none is over by `as_of`."""
        return parties_at(book, self.ID, later_origins(trained, as_of, self.RULE.months), as_of, self.RULE)

    def scoring_sample(self, book: Book, as_of: date) -> pd.DataFrame:
        """The parties that owe something at `as_of` and aren't overdue in the rule's sense, with features.

        Refused where there is none, or the book ended long before.
        """
        found = parties_at(still_told(book, as_of), self.ID, [as_of], as_of, self.RULE)
        if found.empty:
            who = subject_of(self.ID)
            raise DataRefused(
                f"{book.name}: found no {who} that owes something and isn't overdue at {as_of}, expected some"
            )
        return found

    def train(self, sample: pd.DataFrame, seed: int) -> tuple[dict[str, Any], pd.DataFrame]:
        """The scorecard and its challenger, and how the drivers were selected."""
        return fitted(sample, seed, subject_of(self.ID))

    def trial(self, sample: pd.DataFrame, seed: int) -> pd.DataFrame:
        """Both models tried on later origins: `model.tried`."""
        return tried(sample, self.RULE.months, seed)

    def drivers(self, models: dict[str, Any]) -> list[str]:
        """The columns the scorecard uses."""
        return PointsCard.of(models["champion"]).names

    def scored(self, models: dict[str, Any], sample: pd.DataFrame) -> pd.DataFrame:
        """The sample with probability, points and grade (the scorecard's) and the challenger's probability."""
        found = scores(models, sample)
        return found.assign(grade=self.SCALE.grade(found["probability"]))
