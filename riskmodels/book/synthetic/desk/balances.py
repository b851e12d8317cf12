"""What is left of each invoice when all is said, and the day on which nothing was left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.book.synthetic.clock import Days
from riskmodels.book.synthetic.failure import FAR
from riskmodels.book.synthetic.history import History
from riskmodels.book.synthetic.network import Codes


@dataclass(frozen=True)
class Balances:
    """One entry per invoice: fen never paid nor credited, and the day of its last payment, FAR if some is left."""

    left: Codes
    cleared: Days


def balances(history: History) -> Balances:
    """The balances by all payments and credit notes ever made; a mistake and its reversal cancel out."""
    plan, cash, notes = history.world.plan, history.cash, history.notes
    n = plan.amount.size
    paid = np.bincount(cash.invoice, cash.amount, n)
    noted = np.bincount(notes.invoice, notes.amount, n)
    left = plan.amount - (paid + noted).astype(np.int64)
    return Balances(left, np.where(left > 0, FAR, history.outcome.settled))
