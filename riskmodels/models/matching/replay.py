"""A book's receipts as they came, each matched with what was known then: how often proposals would have been right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.models.matching.ledger import Item, Ledger
from riskmodels.models.matching.payers import Payers
from riskmodels.models.matching.propose import AUTOMATIC, Proposal, Receipt, propose

Links = tuple[tuple[str, int], ...]
_CENTS = "CAST(round(100 * {}) AS BIGINT)"


def links_of(book: Book) -> dict[str, Links]:
    """What each receipt was matched to, from the payments that name it."""
    if not book.has("payments", "receipt_id"):
        return {}
    found = book.sql(
        f"SELECT receipt_id, invoice_id, sum({_CENTS.format('amount')})::BIGINT AS amount FROM payments "
        "WHERE receipt_id IS NOT NULL GROUP BY 1, 2 HAVING sum(amount) > 0 ORDER BY 1, 2"
    )
    links: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for receipt, invoice, amount in found.itertuples(index=False):
        links[receipt].append((invoice, int(amount)))
    return {receipt: tuple(parts) for receipt, parts in links.items()}


def replayed(book: Book, known: dict[str, Links]) -> Iterator[tuple[pd.Timestamp, Proposal]]:
    """The proposal for each receipt in turn, and its day; what it was truly matched to is then booked and learnt.

    A receipt without a known match books its own proposal if that is sure enough. A day's invoices, notes and other
    payments come before its receipts.
    """
    ledger, payers = Ledger(), payers_of(book)
    for day, what, row in _events(book):
        if what == "invoice":
            ledger.add(Item(*row))
        elif what == "credit":
            ledger.reduce(*row)
        else:
            proposal = propose(receipt := Receipt(*row), ledger, payers)
            yield day, proposal
            own = proposal.links if proposal.score >= AUTOMATIC else ()
            _book(known.get(receipt.receipt_id, own), receipt.payer_name, ledger, payers)


def _book(links: Links, payer_name: str, ledger: Ledger, payers: Payers) -> None:
    for invoice_id, amount in links:
        ledger.reduce(invoice_id, amount)
    learn(links, payer_name, ledger, payers)


def learn(links: Links, payer_name: str, ledger: Ledger, payers: Payers) -> None:
    """Remember for which debtors a receipt's payer paid."""
    for invoice_id, _amount in links:
        if invoice_id in ledger.items:
            payers.learn(payer_name, ledger.items[invoice_id].debtor_id)


def payers_of(book: Book) -> Payers:
    """The parties of a book by every name they bore; nothing is learnt of them yet."""
    if not book.has("parties", "name"):
        return Payers([])
    found = book.sql("SELECT DISTINCT party_id, name FROM parties WHERE name IS NOT NULL ORDER BY 1, 2")
    return Payers(found.itertuples(index=False, name=None))


def tuples(book: Book, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows that a query finds."""
    return book.sql(query).itertuples(index=False, name=None)


def _events(book: Book) -> list[tuple[pd.Timestamp, str, tuple[Any, ...]]]:
    """Everything that moves open amounts, and the receipts, by day."""
    queries = [("invoice", INVOICES), ("receipt", RECEIPTS)]
    queries += [
        ("credit", query + (" WHERE receipt_id IS NULL" if table == "payments" else ""))
        for table, query in CREDITS.items()
        if book.has(table)
    ]
    order = {"invoice": 0, "credit": 1, "receipt": 2}
    events = [(day, what, tuple(row)) for what, query in queries for day, *row in tuples(book, query)]
    return sorted(events, key=lambda event: (event[0], order[event[1]], event[2][0]))


INVOICES = (
    "SELECT known_on, invoice_id, coalesce(number, '') AS number, client_id, debtor_id, currency, "
    f"date_diff('day', DATE '1970-01-01', due_on) AS due, {_CENTS.format('amount')} AS amount FROM invoices"
)
RECEIPTS = (
    "SELECT received_on, receipt_id, coalesce(payer_name, '') AS payer_name, currency, "
    f"{_CENTS.format('amount')} AS amount, coalesce(reference, '') AS reference FROM receipts"
)
CREDITS = {
    "payments": f"SELECT known_on, invoice_id, {_CENTS.format('amount')} AS amount FROM payments",
    "credit_notes": f"SELECT known_on, invoice_id, {_CENTS.format('amount')} AS amount FROM credit_notes",
    "write_offs": f"SELECT known_on, invoice_id, {_CENTS.format('amount')} AS amount FROM write_offs",
}
