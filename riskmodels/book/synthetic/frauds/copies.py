"""Invoices presented twice, here or elsewhere, or before delivery; and honest twins of equal amount."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.failure import FAR
from riskmodels.book.synthetic.frauds.scheme import KINDS, LOOK_ALIKES, NONE, Batch, Frauds, honest
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.plan import Plan, late_booking

AGAIN_DAYS = (3, 26)  # after the first presentation
ROUND = 10_000_00  # fen


def labelled(
    law: Law, seed: int, plan: Plan, spare: np.ndarray, at_work: Callable[[Plan, str], np.ndarray], found: Days
) -> Frauds:
    """What is wrong with the invoices of the plan: true trade, but pledged elsewhere or invoiced before delivery; and
    those that are only accepted slowly, or are for services."""
    rng = stream(seed, "labelled")
    n = plan.issued.size
    kind = np.zeros(n, dtype=np.int64)
    for name, share in (("pledged elsewhere", law.frauds.pledged), ("pre-invoicing", law.frauds.early)):
        kind[at_work(plan, name) & (rng.random(n) < share)] = KINDS.index(name)
    first = at_work(plan, "double financing") & (rng.random(n) < law.frauds.doubled)
    kind[first] = KINDS.index("double financing")
    u, slow, services = rng.random(n), law.look_alikes.slow_acceptance, law.look_alikes.services
    look_alike = np.where(u < slow, LOOK_ALIKES.index("slow acceptance"), 0)
    look_alike[spare & (u >= slow) & (u < slow + services)] = LOOK_ALIKES.index("services")
    look_alike[kind > 0] = 0
    return replace(honest(n), kind=kind, look_alike=look_alike, found=np.where(kind > 0, found[plan.client], FAR))


def rounded(plan: Plan, frauds: Frauds) -> Plan:
    """The plan with round amounts for services."""
    services = frauds.look_alike == LOOK_ALIKES.index("services")
    amount = np.maximum(ROUND, np.round(plan.amount / ROUND).astype(np.int64) * ROUND)
    return replace(plan, amount=np.where(services, amount, plan.amount))


def second_presentations(law: Law, seed: int, plan: Plan, frauds: Frauds, clock: Clock) -> Batch:
    """A second row for each invoice of double financing: the same receivable, now and then under another number."""
    rng = stream(seed, "second presentations")
    rows = np.flatnonzero(frauds.is_kind("double financing"))
    known = clock.calendar.next(plan.known[rows] + rng.integers(*AGAIN_DAYS, rows.size))
    keep = (known <= clock.last) & (known <= plan.due[rows])
    rows, known = rows[keep], known[keep]
    own_number = rng.random(rows.size) < law.frauds.altered
    marks = replace(
        honest(rows.size),
        kind=frauds.kind[rows],
        paper=np.where(own_number, NONE, rows),
        copy_of=rows,
        found=frauds.found[rows],
    )
    return Batch(replace(plan.take(rows), known=known), marks)


def twins(law: Law, seed: int, plan: Plan, frauds: Frauds, clock: Clock) -> Batch:
    """For some honest invoices a second one of the same day and amount: two deliveries, each with its own papers."""
    rng = stream(seed, "twins")
    share = rng.random(plan.issued.size) < law.look_alikes.twins
    rows = np.flatnonzero(share & (frauds.kind == 0) & (frauds.look_alike == 0))
    known = clock.calendar.next(plan.issued[rows] + late_booking(rng, rows.size))
    rows, known = rows[known <= clock.last], known[known <= clock.last]
    return Batch(replace(plan.take(rows), known=known), look_alikes(rows.size, "equal twin"))


def look_alikes(n: int, name: str, ring: Codes | None = None) -> Frauds:
    """Honest invoices to add that look like fraud, with papers of their own."""
    marks = replace(honest(n), paper=np.full(n, NONE), look_alike=np.full(n, LOOK_ALIKES.index(name)))
    return marks if ring is None else replace(marks, ring=ring)
