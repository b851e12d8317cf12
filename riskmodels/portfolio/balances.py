"""Open invoices at one or many days, as a SQL relation that the other files of this folder sum in one query.

A balance is the amount less payments, credit notes and write-offs known by the day; only balances above zero are open.
Days past due run from the original due date. `days` must not lie after the book's cut: its rows were known by that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from riskmodels.book.book import Book
from riskmodels.core.dates import add_months
from riskmodels.core.errors import Misuse

REDUCTIONS = ("payments", "credit_notes", "write_offs")


def open_items(book: Book, days: Iterable[date]) -> str:
    """A SELECT of one row per open invoice and day.

    Columns: as_of, invoice_id, client_id, debtor_id, currency, amount, issued_on, due_on, confirmed_on, balance
    (exact decimals, so that sums do not depend on the order of rows), dpd (days, negative before due).
    """
    return f"""
        WITH days AS ({days_sql(days)}),
        reduced AS (
            SELECT as_of, invoice_id, CAST(sum(amount) AS DECIMAL(18, 2)) AS reduction
            FROM ({reductions(book)}) JOIN days ON known_on <= as_of
            GROUP BY ALL
        )
        SELECT as_of, i.invoice_id, client_id, debtor_id, currency, amount, issued_on, due_on, confirmed_on,
               CAST(amount - coalesce(reduction, 0) AS DECIMAL(18, 2)) AS balance, as_of - due_on AS dpd
        FROM invoices i JOIN days ON i.known_on <= as_of LEFT JOIN reduced USING (as_of, invoice_id)
        WHERE amount - coalesce(reduction, 0) > 0
    """


def reductions(book: Book) -> str:
    """A SELECT of everything that lowers an invoice.

    Columns: invoice_id, known_on, amount; no rows when the book has none of these tables, so that each
    invoice is then open with its whole amount, as in a list of open items.
    """
    found = [f"SELECT invoice_id, known_on, amount FROM {t}" for t in REDUCTIONS if book.has(t)]
    none = "SELECT invoice_id, known_on, amount FROM invoices WHERE FALSE"
    return " UNION ALL ".join(found) or none


def ledger_balance(book: Book, currency: str) -> float:
    """What the ledger says is owed in a currency: invoices less payments, credit notes and write-offs, in sum."""
    query = f"""
        WITH reduced AS (
            SELECT sum(r.amount) AS amount FROM ({reductions(book)}) r JOIN invoices i USING (invoice_id)
            WHERE i.currency = $currency
        )
        SELECT sum(amount) - coalesce((SELECT amount FROM reduced), 0) FROM invoices WHERE currency = $currency
    """
    found = book.connection.execute(query, {"currency": currency}).fetchone()
    return float(found[0]) if found and found[0] is not None else 0.0


def days_sql(days: Iterable[date]) -> str:
    """A SELECT of the days, column as_of."""
    listed = ", ".join(f"(DATE '{day:%Y-%m-%d}')" for day in sorted(set(days)))
    if not listed:
        raise Misuse("days: found none, expected at least one date")
    return f"SELECT as_of FROM (VALUES {listed}) t(as_of)"


def cut_day(book: Book) -> date:
    """The day the book is cut at; a whole book, which has none, is refused."""
    if book.cut is None:
        raise Misuse(f"{book.name}: found the whole book, expected one cut at a date: book.as_of(date)")
    return book.cut


def past_days(book: Book, periods: int = 8, months: int = 3) -> list[date]:
    """The cut and the days `months` apart before it on which the book already had data, oldest first."""
    days = [add_months(cut_day(book), -months * k) for k in range(periods)]
    return [d for d in reversed(days) if book.first_day and d >= book.first_day]


def known_by_cut(book: Book, days: Iterable[date]) -> list[date]:
    """The days, after checking that none lies after the book's cut."""
    listed = sorted(set(days))
    if listed and book.cut and listed[-1] > book.cut:
        raise Misuse(f"{book.name}: found day {listed[-1]}, expected none after the cut {book.cut}")
    return listed
