"""The development of an overdue model: from the book to a candidate that says when an invoice is paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from riskmodels.book.open import open_book
from riskmodels.core import text
from riskmodels.core.checks import CheckResult
from riskmodels.core.dates import parse_date
from riskmodels.models.recipes import StoredModel, open_model
from riskmodels.models.shelf import train
from riskmodels.reporting.pages import (
    overdue_ageing,
    overdue_cash,
    overdue_choice,
    overdue_closing,
    overdue_effects,
    overdue_front,
    overdue_reasons,
    overdue_sample,
    overdue_trial,
)
from riskmodels.reporting.pages.page import AtClose, page, read_before
from riskmodels.validation.overdue_development.ageing import AgeingEvidence
from riskmodels.validation.overdue_development.cash import CashEvidence
from riskmodels.validation.overdue_development.evidence import PaymentDevelopment
from riskmodels.validation.overdue_development.reasons import OpenReasons


@dataclass(frozen=True)
class OverdueDevelopment(AtClose):
    """An overdue model made of what a book knew at a date, and what it is worth beside habit, as a report."""

    stored: StoredModel

    @cached_property
    def made(self) -> PaymentDevelopment:
        """What is measured."""
        text.use(self.lang)
        return PaymentDevelopment.of(self.whole, self.stored)

    @cached_property
    def reasons_evidence(self) -> OpenReasons:
        """Why open invoices are expected late."""
        return OpenReasons.of(self.book, self.as_of, self.stored)

    @cached_property
    def cash_evidence(self) -> CashEvidence:
        """Past forecasts of cash, and the one from today."""
        return CashEvidence.of(self.book, self.as_of, self.stored, self.trial_models, self.trial_day)

    @cached_property
    def ageing_evidence(self) -> AgeingEvidence:
        """How balances aged, how they will, and what such forecasts were worth."""
        return AgeingEvidence.of(self.book, self.as_of, int(self.stored.card["seed"]))

    @cached_property
    def checks(self) -> list[CheckResult]:
        """All checks, in the order a reader meets them."""
        text.use(self.lang)
        return [*self.made.checks, *self.cash_evidence.checks, *self.ageing_evidence.checks]

    def of_group(self, *groups: str) -> list[CheckResult]:
        """The checks of some groups."""
        return [c for c in self.checks if c.group in groups]

    @property
    def trial_day(self) -> date:
        """The close at which the trial's models were trained."""
        return self.made.trial_day

    @property
    def trial_models(self) -> dict[str, Any]:
        """The trial's models by role; empty when the book allows no trial."""
        return self.made.trial.models if self.made.trial else {}

    front = page(overdue_front.front)
    sample = page(overdue_sample.sample_page)
    endings = page(overdue_sample.endings_page)
    choice = page(overdue_choice.choice_page)
    effects = page(overdue_effects.effects_page)
    habit = page(overdue_trial.habit_page)
    level = page(overdue_trial.level_page)
    reasons = page(overdue_reasons.reasons_page)
    cash = page(overdue_cash.cash_page)
    ageing = page(overdue_ageing.ageing_page)
    appendix = page(overdue_closing.appendix_page)


def overdue_development(
    book: str, as_of: str, lang: str = "en", seed: int = 0, previous: str = ""
) -> OverdueDevelopment:
    """The overdue model made of what the book at `book` knew at the close of `as_of`, kept beside it, and its worth.

    A model that these inputs made before is opened, not made again. `previous` is the result.json to compare with.
    """
    text.use(lang)
    day = parse_date(as_of, "as_of")
    folder = train("overdue", Path(book), day, seed)
    return OverdueDevelopment(open_book(book), day, lang, read_before(previous), open_model(folder))
