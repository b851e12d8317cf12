"""Data-quality checks of a book: keys, references, ranges, reconciliation, timeliness, completeness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from riskmodels.book.book import Book
from riskmodels.book.schema import TABLES, Table
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.limits import packaged_limits
from riskmodels.core.text import gettext as _

LATE_DAYS = 5
"""A row known more than this many days after its event was booked late."""


def check_book(book: Book, limits: Mapping[str, Limits] | None = None) -> list[CheckResult]:
    """The data-quality checks of a book, each on the whole of it; one whose table is absent is not run."""
    limits = {**default_limits(), **(limits or {})}
    return [check(book, limits) for check in _CHECKS]


def duplicate_keys(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many rows repeat a key that another row has already used."""
    by_table = {t: _one(book, f"SELECT count(*) - count(DISTINCT ({_key(TABLES[t])})) FROM {t}") for t in book.tables}
    return _total(book, limits, "book.uniqueness.duplicate_keys", _("Rows that repeat a key"), by_table)


def orphans(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many payments, notes, disputes and advances have no invoice."""
    hanging = [t for t in book.tables if t != "invoices" and "invoice_id" in TABLES[t].names]
    query = "SELECT count(*) FROM {t} WHERE invoice_id NOT IN (SELECT invoice_id FROM invoices)"
    by_table = {t: _one(book, query.format(t=t)) for t in hanging}
    name, title = "book.integrity.orphans", _("Rows without their invoice")
    if not hanging:
        return not_run(name, title, _("the book has invoices only"))
    return _total(book, limits, name, title, by_table)


def unknown_parties(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The share of debtors with invoices that have no record among the parties."""
    name, title = "book.integrity.unknown_parties", _("Debtors without a record")
    if not book.has("parties"):
        return not_run(name, title, _("the book has no table of parties"))
    known = "debtor_id IN (SELECT party_id FROM parties)"
    n = int(_one(book, "SELECT count(DISTINCT debtor_id) FROM invoices"))
    unknown = _one(book, f"SELECT count(DISTINCT debtor_id) FROM invoices WHERE NOT ({known})")
    return CheckResult(name, title, unknown / n, limits[name], "share", n)


def broken_rules(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many rows break a rule of their table: amounts not above zero, due before issue and so on."""
    by_rule = {
        f"{t}.{rule.name}": _one(book, f"SELECT count(*) FROM {t} WHERE NOT ({rule.holds})")
        for t in book.tables
        for rule in TABLES[t].rules
    }
    return _total(book, limits, "book.range.broken_rules", _("Rows that break a rule"), by_rule)


def reconciliation(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """What was credited beyond the invoices, as a share of what was invoiced: the ledger's unexplained difference."""
    name, title = "book.reconciliation.difference", _("Credited beyond the invoices")
    sources = [t for t in ("payments", "credit_notes") if book.has(t)]
    if not sources:
        return not_run(name, title, _("the book has neither payments nor credit notes"))
    credited = " UNION ALL ".join(f"SELECT invoice_id, amount FROM {t}" for t in sources)
    over = _one(
        book,
        f"SELECT coalesce(sum(greatest(c.amount - i.amount, 0)), 0) FROM invoices i JOIN "
        f"(SELECT invoice_id, sum(amount) AS amount FROM ({credited}) GROUP BY 1) c USING (invoice_id)",
    )
    invoiced = _one(book, "SELECT sum(amount) FROM invoices")
    return CheckResult(
        name, title, over / invoiced, limits[name], "rate", _rows(book, "invoices"), detail={"over": over}
    )


def late_known(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The share of rows that became known more than LATE_DAYS after their event."""
    counted = {t: (_rows(book, t), _late_rows(book, TABLES[t])) for t in book.tables if t != "parties"}
    n, late = (sum(pair[i] for pair in counted.values()) for i in (0, 1))
    name, title = "book.timeliness.late_known", _("Rows booked more than five days late")
    return CheckResult(name, title, late / n, limits[name], "share", n)


def months_without_invoices(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many months between the first and the last invoice have none."""
    span = "date_diff('month', min(issued_on), max(issued_on)) + 1"
    seen = "count(DISTINCT date_trunc('month', issued_on))"
    name = "book.timeliness.months_without_invoices"
    gaps = _one(book, f"SELECT {span} - {seen} FROM invoices")
    return CheckResult(name, _("Months without an invoice"), gaps, limits[name], "count", _rows(book, "invoices"))


def days_silent(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many days before the close it is seen from the book says its last: a ledger that ended has no news."""
    name, title = "book.timeliness.days_silent", _("Days without a row before the close")
    if book.cut is None or book.last_day is None:
        return not_run(name, title, _("the book is not seen from a date"))
    return CheckResult(name, title, (book.cut - book.last_day).days, limits[name], "count", _rows(book, "invoices"))


def optional_columns(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The filled share of the optional column in use that is filled least; dates of later events may stay empty."""
    filled = {
        f"{t}.{c.name}": _one(book, f'SELECT count("{c.name}") / count(*) FROM {t}')
        for t, columns in book.tables.items()
        for c in TABLES[t].columns
        if c.name in columns and not c.required and c.revealed_by == "known_on" and not c.sparse
    }
    name, title = "book.completeness.optional", _("Filled share of the emptiest column in use")
    if not filled:
        return not_run(name, title, _("only required columns are in use"))
    worst = min(filled, key=lambda column: filled[column])
    return CheckResult(name, title, filled[worst], limits[name], "share", len(filled), subject=worst, detail=filled)


_CHECKS: tuple[Callable[[Book, Mapping[str, Limits]], CheckResult], ...] = (
    duplicate_keys,
    orphans,
    unknown_parties,
    broken_rules,
    reconciliation,
    late_known,
    months_without_invoices,
    days_silent,
    optional_columns,
)


@cache
def default_limits() -> dict[str, Limits]:
    """The limits this package ships for its data-quality checks, by name."""
    return packaged_limits("riskmodels.book")


def _total(book: Book, limits: Mapping[str, Limits], name: str, title: str, parts: Mapping[str, float]) -> CheckResult:
    n = sum(_rows(book, t) for t in book.tables)
    return CheckResult(
        name,
        title,
        sum(parts.values()),
        limits[name],
        "count",
        n,
        detail={k: v for k, v in parts.items() if v},
    )


def _late_rows(book: Book, table: Table) -> int:
    return int(
        _one(book, f'SELECT count(*) FROM {table.name} WHERE known_on > CAST("{table.event}" AS DATE) + {LATE_DAYS}')
    )


def _rows(book: Book, table: str) -> int:
    return int(_one(book, f"SELECT count(*) FROM {table}"))


def _one(book: Book, query: str) -> float:
    row = book.connection.execute(query).fetchone()
    return float(row[0]) if row and row[0] is not None else 0.0


def _key(table: Table) -> str:
    return ", ".join(f'"{k}"' for k in table.key)
