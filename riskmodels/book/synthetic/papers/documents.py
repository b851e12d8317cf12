"""What is on paper for each invoice: contract, tax invoice and its state, acceptance, registration, what was seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import NEVER, Days, stream
from riskmodels.book.synthetic.contest import Notes
from riskmodels.book.synthetic.frames import ids, until, words
from riskmodels.book.synthetic.frauds import LOOK_ALIKES, Frauds
from riskmodels.book.synthetic.history import History
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.laws.papers import Documents
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.plan import Plan

TAX_STATES = ("valid", "voided", "red-flushed")
PAPERS = ("contract", "tax_invoice", "logistics", "acceptance")
TAX_REGION = "243100000000"  # how the codes of digital tax invoices begin
VOIDED_WITHIN = 25  # days after issue
FLUSHED_WITHIN = 10  # days after the credit note
SLOW_DAYS = (20, 61)  # from issue to acceptance where delivery comes late, or quality is tested for long


def documents(history: History) -> dict[str, Any]:
    """Columns of the invoices table; nothing is told that was known after the book's last day."""
    world, law = history.world, history.world.law
    plan, marks, last = world.plan, world.frauds, world.clock.last
    rng = stream(world.seed, "documents")
    n, assigned = plan.issued.size, history.assignment.assigned
    state, since = _tax_state(law.documents, rng, plan, history.notes, last)
    verified = _some(rng, law.documents.verified, assigned + rng.integers(0, 11, n))
    accepted = _accepted(law, rng, plan, marks)
    told = world.facilities.disclosed[world.facility]
    return {
        "number": ids("N", n).take(marks.paper),
        "contract_no": _contracts(plan),
        "tax_invoice_code": ids(TAX_REGION, n).take(marks.paper),
        "tax_state": words(TAX_STATES, state),
        "tax_state_on": until(since, last),
        "accepted_on": until(accepted, last),
        "notified_on": until(np.where(told, assigned + rng.integers(0, 6, n), NEVER), last),
        "registered_on": until(_some(rng, law.documents.registered, assigned + rng.integers(0, 4, n)), last),
        "verified_on": until(verified, last),
        **_seen(law, rng, verified, accepted, marks, last),
    }


def _some(rng: np.random.Generator, share: float, days: Days) -> Days:
    """The days for that share of rows, NEVER for the others."""
    return np.where(rng.random(days.size) < share, days, NEVER)


def _accepted(law: Law, rng: np.random.Generator, plan: Plan, marks: Frauds) -> Days:
    """The day the debtor accepted the goods: late where they came late, never where there were none."""
    n = plan.issued.size
    usual = np.ceil(law.documents.acceptance_days * np.exp(0.6 * rng.normal(size=n))).astype(np.int64)
    late = marks.is_kind("pre-invoicing") | (marks.look_alike == LOOK_ALIKES.index("slow acceptance"))
    day = plan.issued + np.where(late, rng.integers(*SLOW_DAYS, n), usual)
    forged = rng.random(n) < law.false_papers.acceptance
    nothing_came = marks.is_kind("fresh air", "circular trade") & ~forged
    return np.where(nothing_came, NEVER, _some(rng, law.documents.accepted, day))


def _tax_state(law: Documents, rng: np.random.Generator, plan: Plan, notes: Notes, last: int) -> tuple[Codes, Days]:
    """The last state of each tax invoice by the book's last day, and the day from which it holds."""
    n = plan.issued.size
    noted = np.full(n, NEVER)
    noted[notes.invoice] = notes.issued
    voided = np.where(rng.random(n) < law.voided, plan.issued + rng.integers(1, VOIDED_WITHIN, n), NEVER)
    flush = (noted != NEVER) & (rng.random(n) < law.red_flushed)
    flushed = np.where(flush, noted + rng.integers(0, FLUSHED_WITHIN, n), NEVER)
    is_flushed = (flushed != NEVER) & (flushed <= last)
    is_voided = (voided != NEVER) & (voided <= last) & ~is_flushed
    since = np.where(is_flushed, flushed, np.where(is_voided, voided, plan.issued))
    return np.where(is_flushed, 2, np.where(is_voided, 1, 0)), since


def _contracts(plan: Plan) -> Any:
    """One trade contract for each relation."""
    used, code = np.unique(plan.relation, return_inverse=True)
    return words(ids("HT", int(used.max()) + 1).take(used), code)


def _seen(
    law: Law, rng: np.random.Generator, verified: Days, accepted: Days, marks: Frauds, last: int
) -> dict[str, Any]:
    """Whether each paper was seen when documents were checked; empty where they weren't."""
    n, share = verified.size, law.documents
    checked = (verified != NEVER) & (verified <= last)
    delivered = ~marks.is_kind("fresh air", "circular trade") | (rng.random(n) < law.false_papers.logistics)
    delivered &= marks.look_alike != LOOK_ALIKES.index("services")
    # no proof of delivery or acceptance before the goods are accepted
    there = {"logistics": delivered, "acceptance": (accepted != NEVER) & (accepted <= verified)}
    seen = {p: (rng.random(n) < getattr(share, p)) & there.get(p, True) for p in PAPERS}
    cells = {f"has_{p}": pd.arrays.BooleanArray(s, ~checked) for p, s in seen.items()}
    return {"non_assignable": pd.arrays.BooleanArray(rng.random(n) < share.forbidden, ~checked), **cells}
