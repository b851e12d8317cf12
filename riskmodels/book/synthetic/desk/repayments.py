"""Repayments: how advances come back, from what debtors pay, from what clients pass on, make up for or buy back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.book.synthetic.cash import ACCOUNTS, NONE
from riskmodels.book.synthetic.clock import NEVER, Days, stream
from riskmodels.book.synthetic.contracts import facilities_table
from riskmodels.book.synthetic.failure import FAR
from riskmodels.book.synthetic.frames import days, ids, money, table, words
from riskmodels.book.synthetic.history import History
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.settle import PAYERS

CLIENT = PAYERS.index("client")
YEAR = 360


@dataclass(frozen=True)
class Repayments:
    """One entry per repayment ever made: row of its invoice, days, principal in fen, payer (code)."""

    invoice: Codes
    paid: Days
    known: Days
    principal: Codes
    payer: Codes


@dataclass(frozen=True)
class Lent:
    """One entry per invoice: fen advanced on it (0 for none) and the day."""

    amount: Codes
    on: Days


def lent(history: History) -> Lent:
    """What was advanced on each invoice."""
    n = history.world.plan.due.size
    amount, on = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    amount[history.advances.invoice] = history.advances.amount
    on[history.advances.invoice] = history.advances.paid_out
    return Lent(amount, on)


def draw_repayments(history: History) -> Repayments:
    """All repayments, by the day they became known.

    A payment repays principal until the advance is covered, on the day it reaches the factor; what came before the
    pay-out repays on its day. A bill counts when it is handed over: the factor takes it in payment. What a failed
    client keeps repays nothing, and what is left when the debtor has paid all that credit notes left it to pay the
    client makes up for while it is in business.
    """
    given = lent(history)
    direct = _from_payments(history, given)
    short = _from_clients(history, given, direct)
    names = ("invoice", "paid", "known", "principal", "payer")
    both = [np.concatenate([getattr(direct, f), getattr(short, f)]) for f in names]
    order = np.argsort(both[2], kind="stable")
    return Repayments(*(values[order] for values in both))


def repayments_table(history: History, repaid: Repayments) -> pd.DataFrame:
    """The repayments known by the last day, with interest to the day on what they repay; the first brings the fee."""
    world = history.world
    n = int(np.searchsorted(repaid.known, world.clock.last, side="right"))
    invoice, paid, principal = repaid.invoice[:n], repaid.paid[:n], repaid.principal[:n]
    on = lent(history).on[invoice]
    rate, fee_rate = _terms(history, invoice, on)
    fee = np.where(_first(invoice), np.round(world.plan.amount[invoice] * fee_rate), 0)
    cells = {
        "repayment_id": ids("Y", n),
        "advance_id": words(ids("A", world.plan.due.size), invoice),
        "paid_on": days(paid),
        "principal": money(principal),
        "interest": money(np.round(principal * rate * (paid - on) / YEAR)),
        "fee": money(fee),
        "payer": words(PAYERS, repaid.payer[:n]),
        "known_on": days(repaid.known[:n]),
    }
    return table("repayments", cells)


def _from_payments(history: History, given: Lent) -> Repayments:
    cash = history.cash
    through = cash.account == ACCOUNTS.index("client")
    reaches = np.where(through, history.passed_on, cash.paid)
    rows = np.flatnonzero(_real(history) & (reaches != NEVER) & (given.amount[cash.invoice] > 0))
    invoice, amount = cash.invoice[rows], cash.amount[rows]
    # payments stand by invoice and part, so that a running sum less that before the invoice is the invoice's own
    total = amount.cumsum()
    first = np.flatnonzero(np.diff(invoice, prepend=-1))
    before = np.repeat(total[first] - amount[first], np.diff(first, append=rows.size))
    advance = given.amount[invoice]
    principal = np.minimum(total - before, advance) - np.minimum(total - before - amount, advance)
    paid = np.maximum(reaches[rows], given.on[invoice])
    known = np.maximum(np.where(through[rows], paid, cash.known[rows]), paid)
    payer = np.where(through[rows], CLIENT, cash.payer[rows])
    kept = principal > 0
    return Repayments(invoice[kept], paid[kept], known[kept], principal[kept], payer[kept])


def _from_clients(history: History, given: Lent, direct: Repayments) -> Repayments:
    """What clients add where credit notes left less to pay than was advanced."""
    world, n = history.world, given.amount.size
    back = np.bincount(direct.invoice, direct.principal, n).astype(np.int64)
    whole = (history.outcome.share == 1.0) & ~history.commingled
    rows = np.flatnonzero(whole & (given.amount > back))
    last = np.zeros(n, dtype=np.int64)
    # known days of an invoice's parts rise, so the last written is the latest
    last[direct.invoice] = direct.known
    start = np.maximum(np.maximum(last[rows], history.outcome.settled[rows]), given.on[rows])
    wait = stream(world.seed, "shortfalls").integers(1, world.law.repayments.shortfall_days + 1, rows.size)
    day = world.clock.calendar.next(start + wait)
    alive = day < world.client_failure.stopped[world.plan.client[rows]]
    rows, day = rows[alive], day[alive]
    return Repayments(rows, day, day, (given.amount - back)[rows], np.full(rows.size, CLIENT))


def _real(history: History) -> NDArray[np.bool_]:
    """Which payments are neither a mistake nor its reversal."""
    cash = history.cash
    real = cash.reverses == NONE
    real[cash.reverses[~real]] = False
    return real


def _first(invoice: Codes) -> NDArray[np.bool_]:
    """Whether each row is the first of its invoice."""
    first = np.zeros(invoice.size, dtype=bool)
    row = np.empty(int(invoice.max(initial=0)) + 1, dtype=np.int64)
    # assigned backwards, the first row stays
    row[invoice[::-1]] = np.arange(invoice.size)[::-1]
    first[row[invoice]] = True
    return first


def _terms(history: History, invoice: Codes, on: Days) -> tuple[Floats, Floats]:
    """The yearly rate and the fee rate of each invoice's facility, by the version of its terms in force on the day."""
    versions = facilities_table(history.world)
    start = versions["valid_from"].to_numpy().astype("datetime64[D]").astype(np.int64)
    facility = (~versions["facility_id"].duplicated()).to_numpy().cumsum() - 1
    # versions stand by facility and day, so that both make one rising key
    key = facility * FAR + start
    row = np.searchsorted(key, history.world.facility[invoice] * FAR + on, side="right") - 1
    return versions["annual_rate"].to_numpy()[row], versions["fee_rate"].to_numpy()[row]
