"""Payments of the invoices: in one to three parts, now and then booked by mistake and taken back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.book.synthetic.clock import Days, stream
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.plan import Plan, late_booking
from riskmodels.book.synthetic.settle import Outcome

REVERSED_SHARE = 0.004
NONE = -1


@dataclass(frozen=True)
class Cash:
    """One entry per payment: row of its invoice, days, amount in fen, row of the payment it reverses (NONE)."""

    invoice: Codes
    paid: Days
    known: Days
    amount: Codes
    reverses: Codes


def draw_cash(seed: int, plan: Plan, outcome: Outcome, noted: Codes) -> Cash:
    """All payments ever made; `noted` is what credit notes take off each invoice, in fen."""
    rng = stream(seed, "cash")
    invoice, paid, amount = _parts(rng, outcome, np.round((plan.amount - noted) * outcome.share).astype(np.int64))
    single = np.flatnonzero((outcome.parts == 1) & ~outcome.frozen)
    wrong = single[rng.random(single.size) < REVERSED_SHARE]
    booked = outcome.settled[wrong] - rng.integers(7, 12, wrong.size)
    taken_back = booked + rng.integers(1, 5, wrong.size)
    return Cash(
        np.concatenate([invoice, wrong, wrong]),
        np.concatenate([paid, booked, taken_back]),
        np.concatenate([paid + late_booking(rng, paid.size), booked, taken_back]),
        np.concatenate([amount, (plan.amount - noted)[wrong], (noted - plan.amount)[wrong]]),
        np.concatenate([np.full(invoice.size + wrong.size, NONE), invoice.size + np.arange(wrong.size)]),
    )


def _parts(rng: np.random.Generator, outcome: Outcome, owed: Codes) -> tuple[Codes, Days, Codes]:
    """Invoice, day and amount of each part; the last part falls on the day of settlement and completes what is owed."""
    number = np.arange(3)
    used = number < outcome.parts[:, None]
    weight = rng.uniform(0.5, 1.5, used.shape) * used
    paid_by = np.round(owed[:, None] * weight.cumsum(axis=1) / weight.sum(axis=1, keepdims=True)).astype(np.int64)
    amount = np.diff(paid_by, axis=1, prepend=0)
    day = outcome.settled[:, None] - (outcome.parts[:, None] - 1 - number) * outcome.gap[:, None]
    invoice = np.broadcast_to(np.arange(owed.size)[:, None], used.shape)
    return invoice[used], day[used], amount[used]
