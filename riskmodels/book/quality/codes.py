"""Codes: words outside those allowed, currencies that don't exist, currencies without an exchange rate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from riskmodels.book.book import Book
from riskmodels.book.fx import conversion, pairs
from riskmodels.book.quality.currencies import CURRENCIES
from riskmodels.book.quality.probe import Fault, Probe, RowCheck, detail
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark


def _unknown(book: Book) -> Iterator[Probe]:
    for table, used in book.tables.items():
        for column in book.schema[table].columns:
            if column.allowed and column.name in used:
                yield Probe(table, column.name, f'"{column.name}" NOT IN ({_listed(column.allowed)})')


def _currencies(book: Book) -> Iterator[Probe]:
    for table, used in book.tables.items():
        if "currency" in used:
            yield Probe(table, "currency", f"currency NOT IN ({_listed(sorted(CURRENCIES))})")


unknown_codes = RowCheck(
    "book.codes.unknown", mark("Cells with a word that isn't allowed"), _unknown, mark("the book has no coded columns")
)
unknown_currencies = RowCheck(
    "book.codes.currencies",
    mark("Rows in a currency that doesn't exist"),
    _currencies,
    mark("the book names no currency"),
)


def without_rate(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The share of foreign invoices without an exchange rate of the ten days up to their issue."""
    name, title = "book.codes.without_rate", _("Foreign invoices without an exchange rate")
    if set(book.currencies) <= {book.currency}:
        return not_run(name, title, _("all invoices are in one currency"), limits=limits[name])
    if not pairs(book):
        return not_run(name, title, _("the market table holds no exchange rates"), limits=limits[name])
    found = book.connection.execute(
        "SELECT fx_currency, count(*), count(*) - count(converted), "
        "list(invoice_id ORDER BY invoice_id) FILTER (WHERE converted IS NULL)[:5] "
        f"FROM ({conversion(book, 'invoices', 'amount', 'issued_on')}) WHERE fx_currency <> ? GROUP BY 1 ORDER BY 1",
        [book.currency],
    ).fetchall()
    faults = [Fault(f"invoices.currency {c}", missing, tuple(keys or ())) for c, _n, missing, keys in found]
    n = sum(row[1] for row in found)
    value = sum(f.rows for f in faults) / n
    return CheckResult(name, title, value, limits[name], "rate", n, detail=detail(faults))


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
