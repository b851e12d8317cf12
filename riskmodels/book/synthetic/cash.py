"""Payments of the invoices: in one to three parts, by cash or bill, now and then booked by mistake and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from riskmodels.book.synthetic.clock import NEVER, Days, stream
from riskmodels.book.synthetic.facilities import Facilities
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.network import CURRENCIES, Codes, Debtors
from riskmodels.book.synthetic.plan import Plan, late_booking
from riskmodels.book.synthetic.settle import PAYERS, Outcome
from riskmodels.core.calendar import Calendar

ACCOUNTS = ("factor", "supervised", "client")
BILL_DAYS = (90, 180)
NONE = -1


@dataclass(frozen=True)
class Cash:
    """One entry per payment: row of its invoice, days, amount in fen, row of the payment it reverses (NONE).

    `payer`, `account` and `instrument` are codes of settle.PAYERS, ACCOUNTS and network.INSTRUMENTS. `matures` is the
    day a bill is paid (NEVER for cash): the debtor is discharged when it hands over the bill, on `paid`. `receipt`
    numbers the transfers that reach the factor or a supervised account: one pays all that one payer settles on a day
    (NONE for bills, for what goes to the client, for mistakes and their reversal).
    """

    invoice: Codes
    paid: Days
    known: Days
    amount: Codes
    reverses: Codes
    payer: Codes
    account: Codes
    instrument: Codes
    matures: Days
    receipt: Codes


@dataclass(frozen=True)
class Routing:
    """One entry per invoice: the account that its debtor pays to (a code of ACCOUNTS), the currency it pays in."""

    account: Codes
    currency: Codes


def draw_routing(law: Law, seed: int, facilities: Facilities, facility: Codes) -> Routing:
    """Debtors that weren't told pay the client; of the others some go astray, some pay into a supervised account."""
    u = stream(seed, "routing").random(facility.size)
    told = np.where(u < law.accounts.astray, 2, np.where(u < law.accounts.astray + law.accounts.supervised, 1, 0))
    account = np.where(facilities.disclosed[facility], told, ACCOUNTS.index("client"))
    return Routing(account, facilities.currency[facility])


def draw_cash(
    law: Law,
    seed: int,
    plan: Plan,
    outcome: Outcome,
    noted: Codes,
    routing: Routing,
    debtors: Debtors,
    calendar: Calendar,
) -> Cash:
    """All payments ever made; `noted` is what credit notes take off each invoice, in fen."""
    rng = stream(seed, "cash")
    owed = plan.amount - noted
    invoice, paid, amount = _parts(rng, outcome, np.round(owed * outcome.share).astype(np.int64), calendar)
    wrong, booked, taken_back = _mistakes(law, rng, plan, outcome, calendar)
    rows = np.concatenate([invoice, wrong, wrong])
    known = calendar.next(paid + late_booking(rng, paid.size))
    cash = Cash(
        rows,
        np.concatenate([paid, booked, taken_back]),
        np.concatenate([known, booked, taken_back]),
        np.concatenate([amount, owed[wrong], -owed[wrong]]),
        np.concatenate([np.full(invoice.size + wrong.size, NONE), invoice.size + np.arange(wrong.size)]),
        payer=outcome.payer[rows],
        account=np.zeros(rows.size, dtype=np.int64),
        instrument=np.zeros(rows.size, dtype=np.int64),
        matures=np.full(rows.size, NEVER),
        receipt=np.full(rows.size, NONE),
    )
    told = _told(law, rng, cash, plan, outcome, routing, debtors, invoice.size)
    return _with_receipts(told, plan, routing, invoice.size)


def _mistakes(
    law: Law, rng: np.random.Generator, plan: Plan, outcome: Outcome, calendar: Calendar
) -> tuple[Codes, Days, Days]:
    """Invoices with a payment booked by mistake before the true one, the day of that, the day it is taken back."""
    single = np.flatnonzero((outcome.parts == 1) & ~outcome.frozen & (outcome.share > 0))
    wrong = single[rng.random(single.size) < law.accounts.reversed_share]
    booked = calendar.last(outcome.settled[wrong] - rng.integers(7, 12, wrong.size))
    booked = np.maximum(booked, plan.known[wrong])
    taken_back = calendar.next(booked + rng.integers(1, 5, wrong.size))
    return wrong, booked, np.minimum(taken_back, outcome.settled[wrong])


def _told(
    law: Law,
    rng: np.random.Generator,
    cash: Cash,
    plan: Plan,
    outcome: Outcome,
    routing: Routing,
    debtors: Debtors,
    real: int,
) -> Cash:
    """The payments with payer, account and instrument; the first `real` are no mistakes."""
    n = cash.invoice.size
    by_debtor = cash.payer == PAYERS.index("debtor")
    other = by_debtor & (rng.random(n) < law.accounts.third_party)
    healthy = by_debtor & ~other & ~outcome.frozen[cash.invoice] & (np.arange(n) < real)
    bill = np.where(healthy, debtors.instrument[plan.debtor[cash.invoice]], 0)
    matures = np.where(bill > 0, cash.paid + rng.choice(BILL_DAYS, n), NEVER)
    return replace(
        cash,
        payer=np.where(other, PAYERS.index("third party"), cash.payer),
        # a buy-back and a guarantor's payment go to the factor
        account=np.where(by_debtor, routing.account[cash.invoice], 0),
        instrument=bill,
        matures=matures,
    )


def _with_receipts(cash: Cash, plan: Plan, routing: Routing, real: int) -> Cash:
    """The payments with the number of the transfer that brought them, in one currency, numbered by day."""
    rows = np.flatnonzero((cash.account != ACCOUNTS.index("client")) & (cash.instrument == 0))
    rows = rows[rows < real]
    invoice, by_client = cash.invoice[rows], cash.payer[rows] == PAYERS.index("client")
    payer = np.where(by_client, -1 - plan.client[invoice], plan.debtor[invoice])
    span = int(payer.max(initial=0) - payer.min(initial=0)) + 1
    currency = routing.currency[invoice]
    kind = (cash.payer[rows] * len(ACCOUNTS) + cash.account[rows]) * len(CURRENCIES) + currency
    key = (cash.paid[rows] * len(PAYERS) * len(ACCOUNTS) * len(CURRENCIES) + kind) * span
    receipt = cash.receipt.copy()
    receipt[rows] = np.unique(key + payer - payer.min(initial=0), return_inverse=True)[1]
    return replace(cash, receipt=receipt)


def _parts(rng: np.random.Generator, outcome: Outcome, owed: Codes, calendar: Calendar) -> tuple[Codes, Days, Codes]:
    """Invoice, day and amount of each part; the last part falls on the day of settlement and completes what is owed."""
    number = np.arange(3)
    used = number < outcome.parts[:, None]
    weight = rng.uniform(0.5, 1.5, used.shape) * used
    paid_by = np.round(owed[:, None] * weight.cumsum(axis=1) / weight.sum(axis=1, keepdims=True)).astype(np.int64)
    amount = np.diff(paid_by, axis=1, prepend=0)
    day = outcome.settled[:, None] - (outcome.parts[:, None] - 1 - number) * outcome.gap[:, None]
    invoice = np.broadcast_to(np.arange(owed.size)[:, None], used.shape)
    used = used & (amount > 0)
    return invoice[used], calendar.next(day[used]), amount[used]
