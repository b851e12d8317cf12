"""The tables of facts: invoices, payments, credit notes, disputes and advances known by the last day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.book.synthetic import contest
from riskmodels.book.synthetic.cash import NONE, Cash
from riskmodels.book.synthetic.clock import NEVER, Days, stream
from riskmodels.book.synthetic.contest import Disputes, Notes
from riskmodels.book.synthetic.frames import days, ids, money, table, until, words
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.plan import Plan, late_booking
from riskmodels.book.synthetic.settle import PAYERS, Outcome

ADVANCED_SHARE = 0.9
GRACE_DAYS = 30


@dataclass(frozen=True)
class Assignment:
    """One entry per invoice: day of assignment to the factor and of the debtor's confirmation (NEVER)."""

    assigned: Days
    confirmed: Days


def draw_assignment(seed: int, plan: Plan) -> Assignment:
    """Assigned within a week of becoming known; confirmed, for four in five, within three weeks."""
    rng = stream(seed, "assignment")
    n = plan.known.size
    confirmed = plan.known + rng.integers(1, 21, n)
    return Assignment(plan.known + rng.integers(0, 8, n), np.where(rng.random(n) < 0.8, confirmed, NEVER))


def invoices_table(
    plan: Plan, assignment: Assignment, facility: Codes, parties: dict[str, int], last: int
) -> pd.DataFrame:
    """The invoices; `parties` is how many clients, debtors and facilities there are."""
    n = plan.amount.size
    confirmed = (assignment.confirmed != NEVER) & (assignment.confirmed <= last)
    return table(
        "invoices",
        {
            "invoice_id": ids("I", n),
            "facility_id": words(ids("F", parties["facilities"]), facility),
            "client_id": words(ids("C", parties["clients"]), plan.client),
            "debtor_id": words(ids("D", parties["debtors"]), plan.debtor),
            "number": ids("N", n),
            "currency": words(["CNY"], np.zeros(n, dtype=np.int64)),
            "amount": money(plan.amount),
            "issued_on": days(plan.issued),
            "due_on": days(plan.due),
            "assigned_on": until(assignment.assigned, last),
            "confirmed_on": until(assignment.confirmed, last),
            "confirmed_amount": np.where(confirmed, money(plan.amount), np.nan),
            "known_on": days(plan.known),
        },
    )


def payments_table(cash: Cash, outcome: Outcome, invoice_ids: np.ndarray, last: int) -> pd.DataFrame:
    """Payments known by the last day, numbered in the order in which they became known."""
    order = np.argsort(cash.known, kind="stable")
    order = order[cash.known[order] <= last]
    place = np.full(cash.known.size, NONE)
    place[order] = np.arange(order.size)
    number = ids("P", order.size)
    reverses = cash.reverses[order]
    client = outcome.payer[cash.invoice[order]] == PAYERS.index("client")
    # one invoice in four is to be paid into a supervised account, but a buy-back goes to the factor
    return table(
        "payments",
        {
            "payment_id": number,
            "invoice_id": words(invoice_ids, cash.invoice[order]),
            "paid_on": days(cash.paid[order]),
            "amount": money(cash.amount[order]),
            "payer": words(PAYERS, outcome.payer[cash.invoice[order]]),
            "received_account": words(("factor", "supervised"), np.where(client, 0, cash.invoice[order] % 4 == 0)),
            "instrument": words(("cash",), np.zeros(order.size, dtype=np.int64)),
            "reverses": words(number, np.where(reverses == NONE, NONE, place[reverses])),
            "known_on": days(cash.known[order]),
        },
    )


def notes_table(seed: int, notes: Notes, invoice_ids: np.ndarray, last: int) -> pd.DataFrame:
    """Credit notes known by the last day."""
    known = notes.issued + late_booking(stream(seed, "note booking"), notes.issued.size)
    cells = {
        "note_id": ids("K", known.size),
        "invoice_id": words(invoice_ids, notes.invoice),
        "issued_on": days(notes.issued),
        "amount": money(notes.amount),
        "reason": words(contest.NOTE_REASONS, notes.reason),
        "known_on": days(known),
    }
    return table("credit_notes", cells, known <= last)


def disputes_table(seed: int, disputes: Disputes, invoice_ids: np.ndarray, last: int) -> pd.DataFrame:
    """Disputes known by the last day; those not closed by then have no outcome yet."""
    known = disputes.opened + late_booking(stream(seed, "dispute booking"), disputes.opened.size)
    is_open = disputes.closed > last
    cells = {
        "dispute_id": ids("X", known.size),
        "invoice_id": words(invoice_ids, disputes.invoice),
        "opened_on": days(disputes.opened),
        "closed_on": until(disputes.closed, last),
        "reason": words(contest.DISPUTE_REASONS, disputes.reason),
        "outcome": words(contest.OUTCOMES, np.where(is_open, NONE, disputes.outcome)),
        "known_on": days(known),
    }
    return table("disputes", cells, known <= last)


def advances_table(
    seed: int, plan: Plan, assignment: Assignment, rate: np.ndarray, invoice_ids: np.ndarray, last: int
) -> pd.DataFrame:
    """Advances on nine in ten invoices, paid out within three days of assignment, at each one's advance `rate`."""
    rng = stream(seed, "advances")
    n = plan.amount.size
    paid_out = assignment.assigned + rng.integers(0, 4, n)
    cells = {
        "advance_id": ids("A", n),
        "invoice_id": words(invoice_ids, np.arange(n)),
        "advanced_on": days(paid_out),
        "amount": money(np.round(plan.amount * rate).astype(np.int64)),
        "due_on": days(plan.due),
        "grace_until": days(plan.due + GRACE_DAYS),
        "known_on": days(paid_out),
    }
    return table("advances", cells, (rng.random(n) < ADVANCED_SHARE) & (paid_out <= last))
