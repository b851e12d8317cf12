"""How frauds end: kept alive with the client's own money until found out, then credited in full; or paid late."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskmodels.book.synthetic.clock import NEVER, Clock, Days, stream
from riskmodels.book.synthetic.collect import Collected
from riskmodels.book.synthetic.contest import NOTE_REASONS, Notes
from riskmodels.book.synthetic.frauds.scheme import Frauds
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.plan import Plan
from riskmodels.book.synthetic.settle import PAYERS, Outcome

PAID = (-3, 13)  # days from due date to payment, while a fraud is kept alive
CREDITED = (5, 41)  # days after it is found out, and after it is booked
LATEST = 80  # days past due at which the last of it is credited or paid: no debtor defaults for another's fraud


def ended(
    law: Law, seed: int, plan: Plan, frauds: Frauds, outcome: Outcome, collected: Collected, clock: Clock
) -> tuple[Outcome, Collected]:
    """The outcome with that of frauds, and the collection actions without those on frauds.

    A staged invoice is paid around its due date, by the client or, in a cycle, by the next member, until the fraud is
    found out; then nothing is paid, and `settled` is the day of the credit note. One invoiced before delivery is paid
    as many days later as it was too early.
    """
    rng, n = stream(seed, "endings"), plan.due.size
    paid = clock.calendar.next(np.maximum(plan.due + rng.integers(*PAID, n), plan.known))
    credited = _credited(rng, plan, frauds, clock)
    staged, unpaid = frauds.staged, frauds.staged & (paid >= frauds.found)
    early = frauds.is_kind("pre-invoicing") & ~outcome.frozen
    later = outcome.settled + rng.integers(law.frauds.early_from, law.frauds.early_to + 1, n)
    later = np.maximum(clock.calendar.last(np.minimum(later, plan.due + LATEST)), outcome.settled)
    settled = np.where(unpaid, credited, np.where(staged, paid, np.where(early, later, outcome.settled)))
    circular = frauds.is_kind("circular trade")
    changed = replace(
        outcome,
        disputed=outcome.disputed & ~staged,
        frozen=outcome.frozen & ~staged,
        settled=settled,
        days_late=np.where(staged | early, settled - plan.due, outcome.days_late),
        payer=np.where(staged, np.where(circular, PAYERS.index("debtor"), PAYERS.index("client")), outcome.payer),
        share=np.where(unpaid, 0.0, np.where(staged, 1.0, outcome.share)),
        parts=np.where(staged, 1, outcome.parts),
    )
    kept = ~(staged | early)
    return changed, Collected(collected.treated & kept, np.where(kept, collected.day, NEVER))


def _credited(rng: np.random.Generator, plan: Plan, frauds: Frauds, clock: Clock) -> Days:
    """The day of the note that takes an invoice off the books once the fraud is found out."""
    found = np.minimum(frauds.found, plan.due + LATEST)
    day = np.maximum(found, plan.known) + rng.integers(*CREDITED, plan.due.size)
    return np.maximum(clock.calendar.last(np.minimum(day, plan.due + LATEST)), plan.known)


def without_debt(plan: Plan, frauds: Frauds, outcome: Outcome, notes: Notes) -> Notes:
    """The credit notes: none on staged invoices but the one that takes the whole invoice off the books."""
    genuine = ~frauds.staged[notes.invoice]
    rows = np.flatnonzero(frauds.staged & (outcome.share == 0))
    reason = np.full(rows.size, NOTE_REASONS.index("error"))
    return Notes(
        np.concatenate([notes.invoice[genuine], rows]),
        np.concatenate([notes.issued[genuine], outcome.settled[rows]]),
        np.concatenate([notes.amount[genuine], plan.amount[rows]]),
        np.concatenate([notes.reason[genuine], reason]),
    )


def confirmed(law: Law, seed: int, frauds: Frauds, days: Days) -> Days:
    """The days on which debtors confirmed invoices: of those nobody owes only some seem to be confirmed."""
    forged = stream(seed, "forged confirmations").random(days.size) < law.false_papers.confirmed
    return np.where(frauds.staged & ~forged, NEVER, days)
