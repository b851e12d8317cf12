"""The data-quality report: the checks of a book at a date, and one method per page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from riskmodels.book.open import open_book
from riskmodels.book.quality import check_book, default_limits
from riskmodels.book.quality.completeness import filled
from riskmodels.book.quality.dates import future_dates
from riskmodels.book.quality.reconciliation import by_client
from riskmodels.book.quality.timeliness import delays
from riskmodels.core import text
from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.dates import parse_date
from riskmodels.reporting.pages import quality_closing, quality_front, quality_ledger, quality_tables
from riskmodels.reporting.pages.page import AtClose, page, read_before


@dataclass(frozen=True)
class DataQuality(AtClose):
    """The checks of a book seen from the close of a date, beside the last run of this report.

    Rows dated after anything the book can speak of are invisible from any date: that one check looks at the whole.
    """

    @cached_property
    def checks(self) -> list[CheckResult]:
        """Every check of the book, in the order of their groups."""
        text.use(self.lang)
        future = future_dates(self.whole, default_limits())
        return [future if c.name == future.name else c for c in check_book(self.book)]

    @cached_property
    def beyond(self) -> list[CheckResult]:
        """The checks beyond a line, breaches first."""
        return [c for v in (Verdict.BREACH, Verdict.WATCH) for c in self.checks if c.verdict is v]

    @cached_property
    def columns(self) -> pd.DataFrame:
        """How far each column in use is filled."""
        return filled(self.book)

    @cached_property
    def delays(self) -> pd.DataFrame:
        """How late each table's rows are known."""
        return delays(self.book)

    @cached_property
    def clients(self) -> pd.DataFrame:
        """What each client's invoices came to."""
        return by_client(self.book)

    def of_groups(self, *groups: str) -> list[CheckResult]:
        """The checks of some groups."""
        return [c for c in self.checks if c.group in groups]

    front = page(quality_front.front)
    completeness = page(quality_tables.completeness_page)
    rows = page(quality_tables.rows_page)
    reconciliation = page(quality_ledger.reconciliation_page)
    timeliness = page(quality_ledger.timeliness_page)
    shifts = page(quality_ledger.shifts_page)
    appendix = page(quality_closing.appendix_page)


def data_quality(book: str, as_of: str, lang: str = "en", previous: str = "") -> DataQuality:
    """The data quality of the book at `book` from the close of `as_of`, beside the result.json at `previous`."""
    text.use(lang)
    return DataQuality(open_book(book), parse_date(as_of, "as_of"), lang, read_before(previous))
