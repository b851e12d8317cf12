"""What the pages on reasons, cash and ageing ask of the report of an overdue model's development."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from riskmodels.book.book import Book
from riskmodels.validation.overdue_development.ageing import AgeingEvidence
from riskmodels.validation.overdue_development.cash import CashEvidence
from riskmodels.validation.overdue_development.reasons import OpenReasons


class OverdueReport(Protocol):
    """A report at the close of a date on the book as it was known then."""

    @property
    def as_of(self) -> date:
        """The date it looks from."""

    @property
    def book(self) -> Book:
        """The book as known then."""

    @property
    def reasons_evidence(self) -> OpenReasons:
        """Why open invoices are expected late."""

    @property
    def cash_evidence(self) -> CashEvidence:
        """Past forecasts of cash, and the one from today."""

    @property
    def ageing_evidence(self) -> AgeingEvidence:
        """How balances aged, how they will, and what such forecasts were worth."""
