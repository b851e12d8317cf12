"""What the development of a scorecard leaves behind to be judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.limits import packaged_limits
from riskmodels.models.bad_definition import Study, study
from riskmodels.models.binning.binner import feature
from riskmodels.models.explanation_stability import ExplanationStability, explanation_stability
from riskmodels.models.inputs import columns_of
from riskmodels.models.panel import Size, effective_size
from riskmodels.models.rating import years_of_origin
from riskmodels.models.recipes import StoredModel
from riskmodels.models.score_bands import ScoreBands, Scored, score_bands
from riskmodels.models.scorecard.model import Scorecard
from riskmodels.models.scorecard.vif import correlation, vif
from riskmodels.validation.discrimination import Estimate, auc_interval

PARTS = ("development", "hold-out", "out-of-time")
BANDS = 6
"""Bands of the score: a factor's obligors in default fill no more."""


@dataclass(frozen=True)
class Development:
    """A stored scorecard with its challenger, and the book it was made of, cut at the date of training."""

    book: Book
    stored: StoredModel
    limits: Mapping[str, Limits]

    @classmethod
    def of(cls, book: Book, stored: StoredModel) -> Development:
        """The development of a stored model on the whole book, against the house's limits."""
        return cls(book.as_of(stored.trained), stored, packaged_limits(__package__))

    @property
    def card(self) -> Scorecard:
        """The scorecard."""
        found: Scorecard = self.stored.models["champion"]
        return found

    @cached_property
    def known(self) -> pd.DataFrame:
        """The rows the model was fitted on."""
        sample = self.stored.development
        return sample[sample["outcome"].notna()].reset_index(drop=True)

    @cached_property
    def size(self) -> Size:
        """Rows, bads, obligors, and what repeated obligors are worth."""
        return effective_size(self.known["outcome"], self.known["obligor"])

    @cached_property
    def study(self) -> Study:
        """What the book says of the definition of bad."""
        return study(self.book, self.stored.trained, rule=self.stored.recipe.RULE)

    @cached_property
    def parts(self) -> dict[str, pd.DataFrame]:
        """The rows of the trial by part; empty when the sample can't be parted."""
        trial = self.stored.trial
        return {part: trial[trial["part"] == part] for part in PARTS} if len(trial) else {}

    @property
    def no_trial(self) -> str:
        """Why the sample can't be parted; empty when it was."""
        return str(self.stored.card["no_trial"])

    @cached_property
    def ranking(self) -> dict[str, Estimate]:
        """AUC of the trial on each part, its interval robust to cases of one obligor."""
        return {name: _auc(frame) for name, frame in self.parts.items()}

    @cached_property
    def bands(self) -> ScoreBands | None:
        """Score bands of the trial, side by side; None without a trial."""
        if not self.parts:
            return None
        scored = {n: Scored(f["points"], f["outcome"], obligor=f["obligor"]) for n, f in self.parts.items()}
        return score_bands(scored, BANDS, higher="safer")

    @cached_property
    def vifs(self) -> pd.Series:
        """Variance inflation factor of each driver's weights of evidence."""
        drivers = self.stored.drivers
        woe = np.column_stack([feature(self.card.binner_, d).transform(self.known[d]) for d in drivers])
        return pd.Series(vif(correlation(woe, np.ones(len(woe)))), index=drivers)

    @cached_property
    def explained(self) -> ExplanationStability:
        """How far explanations stand on other draws of obligors."""
        X, known = columns_of(self.card, self.known), self.known
        years = {"cohorts": years_of_origin(known["period"])}
        return explanation_stability(self.card, X, known["outcome"], known["obligor"], seed=self.seed, by_row=years)

    @property
    def seed(self) -> int:
        """The seed the model was made with."""
        return int(self.stored.card["seed"])

    @cached_property
    def checks(self) -> list[CheckResult]:
        """All checks of a development, in the order a reader meets them."""
        from riskmodels.validation.development.checks import checks

        return checks(self)


def _auc(frame: pd.DataFrame) -> Estimate:
    cluster: Any = pd.factorize(frame["obligor"])[0]
    return auc_interval(frame["outcome"].to_numpy(float), frame["probability"].to_numpy(float), cluster)
