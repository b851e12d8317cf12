"""Data-quality checks of a book, one file per group; each is a value, its limits, and where to look.

The detail of a check holds `parts` (rows at fault by table and column) and `examples` (keys of such rows, by the same
labels). A check whose table or column is absent is not run, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from riskmodels.book.book import Book
from riskmodels.book.quality import (
    cash,
    codes,
    completeness,
    dates,
    ranges,
    reconciliation,
    references,
    timeliness,
    uniqueness,
    versions,
)
from riskmodels.book.quality.probe import Check, RowCheck, scan
from riskmodels.book.quality.shifts import SHIFT_CHECKS
from riskmodels.book.quality.timeliness import days_silent
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.limits import packaged_limits

CHECKS: tuple[Check, ...] = (
    completeness.required_cells,
    completeness.optional_columns,
    completeness.override_reasons,
    uniqueness.duplicate_keys,
    uniqueness.repeated_payments,
    uniqueness.same_invoice,
    uniqueness.same_tax_invoice,
    references.orphans,
    references.unknown_parties,
    references.other_references,
    references.facility_clients,
    ranges.broken_rules,
    ranges.implausible,
    ranges.amount_outliers,
    codes.unknown_codes,
    codes.unknown_currencies,
    codes.without_rate,
    dates.future_dates,
    dates.known_before_event,
    versions.versions,
    reconciliation.reconciliation,
    reconciliation.reversals,
    reconciliation.confirmed_amounts,
    cash.receipts,
    cash.advances,
    cash.repayments,
    cash.accounts,
    timeliness.late_known,
    timeliness.slowest_table,
    timeliness.months_without_invoices,
    timeliness.months_without_rows,
    timeliness.days_silent,
    *SHIFT_CHECKS,
)


def check_book(book: Book, limits: Mapping[str, Limits] | None = None) -> list[CheckResult]:
    """The data-quality checks of a book, each on the whole of it; one whose table is absent is not run."""
    lines = {**default_limits(), **(limits or {})}
    found = scan(book, [c for c in CHECKS if isinstance(c, RowCheck)])
    return [c.judge(book, lines, found) if isinstance(c, RowCheck) else c(book, lines) for c in CHECKS]


@cache
def default_limits() -> dict[str, Limits]:
    """The limits this package ships for its data-quality checks, by name."""
    return packaged_limits("riskmodels.book")


__all__ = ["CHECKS", "check_book", "days_silent", "default_limits"]
