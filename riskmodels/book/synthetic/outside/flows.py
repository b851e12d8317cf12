"""What each party does in the book by month, in yuan: it sells, is owed, collects, buys and pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.book.synthetic.clock import Days
from riskmodels.book.synthetic.history import History
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.outside.subjects import Subjects


@dataclass(frozen=True)
class Flows:
    """Parties x months of the book: invoices sold, cash on them, what is open of them at the month's end; and as a
    debtor invoices received, cash paid on them."""

    sold: Floats
    collected: Floats
    open: Floats
    bought: Floats
    paid: Floats


def flows_of(history: History, subjects: Subjects) -> Flows:
    """The flows of all parties, from the book's own invoices, payments and credit notes."""
    world, cash, notes = history.world, history.cash, history.notes
    plan, clock = world.plan, world.clock
    seller, buyer = subjects.of_client[plan.client], subjects.of_debtor[plan.debtor]

    def by_month(party: Codes, day: Days, fen: Codes) -> Floats:
        """Yuan by party and month, of the amounts whose day the book holds."""
        month = clock.month(day)
        inside = month < clock.months
        sums = np.zeros(subjects.size * clock.months)
        cell = party[inside] * clock.months + month[inside]
        sums += np.bincount(cell, fen[inside] / 100, sums.size)
        return sums.reshape(subjects.size, clock.months)

    sold, bought = (by_month(p, plan.issued, plan.amount) for p in (seller, buyer))
    collected, paid = (by_month(p[cash.invoice], cash.paid, cash.amount) for p in (seller, buyer))
    noted = by_month(seller[notes.invoice], notes.issued, notes.amount)
    still_open = (sold - collected - noted).cumsum(axis=1)
    return Flows(sold, np.maximum(collected, 0), np.maximum(still_open, 0), bought, np.maximum(paid, 0))
