"""The receipts that wait at a date, held against what is open then: what a desk gets to book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.text import gettext as _
from riskmodels.models.matching.ledger import Item, Ledger
from riskmodels.models.matching.payers import Payers
from riskmodels.models.matching.propose import AUTOMATIC, Proposal, Receipt, propose
from riskmodels.models.matching.replay import CREDITS, INVOICES, RECEIPTS, learn, links_of, payers_of, tuples

_OLDEST_FIRST = f"{RECEIPTS} ORDER BY received_on, receipt_id"


def match_receipts(book: Book, as_of: date) -> pd.DataFrame:
    """Proposals for the receipts that nothing was allocated of by the close of `as_of`, a row per receipt and invoice.

    They share out what is open at that close: all together give no invoice more than it lacks. Columns: receipt_id,
    received_on, invoice_id (empty where nothing is proposed), allocated, residual (of the receipt, unallocated), score,
    evidence, automatic (sure enough to book without a person). Amounts in the receipt's currency.
    """
    seen = book.as_of(as_of)
    seen.need("receipts")
    known, ledger, payers = links_of(seen), _closing(seen), payers_of(seen)
    came = {(receipt := Receipt(*row)).receipt_id: (day, receipt) for day, *row in tuples(seen, _OLDEST_FIRST)}
    for name, links in known.items():
        if name in came:
            learn(links, came[name][1].payer_name, ledger, payers)
    waiting = {name: found for name, found in came.items() if name not in known}
    proposals = shared_out([receipt for _day, receipt in waiting.values()], ledger, payers)
    rows = [_rows(waiting[p.receipt_id][0], p) for p in proposals]
    columns = ["receipt_id", "received_on", "invoice_id", "allocated", "residual", "score", "evidence", "automatic"]
    return pd.DataFrame([row for group in rows for row in group], columns=columns)


def shared_out(receipts: Sequence[Receipt], ledger: Ledger, payers: Payers) -> list[Proposal]:
    """A proposal for each receipt, net of what those before it take off the ledger.

    Those sure enough to book come first, then the others, each time in the order given. What others are guessed to pay
    makes no proposal surer than it was without.
    """
    found = [_taken(propose(receipt, ledger, payers), ledger, AUTOMATIC) for receipt in receipts]
    for place, receipt in enumerate(receipts):
        if (least := found[place].score) < AUTOMATIC:
            again = _taken(propose(receipt, ledger, payers), ledger, 0.0)
            found[place] = replace(again, score=min(least, again.score))
    return found


def _taken(proposal: Proposal, ledger: Ledger, least: float) -> Proposal:
    """The proposal, its amounts taken off the ledger if its score is at least `least`."""
    for invoice_id, amount in proposal.links if proposal.score >= least else ():
        ledger.reduce(invoice_id, amount)
    return proposal


def _closing(seen: Book) -> Ledger:
    """The ledger at the close; all invoices are put in first, as money may come before its invoice is known."""
    ledger = Ledger()
    for row in tuples(seen, INVOICES):
        ledger.add(Item(*row[1:]))
    for query in (query for table, query in CREDITS.items() if seen.has(table)):
        for _day, invoice_id, amount in tuples(seen, query):
            ledger.reduce(invoice_id, amount)
    return ledger


def _rows(day: pd.Timestamp, proposal: Proposal) -> list[tuple[Any, ...]]:
    """The proposal as rows of the table, one per invoice, or one without."""
    why = _("; ").join(_(word) for word in proposal.evidence)
    rest = (proposal.residual / 100, proposal.score, why, proposal.score >= AUTOMATIC)
    links = proposal.links or (("", 0),)
    return [(proposal.receipt_id, day, invoice, amount / 100, *rest) for invoice, amount in links]
