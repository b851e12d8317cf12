"""The model validation: a stored model judged on what it has not seen, and one method per page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.open import open_book
from riskmodels.book.quality import days_silent, default_limits
from riskmodels.core import text
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.recipes import StoredModel, open_model
from riskmodels.reporting.pages import (
    judgement_coherence,
    judgement_drivers,
    judgement_front,
    judgement_rank,
    judgement_scope,
    judgement_tests,
)
from riskmodels.reporting.pages.judgement_coherence import Agreement, agreement
from riskmodels.reporting.pages.page import Before, page, read_before
from riskmodels.validation.suite import validate


@dataclass(frozen=True)
class ModelValidation:
    """A stored model (None when the book has none yet) and the book it is judged on, from the close of a date.

    `path` is where the book is stored, and its other models beside it.
    """

    path: Path
    whole: Book
    as_of: date
    stored: StoredModel | None
    lang: str
    before: Before

    @cached_property
    def book(self) -> Book:
        """The book as it was known."""
        return self.whole.as_of(self.as_of)

    @property
    def model(self) -> StoredModel:
        """The stored model; pages that need it are not asked for without one."""
        if self.stored is None:
            raise Misuse(f"{self.whole.name}: has no model to judge")
        return self.stored

    @cached_property
    def sample(self) -> pd.DataFrame:
        """What the model had not seen when it was trained, scored; without an outcome where that isn't known yet."""
        recipe = self.model.recipe
        return recipe.scored(self.model.models, recipe.validation_sample(self.book, self.model.trained, self.as_of))

    @cached_property
    def checks(self) -> list[CheckResult]:
        """All checks of the validation."""
        text.use(self.lang)
        if self.stored is None:
            return judgement_front.unrun_checks(self)
        judged = validate(self.sample, self.model.development, drivers=self.model.drivers)
        agreed = self.agreement.checks if self.agreement else ()
        return [*judged, *agreed, self._training_data(), days_silent(self.book, default_limits())]

    @cached_property
    def agreement(self) -> Agreement | None:
        """A model of overdue parties against the invoice model; None for a model of another purpose."""
        return agreement(self)

    def _training_data(self) -> CheckResult:
        """Whether the book still says of the training date what it said when the model was trained."""
        same = self.whole.as_of(self.model.trained).fingerprint == self.model.card["book_sha256"]
        name, title = "validation.data.training_data_changed", _("Training data changed since")
        return CheckResult(name, title, float(not same), Limits.at_most(0, source=_("identity of the data")), "count")

    def of_group(self, group: str) -> list[CheckResult]:
        """The checks of one group."""
        return [c for c in self.checks if c.group == group]

    front = page(judgement_front.front)
    scope = page(judgement_scope.scope)
    drivers = page(judgement_drivers.drivers)
    discrimination = page(judgement_rank.discrimination)
    calibration = page(judgement_tests.calibration)
    stability = page(judgement_tests.stability)
    coherence = page(judgement_coherence.coherence)
    appendix = page(judgement_scope.appendix)


def model_validation(book: str, as_of: str, model: str = "", lang: str = "en", previous: str = "") -> ModelValidation:
    """The validation of the model in the folder `model` on a book, from the close of `as_of`.

    Without a model every check is not run, with the reason. `previous` is the result.json to compare with.
    """
    text.use(lang)
    day = parse_date(as_of, "as_of")
    whole = open_book(book)
    whole.as_of(day)
    stored = open_model(Path(model)) if model else None
    if stored and stored.trained > day:
        raise Misuse(f"model: trained on {stored.trained}, after the close of {day} it is to be judged from")
    return ModelValidation(Path(book), whole, day, stored, lang, read_before(previous))
