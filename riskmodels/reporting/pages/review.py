"""The portfolio review: the book at a date, its checks, and one method per page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from riskmodels.book.open import open_book
from riskmodels.book.quality import check_book, days_silent, default_limits
from riskmodels.core import text
from riskmodels.core.checks import CheckResult
from riskmodels.core.dates import add_months, month_end, parse_date
from riskmodels.core.errors import DataRefused
from riskmodels.core.text import gettext as _
from riskmodels.portfolio.ageing import ageing
from riskmodels.portfolio.measures import measures
from riskmodels.portfolio.review import review
from riskmodels.reporting.pages import review_balance, review_closing, review_collection, review_front
from riskmodels.reporting.pages.page import AtClose, page, read_before


@dataclass(frozen=True)
class PortfolioReview(AtClose):
    """A book seen from the close of a date, beside the quarter before and the last run of this report."""

    @cached_property
    def quarter_before(self) -> date | None:
        """The month end three months earlier, None when the book begins later."""
        day = month_end(add_months(self.as_of.replace(day=1), -3))
        first = self.whole.first_day
        return day if first and first <= day else None

    @cached_property
    def currencies(self) -> list[str]:
        """The currencies in which something is open, the one with most invoices first."""
        owed = ageing(self.book).groupby("currency")["balance"].sum()
        return [c for c in self.book.currencies if owed.get(c, 0) > 0]

    @property
    def currency(self) -> str:
        """The currency whose figures stand first."""
        return self.currencies[0]

    @cached_property
    def checks(self) -> list[CheckResult]:
        """The checks of the review; with several currencies each check names its own."""
        text.use(self.lang)
        earlier = self.whole.as_of(self.quarter_before) if self.quarter_before else None
        found = [*review(self.book, earlier), days_silent(self.book, default_limits())]
        return found if len(self.book.currencies) == 1 else [_named(c) for c in found]

    @cached_property
    def quality(self) -> list[CheckResult]:
        """The data-quality checks of the book as known."""
        text.use(self.lang)
        return check_book(self.book)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Key figures per currency now and a quarter before (`portfolio.measures`)."""
        days = [d for d in (self.quarter_before, self.as_of) if d]
        return measures(self.book, days)

    @cached_property
    def previous(self) -> dict[str, float]:
        """Values to compare with: of the last run of this report, else of this book a quarter before."""
        if self.before.values:
            return self.before.values
        return {c.name: c.detail["previous"] for c in self.checks if c.detail.get("previous") is not None}

    @property
    def compared(self) -> str:
        """What the previous values are of, in words."""
        if self.before.as_of:
            return _("the report of {date}").format(date=self.before.as_of)
        return str(self.quarter_before or "")

    def of_group(self, group: str) -> list[CheckResult]:
        """The checks of one group."""
        return [c for c in self.checks if c.group == group]

    front = page(review_front.front)
    ageing = page(review_balance.ageing_page)
    concentration = page(review_balance.concentration_page)
    turnover = page(review_collection.turnover_page)
    cohorts = page(review_collection.cohorts_page)
    data = page(review_closing.data_page)
    appendix = page(review_closing.appendix_page)


def portfolio_review(book: str, as_of: str, lang: str = "en", previous: str = "") -> PortfolioReview:
    """The review of the book at `book` from the close of `as_of`; `previous` is the result.json to compare with."""
    text.use(lang)
    day = parse_date(as_of, "as_of")
    whole = open_book(book)
    review = PortfolioReview(whole, day, lang, read_before(previous))
    if not review.currencies:
        raise DataRefused(f"{whole.name}: found nothing open at the close of {day}, expected a balance to review")
    return review


def _named(check: CheckResult) -> CheckResult:
    if not check.subject:
        return check
    title = _("{title} ({currency})").format(title=check.title, currency=check.subject)
    return replace(check, name=f"{check.name}.{check.subject.lower()}", title=title)
