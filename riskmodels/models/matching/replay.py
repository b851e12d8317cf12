"""A book's receipts as they came, each matched with what was known then, and learnt from once it is matched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.text import gettext as _
from riskmodels.models.matching.ledger import Item, Ledger
from riskmodels.models.matching.payers import Payers
from riskmodels.models.matching.propose import AUTOMATIC, Proposal, Receipt, propose

Links = tuple[tuple[str, int], ...]
_CENTS = "CAST(round(100 * {}) AS BIGINT)"


def match_receipts(book: Book, as_of: date) -> pd.DataFrame:
    """Proposals for the receipts that nothing was allocated of by the close of `as_of`, a row per receipt and invoice.

    Columns: receipt_id, received_on, invoice_id (empty where nothing is proposed), allocated, residual (of the receipt,
    unallocated), score, evidence, automatic (sure enough to book without a person). Amounts in the receipt's currency.
    """
    seen = book.as_of(as_of)
    seen.need("receipts")
    known = links_of(seen)
    rows = [_rows(day, p) for day, p in replayed(seen, known) if p.receipt_id not in known]
    columns = ["receipt_id", "received_on", "invoice_id", "allocated", "residual", "score", "evidence", "automatic"]
    return pd.DataFrame([row for group in rows for row in group], columns=columns)


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
    ledger, payers = Ledger(), Payers(_names(book))
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
        if invoice_id in ledger.items:
            payers.learn(payer_name, ledger.items[invoice_id].debtor_id)


def _names(book: Book) -> list[tuple[str, str]]:
    if not book.has("parties", "name"):
        return []
    found = book.sql("SELECT DISTINCT party_id, name FROM parties WHERE name IS NOT NULL ORDER BY 1, 2")
    return list(found.itertuples(index=False, name=None))


def _events(book: Book) -> list[tuple[pd.Timestamp, str, tuple[Any, ...]]]:
    """Everything that moves open amounts, and the receipts, by day."""
    queries = [("invoice", _INVOICES), ("receipt", _RECEIPTS)]
    queries += [("credit", query) for table, query in _CREDITS.items() if book.has(table)]
    order = {"invoice": 0, "credit": 1, "receipt": 2}
    events = [
        (row[0], what, row[1:]) for what, query in queries for row in book.sql(query).itertuples(index=False, name=None)
    ]
    return sorted(events, key=lambda event: (event[0], order[event[1]], event[2][0]))


_INVOICES = (
    "SELECT known_on, invoice_id, coalesce(number, '') AS number, client_id, debtor_id, currency, "
    f"date_diff('day', DATE '1970-01-01', due_on) AS due, {_CENTS.format('amount')} AS amount FROM invoices"
)
_RECEIPTS = (
    "SELECT received_on, receipt_id, coalesce(payer_name, '') AS payer_name, currency, "
    f"{_CENTS.format('amount')} AS amount, coalesce(reference, '') AS reference FROM receipts"
)
_CREDITS = {
    "payments": f"SELECT known_on, invoice_id, {_CENTS.format('amount')} AS amount FROM payments "
    "WHERE receipt_id IS NULL",
    "credit_notes": f"SELECT known_on, invoice_id, {_CENTS.format('amount')} AS amount FROM credit_notes",
    "write_offs": f"SELECT known_on, invoice_id, {_CENTS.format('amount')} AS amount FROM write_offs",
}


def _rows(day: pd.Timestamp, proposal: Proposal) -> list[tuple[Any, ...]]:
    """The proposal as rows of the table, one per invoice, or one without."""
    why = _("; ").join(_(word) for word in proposal.evidence)
    rest = (proposal.residual / 100, proposal.score, why, proposal.score >= AUTOMATIC)
    links = proposal.links or (("", 0),)
    return [(proposal.receipt_id, day, invoice, amount / 100, *rest) for invoice, amount in links]
