"""Reconciliation: what was paid, credited, written off and is open must add up to what was invoiced."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.quality.probe import Fault, detail, examples
from riskmodels.book.quality.query import QueryCheck
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

SOURCES = {"payments": "paid", "credit_notes": "noted", "write_offs": "written_off"}
"""What takes an invoice down, by table, and the name of its sum."""

MOST_CLIENTS = 20


reversals = QueryCheck(
    "book.reconciliation.reversals",
    mark("Reversals that don't match their payment"),
    "payments.reverses",
    (("payments", "reverses"),),
    mark("no payment was taken back"),
    "SELECT r.payment_id, r.reverses FROM payments r JOIN payments p ON p.payment_id = r.reverses "
    "WHERE r.reverses IS NOT NULL AND (r.invoice_id <> p.invoice_id OR r.amount + p.amount < 0)",
    "SELECT count(reverses) FROM payments",
    rate=False,
)
confirmed_amounts = QueryCheck(
    "book.reconciliation.confirmed",
    mark("Invoices confirmed above their amount"),
    "invoices.confirmed_amount",
    (("invoices", "confirmed_amount"),),
    mark("no debtor has confirmed an amount"),
    "SELECT invoice_id, amount, confirmed_amount FROM invoices WHERE confirmed_amount > amount",
    "SELECT count(confirmed_amount) FROM invoices",
)


def settled(book: Book) -> str:
    """SQL of every invoice with paid, noted, written_off, credited (their sum) and over (what exceeds the amount)."""
    rows = [
        "SELECT invoice_id, "
        + ", ".join(f"{'amount' if t == table else 0} AS {n}" for t, n in SOURCES.items())
        + f" FROM {table}"
        for table in SOURCES
        if book.has(table)
    ]
    if not rows:
        zeros = ", ".join(f"0 AS {n}" for n in (*SOURCES.values(), "credited", "over"))
        return f"SELECT *, {zeros} FROM invoices"
    sums = ", ".join(f"sum({n}) AS {n}" for n in SOURCES.values())
    by_invoice = f"SELECT invoice_id, {sums} FROM ({' UNION ALL '.join(rows)}) GROUP BY 1"
    filled = ", ".join(f"coalesce({n}, 0) AS {n}" for n in SOURCES.values())
    total = " + ".join(f"coalesce({n}, 0)" for n in SOURCES.values())
    return (
        f"SELECT i.*, {filled}, {total} AS credited, greatest({total} - i.amount, 0) AS over "
        f"FROM invoices i LEFT JOIN ({by_invoice}) c ON c.invoice_id = i.invoice_id"
    )


def by_client(book: Book) -> pd.DataFrame:
    """One row per client and currency: invoices, invoiced, paid, noted, written_off, open, over; largest over first.

    paid + noted + written_off + open = invoiced + over, where open counts no invoice below zero.
    """
    return book.sql(
        "SELECT client_id, currency, count(*) AS invoices, sum(amount) AS invoiced, sum(paid) AS paid, "
        "sum(noted) AS noted, sum(written_off) AS written_off, sum(greatest(amount - credited, 0)) AS open, "
        f"sum(over) AS over, count(*) FILTER (WHERE over > 0) AS over_invoices FROM ({settled(book)}) "
        "GROUP BY 1, 2 ORDER BY over DESC, invoiced DESC, client_id, currency"
    )


def reconciliation(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """What was credited beyond the invoices, as a share of what was invoiced: the ledger's unexplained difference.

    Of several currencies the worst one counts.
    """
    name, title = "book.reconciliation.difference", _("Credited beyond the invoices")
    if not any(book.has(t) for t in SOURCES):
        reason = _("the book has neither payments nor credit notes")
        return not_run(name, title, reason, limits=limits[name])
    clients = by_client(book)
    sums = clients.groupby("currency", sort=False)[["over", "invoiced"]].sum()
    shares = (sums["over"] / sums["invoiced"]).fillna(0.0)
    worst = str(shares.idxmax())
    over = clients[clients["over_invoices"] > 0].head(MOST_CLIENTS)
    faults = [_over(book, c, int(n)) for c, n in zip(over["client_id"], over["over_invoices"], strict=True)]
    told = {"over": float(sums["over"][worst]), **detail(faults)}
    subject = worst if len(sums) > 1 else ""
    n = int(clients["invoices"].sum())
    return CheckResult(name, title, float(shares[worst]), limits[name], "rate", n, subject=subject, detail=told)


def _over(book: Book, client: str, n: int) -> Fault:
    safe = client.replace("'", "''")
    query = f"SELECT invoice_id, amount, credited FROM ({settled(book)}) WHERE over > 0 AND client_id = '{safe}'"
    return Fault(client, n, examples(book, query))
