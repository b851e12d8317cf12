"""What the development of an overdue model leaves behind to be judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.dates import add_months
from riskmodels.core.errors import DataRefused
from riskmodels.core.limits import packaged_limits
from riskmodels.models.recipes import StoredModel
from riskmodels.validation.overdue_development.effects import effects_on_days
from riskmodels.validation.overdue_development.endings import endings
from riskmodels.validation.overdue_development.trial import Trial, try_out

TRIAL_MONTHS = 12
"""The trial's models know the book of so long before the candidate's."""


@dataclass(frozen=True)
class PaymentDevelopment:
    """A stored overdue model with its challenger, and the book it was made of, cut at the date of training."""

    book: Book
    stored: StoredModel
    limits: Mapping[str, Limits]

    @classmethod
    def of(cls, book: Book, stored: StoredModel) -> PaymentDevelopment:
        """The development of a stored model on the whole book, against the house's limits."""
        return cls(book.as_of(stored.trained), stored, packaged_limits(__package__))

    @property
    def sample(self) -> pd.DataFrame:
        """The invoices the model was fitted on, scored; `outcome` is missing of those too young to say."""
        return self.stored.development

    @property
    def trial_day(self) -> date:
        """The close at which the trial's models were trained."""
        return add_months(self.stored.trained, -TRIAL_MONTHS)

    @cached_property
    def tried(self) -> Trial | str:
        """The trial, or why there is none."""
        try:
            return try_out(self.book, self.trial_day, self.stored.trained, int(self.stored.card["seed"]))
        except DataRefused as refused:
            return str(refused)

    @property
    def trial(self) -> Trial | None:
        """The trial, if the book allows one."""
        return self.tried if isinstance(self.tried, Trial) else None

    @property
    def no_trial(self) -> str:
        """Why there is no trial; empty when there is one."""
        return self.tried if isinstance(self.tried, str) else ""

    @cached_property
    def endings(self) -> pd.DataFrame:
        """How the book's invoices end, by state and day past due: see `endings`."""
        return endings(self.book, self.stored.trained)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """What each driver does to the expected days, by role: see `effects_on_days`."""
        return effects_on_days(self.stored.models, self.sample)

    @cached_property
    def checks(self) -> list[CheckResult]:
        """All checks of a development, in the order a reader meets them."""
        from riskmodels.validation.overdue_development.checks import checks

        return checks(self)
