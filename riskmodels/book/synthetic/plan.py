"""The invoices that would be written if every debtor stayed healthy: business doesn't depend on payment."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import NEVER, Clock, Days, stream
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import Codes, Debtors, Relations

SMALLEST = 20_000_00  # fen
YEARLY_GROWTH = 0.12


@dataclass(frozen=True)
class Plan:
    """One entry per invoice, by day of issue: relation, days, amount in fen, its `size` in standard units."""

    relation: Codes
    debtor: Codes
    client: Codes
    issued: Days
    known: Days
    due: Days
    amount: Codes
    size: Floats

    def take(self, rows: NDArray[np.int64]) -> Plan:
        """The invoices in the given rows."""
        return Plan(*(getattr(self, f.name)[rows] for f in fields(self)))


def draw_plan(seed: int, n: int, debtors: Debtors, relations: Relations, clock: Clock) -> Plan:
    """n invoices over the planned months; both number and amount grow with the root of the debtor's volume."""
    rng = stream(seed, "invoices")
    relation = _pick_relations(rng, n, debtors, relations, clock)
    debtor = relations.debtor[relation]
    issued = _issue_days(rng, debtors.joins[debtor], clock)
    order = np.argsort(issued, kind="stable")
    relation, debtor, issued = relation[order], debtor[order], issued[order]
    size = rng.normal(size=n)
    amount = 150_000_00 * np.sqrt(debtors.volume[debtor]) * np.exp(0.7 * size)
    return Plan(
        relation,
        debtor,
        relations.client[relation],
        issued,
        issued + late_booking(rng, n),
        issued + relations.terms[relation],
        np.maximum(SMALLEST, np.round(amount, -2)).astype(np.int64),
        size,
    )


def late_booking(rng: np.random.Generator, n: int) -> Days:
    """Days until a fact is booked: none for seven in ten, else one to five."""
    return np.where(rng.random(n) < 0.7, 0, rng.integers(1, 6, n))


def largest_due(plan: Plan, debtors: int, clock: Clock) -> tuple[Days, Codes]:
    """For each debtor and month, the due day of the largest invoice falling due (NEVER if none), and its row (-1)."""
    order = np.argsort(plan.amount, kind="stable")
    day = np.full((debtors, clock.total), NEVER)
    row = np.full((debtors, clock.total), -1)
    cell = plan.debtor[order], clock.month(plan.due[order])
    # numpy keeps the last of repeated assignments, here the largest
    day[cell], row[cell] = plan.due[order], order
    return day, row


def _pick_relations(rng: np.random.Generator, n: int, debtors: Debtors, relations: Relations, clock: Clock) -> Codes:
    open_share = 1.0 - debtors.joins / clock.planned
    weight = (np.sqrt(debtors.volume) * open_share)[relations.debtor] * relations.share
    return rng.choice(weight.size, n, p=weight / weight.sum())


def _issue_days(rng: np.random.Generator, joins: Codes, clock: Clock) -> Days:
    busy = np.array([1.0, 0.7, 1.05, 1.0, 1.0, 1.05, 0.95, 0.95, 1.05, 1.0, 1.1, 1.2])
    months = np.arange(clock.planned)
    weight = (1 + YEARLY_GROWTH) ** (months / 12) * busy[clock.calendar_month(months) - 1]
    below = np.concatenate([[0.0], weight.cumsum()])
    mass = below[joins] + rng.random(joins.size) * (below[-1] - below[joins])
    month = np.clip(np.searchsorted(below, mass, side="right") - 1, joins, clock.planned - 1)
    length = np.diff(clock.starts)[month]
    return clock.starts[month] + (rng.random(joins.size) * length).astype(np.int64)
