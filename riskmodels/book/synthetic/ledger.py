"""The tables of facts: invoices, payments, credit notes, disputes and advances known by the last day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.synthetic import contest
from riskmodels.book.synthetic.cash import ACCOUNTS, NONE
from riskmodels.book.synthetic.clock import NEVER, by_day, stream
from riskmodels.book.synthetic.desk.receipts import receipt_ids
from riskmodels.book.synthetic.frames import days, ids, money, table, until, words
from riskmodels.book.synthetic.history import History, World
from riskmodels.book.synthetic.network import INSTRUMENTS
from riskmodels.book.synthetic.plan import late_booking
from riskmodels.book.synthetic.settle import PAYERS

GRACE_DAYS = 30


def invoices_table(history: History, more: dict[str, Any]) -> pd.DataFrame:
    """The invoices; `more` are columns that others fill, one cell per invoice."""
    world, assignment = history.world, history.assignment
    plan, last = world.plan, world.clock.last
    n = plan.amount.size
    confirmed = (assignment.confirmed != NEVER) & (assignment.confirmed <= last)
    cells = {
        "invoice_id": ids("I", n),
        "facility_id": words(ids("F", world.facilities.client.size), world.facility),
        "client_id": words(world.client_ids, plan.client),
        "debtor_id": words(world.debtor_ids, plan.debtor),
        "number": ids("N", n),
        "currency": currencies(world),
        "amount": money(plan.amount),
        "issued_on": days(plan.issued),
        "due_on": days(plan.due),
        "assigned_on": until(assignment.assigned, last),
        "confirmed_on": until(assignment.confirmed, last),
        "confirmed_amount": np.where(confirmed, money(plan.amount), np.nan),
        "known_on": days(plan.known),
    }
    return table("invoices", cells | more)


def currencies(world: World) -> Any:
    """The currency of each invoice, its facility's."""
    return words(world.facilities.currencies, world.facilities.currency[world.facility])


def payments_table(history: History) -> pd.DataFrame:
    """Payments known by the last day, numbered in the order in which they became known."""
    cash, last = history.cash, history.world.clock.last
    order = np.argsort(cash.known, kind="stable")
    order = order[cash.known[order] <= last]
    place = np.full(cash.known.size, NONE)
    place[order] = np.arange(order.size)
    number = ids("P", order.size)
    reverses = cash.reverses[order]
    cells = {
        "payment_id": number,
        "invoice_id": words(ids("I", history.world.plan.amount.size), cash.invoice[order]),
        "paid_on": days(cash.paid[order]),
        "amount": money(cash.amount[order]),
        "payer": words(PAYERS, cash.payer[order]),
        "received_account": words(ACCOUNTS, cash.account[order]),
        "instrument": words(INSTRUMENTS, cash.instrument[order]),
        "matures_on": days(cash.matures[order]),
        "receipt_id": words(receipt_ids(history), cash.receipt[order]),
        "reverses": words(number, np.where(reverses == NONE, NONE, place[reverses])),
        "known_on": days(cash.known[order]),
    }
    return table("payments", cells)


def notes_table(history: History) -> pd.DataFrame:
    """Credit notes known by the last day."""
    notes, clock = history.notes, history.world.clock
    rng = stream(history.world.seed, "note booking")
    known = clock.calendar.next(notes.issued + late_booking(rng, notes.issued.size))
    order = by_day(rng, known)
    order = order[known[order] <= clock.last]
    cells = {
        "note_id": ids("K", order.size),
        "invoice_id": words(ids("I", history.world.plan.amount.size), notes.invoice[order]),
        "issued_on": days(notes.issued[order]),
        "amount": money(notes.amount[order]),
        "reason": words(contest.NOTE_REASONS, notes.reason[order]),
        "known_on": days(known[order]),
    }
    return table("credit_notes", cells)


def disputes_table(history: History) -> pd.DataFrame:
    """Disputes known by the last day; those not closed by then have no outcome yet."""
    disputes, clock = history.disputes, history.world.clock
    booked = late_booking(stream(history.world.seed, "dispute booking"), disputes.opened.size)
    known = clock.calendar.next(disputes.opened + booked)
    is_open = disputes.closed > clock.last
    cells = {
        "dispute_id": ids("X", known.size),
        "invoice_id": words(ids("I", history.world.plan.amount.size), disputes.invoice),
        "opened_on": days(disputes.opened),
        "closed_on": until(disputes.closed, clock.last),
        "reason": words(contest.DISPUTE_REASONS, disputes.reason),
        "outcome": words(contest.OUTCOMES, np.where(is_open, NONE, disputes.outcome)),
        "known_on": days(known),
    }
    return table("disputes", cells, known <= clock.last)


def advances_table(history: History) -> pd.DataFrame:
    """The advances paid out by the last day, to be repaid when the invoice is due."""
    advances, plan = history.advances, history.world.plan
    due = plan.due[advances.invoice]
    n = plan.amount.size
    cells = {
        "advance_id": words(ids("A", n), advances.invoice),
        "invoice_id": words(ids("I", n), advances.invoice),
        "advanced_on": days(advances.paid_out),
        "amount": money(advances.amount),
        "due_on": days(due),
        "grace_until": days(due + GRACE_DAYS),
        "known_on": days(advances.paid_out),
    }
    return table("advances", cells, advances.paid_out <= history.world.clock.last)
