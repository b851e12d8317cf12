"""Timeliness: how long facts take to be known, months without rows, and a book that has fallen silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.quality.horizon import last_plausible_day
from riskmodels.book.quality.probe import EXAMPLES, Fault, detail, event, examples, key, row, rows
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _

LATE_DAYS = 5
"""A row known more than this many days after its event was booked late."""

OWN = (
    "invoices",
    "payments",
    "receipts",
    "credit_notes",
    "disputes",
    "advances",
    "repayments",
    "write_offs",
    "amendments",
    "actions",
    "applications",
    "process_log",
    "fundings",
)
"""Tables the factor books itself, so that a delay is its own; what others publish comes when it comes."""

FEW_ROWS = 50
"""Of fewer rows a table's own share late says nothing."""

BUSY, FEW_MONTHS = 20, 3
"""Rows a month from which a month without any is a gap, and the months needed to say so."""


def delays(book: Book) -> pd.DataFrame:
    """One row per table: rows, days from event to known (median, p95), share later than five days, and whether judged.

    Negative days (known before the event) count as 0 here; the check on dates reports them.
    """
    return _delays(book, book.tables)


def late_known(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The share of rows of the factor's own tables that became known more than LATE_DAYS after their event."""
    table = _own(book)
    n, late = int(table["rows"].sum()), int(table["late_rows"].sum())
    name, title = "book.timeliness.late_known", _("Rows booked more than five days late")
    faults = [_late(book, t, int(k)) for t, k in zip(table["table"], table["late_rows"], strict=True) if k]
    return CheckResult(name, title, late / n, limits[name], "share", n, detail=detail(faults))


def slowest_table(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The largest share of one table's rows booked late: a slow desk hidden among many quick rows."""
    name, title = "book.timeliness.slowest_table", _("Rows booked late in the slowest table")
    table = _own(book)
    table = table[table["rows"] >= FEW_ROWS].sort_values("late", ascending=False, kind="stable")
    if table.empty:
        reason = _("no table has {n} rows").format(n=FEW_ROWS)
        return not_run(name, title, reason, limits=limits[name])
    slow = table.iloc[0]
    told = {"median": slow["median"], "p95": slow["p95"]}
    shares = dict(zip(table["table"], table["late"].astype(float), strict=True))
    return CheckResult(
        name,
        title,
        float(slow["late"]),
        limits[name],
        "share",
        int(slow["rows"]),
        subject=str(slow["table"]),
        detail={"parts": shares, **told},
    )


def months_without_invoices(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many months between the first and the last invoice have none."""
    name, title = "book.timeliness.months_without_invoices", _("Months without an invoice")
    n, _span, empty = _months(book, "invoices", last_plausible_day(book))
    faults = [Fault("invoices", len(empty), tuple(empty[:EXAMPLES]))]
    return CheckResult(name, title, len(empty), limits[name], "count", n, detail=detail(faults))


def months_without_rows(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many months of another busy table (twenty rows a month) have no row at all."""
    name, title = "book.timeliness.months_without_rows", _("Months in which a busy table has no row")
    last = last_plausible_day(book)
    found = {t: _months(book, t, last) for t in OWN if t != "invoices" and t in book.tables}
    busy = {t: (n, empty) for t, (n, span, empty) in found.items() if span >= FEW_MONTHS and n >= BUSY * span}
    if not busy:
        reason = _("no other table has {n} rows a month").format(n=BUSY)
        return not_run(name, title, reason, limits=limits[name])
    faults = [Fault(t, len(empty), tuple(empty[:EXAMPLES])) for t, (_n, empty) in busy.items()]
    n = sum(rows for rows, _empty in busy.values())
    return CheckResult(name, title, sum(f.rows for f in faults), limits[name], "count", n, detail=detail(faults))


def days_silent(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many days before the close it is seen from the book says its last: a ledger that ended has no news."""
    name, title = "book.timeliness.days_silent", _("Days without a row before the close")
    if book.cut is None or book.last_day is None:
        return not_run(name, title, _("the book is not seen from a date"), limits=limits[name])
    return CheckResult(name, title, (book.cut - book.last_day).days, limits[name], "count", rows(book, "invoices"))


def _own(book: Book) -> pd.DataFrame:
    return _delays(book, [t for t in book.tables if t in OWN])


def _delays(book: Book, tables: Iterable[str]) -> pd.DataFrame:
    found = [(t, t in OWN, *_delay(book, t)) for t in tables]
    return pd.DataFrame(found, columns=["table", "judged", "rows", "median", "p95", "late", "late_rows"])


def _delay(book: Book, table: str) -> tuple[int, float, float, float, int]:
    days = f"greatest(known_on - {event(book, table)}, 0)"
    n, quantiles, late = row(
        book,
        f"SELECT count(*), quantile_disc({days}, [0.5, 0.95]), count(*) FILTER (WHERE {days} > {LATE_DAYS}) "
        f"FROM {table}",
    )
    median, p95 = quantiles or (0, 0)  # none when no row says when its event was
    return int(n), float(median), float(p95), late / n, int(late)


def _late(book: Book, table: str, n: int) -> Fault:
    query = f"SELECT {key(book, table)}, known_on FROM {table} WHERE known_on - {event(book, table)} > {LATE_DAYS}"
    return Fault(table, n, examples(book, query))


def _months(book: Book, table: str, last: date) -> tuple[int, int, list[str]]:
    """Rows of a table, months from its first row to its last, and those of them without any, as 2026-06."""
    n, span, empty = row(
        book,
        f"""
        WITH seen AS (
            SELECT date_trunc('month', {event(book, table)}) AS month, count(*) AS n FROM {table}
            WHERE {event(book, table)} <= DATE '{last}' GROUP BY 1),
        months AS (SELECT unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH)) AS month FROM seen)
        SELECT (SELECT sum(n) FROM seen), (SELECT count(*) FROM months),
            (SELECT list(strftime(month, '%Y-%m') ORDER BY month) FROM months ANTI JOIN seen USING (month))
        """,
    )
    return int(n or 0), int(span), list(empty or ())
