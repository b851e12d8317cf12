"""Disputes and credit notes: what reduces an invoice without cash."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.book.synthetic.clock import Days, stream
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.plan import Plan
from riskmodels.book.synthetic.settle import Outcome
from riskmodels.core.calendar import Calendar

DISPUTE_REASONS = ("quality", "quantity", "price", "delivery", "other")
OUTCOMES = ("client", "shared", "debtor")
NOTE_REASONS = ("return", "discount", "price", "quality", "set-off", "error")


@dataclass(frozen=True)
class Disputes:
    """One entry per dispute: row of its invoice, days, reason and outcome (codes)."""

    invoice: Codes
    opened: Days
    closed: Days
    reason: Codes
    outcome: Codes


@dataclass(frozen=True)
class Notes:
    """One entry per credit note: row of its invoice, day, amount in fen, reason (code)."""

    invoice: Codes
    issued: Days
    amount: Codes
    reason: Codes


def draw_disputes(seed: int, plan: Plan, outcome: Outcome, calendar: Calendar) -> Disputes:
    """The disputes, settled before the invoice is; a stopped debtor's may last long."""
    rng = stream(seed, "disputes")
    rows = np.flatnonzero(outcome.disputed)
    # the day the invoice is booked is a business day, so a business day before a later one is never before it
    first = plan.known[rows]
    span = outcome.settled[rows] - 1 - first
    opened = calendar.last(first + (rng.random(rows.size) * 0.6 * np.minimum(span, 120)).astype(np.int64))
    closed = calendar.last(opened + (rng.random(rows.size) * (first + span - opened + 1)).astype(np.int64))
    reason = rng.choice(len(DISPUTE_REASONS), rows.size, p=(0.35, 0.2, 0.2, 0.15, 0.1))
    return Disputes(rows, opened, closed, reason, rng.choice(len(OUTCOMES), rows.size, p=(0.45, 0.3, 0.25)))


def draw_notes(law: Law, seed: int, plan: Plan, outcome: Outcome, disputes: Disputes, calendar: Calendar) -> Notes:
    """One note for each dispute the debtor wins at least in part, and for a share of the other invoices."""
    rng = stream(seed, "notes")
    lost = disputes.outcome != OUTCOMES.index("client")
    latest = np.minimum(outcome.settled, plan.due) - 1
    open_long = latest >= plan.known
    plain = np.flatnonzero(~outcome.disputed & open_long & (rng.random(plan.due.size) < law.disputes.note_rate))
    first, latest = plan.known[plain], latest[plain]
    invoice = np.concatenate([disputes.invoice[lost], plain])
    issued = np.concatenate([disputes.closed[lost], calendar.last(rng.integers(first, latest + 1))])
    share = np.concatenate([rng.uniform(0.1, 0.4, lost.sum()), rng.uniform(0.05, 0.4, plain.size)])
    reason = np.concatenate([np.full(lost.sum(), NOTE_REASONS.index("quality")), _plain_reasons(rng, plain.size)])
    return Notes(invoice, issued, np.round(plan.amount[invoice] * share).astype(np.int64), reason)


def _plain_reasons(rng: np.random.Generator, n: int) -> Codes:
    return rng.choice(len(NOTE_REASONS), n, p=(0.35, 0.25, 0.15, 0.1, 0.1, 0.05))
