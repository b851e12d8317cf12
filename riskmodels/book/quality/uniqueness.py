"""Uniqueness: keys used again, and facts that were booked twice under different keys."""

from __future__ import annotations

from collections.abc import Mapping

from riskmodels.book.book import Book
from riskmodels.book.quality.probe import Fault, detail, examples, key, one, rows
from riskmodels.book.quality.query import QueryCheck
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

SAME_WITHIN_DAYS = 3
"""Two payments of one amount on one invoice by one payer within so many days are probably one payment."""

_INVOICES = "SELECT count(*) FROM invoices"
_TWICE = """
    SELECT invoice_id, first FROM invoices JOIN (
        SELECT {same}, min(invoice_id) AS first FROM invoices WHERE coalesce(tax_state, 'valid') = 'valid'
        GROUP BY {same} HAVING min(invoice_id) <> max(invoice_id)) USING ({same})
    WHERE invoice_id <> first AND coalesce(tax_state, 'valid') = 'valid'
"""

repeated_payments = QueryCheck(
    "book.uniqueness.repeated_payments",
    mark("Payments that were probably booked twice"),
    "payments",
    (("payments",),),
    mark("the book has no payments"),
    # a payment that was taken back is no repetition, nor is the reversal
    f"""
    WITH again AS (
        SELECT invoice_id, amount FROM payments WHERE amount > 0 GROUP BY 1, 2 HAVING count(*) > 1),
    kept AS (
        SELECT * FROM payments SEMI JOIN again USING (invoice_id, amount)
        WHERE payment_id NOT IN (SELECT reverses FROM payments WHERE reverses IS NOT NULL)),
    ordered AS (
        SELECT payment_id, invoice_id, paid_on, lag(paid_on) OVER same AS before, lag(payment_id) OVER same AS first
        FROM kept WINDOW same AS (PARTITION BY invoice_id, amount, payer ORDER BY paid_on, payment_id))
    SELECT payment_id, first FROM ordered WHERE paid_on - before <= {SAME_WITHIN_DAYS} AND payment_id <> first
    """,
    "SELECT count(*) FROM payments",
)
same_invoice = QueryCheck(
    "book.uniqueness.same_invoice",
    mark("Invoices that stand under two keys"),
    "invoices.number",
    (("invoices", "number"),),
    mark("the invoices have no numbers"),
    _TWICE.format(same="number, client_id, debtor_id"),
    _INVOICES,
)
same_tax_invoice = QueryCheck(
    "book.uniqueness.same_tax_invoice",
    mark("Tax invoices that stand behind two invoices"),
    "invoices.tax_invoice_code",
    (("invoices", "tax_invoice_code"),),
    mark("the invoices have no codes of tax invoices"),
    _TWICE.format(same="tax_invoice_code"),
    _INVOICES,
)


def duplicate_keys(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many rows repeat a key that another row has already used."""
    name, title = "book.uniqueness.duplicate_keys", _("Rows that repeat a key")
    faults = [_repeated(book, t) for t in book.tables]
    n = sum(rows(book, t) for t in book.tables)
    return CheckResult(name, title, sum(f.rows for f in faults), limits[name], "count", n, detail=detail(faults))


def _repeated(book: Book, table: str) -> Fault:
    n = int(one(book, f"SELECT count(*) - count(DISTINCT ({key(book, table)})) FROM {table}"))
    again = f"SELECT {key(book, table)} FROM {table} GROUP BY ALL HAVING count(*) > 1"
    return Fault(table, n, examples(book, again) if n else ())
