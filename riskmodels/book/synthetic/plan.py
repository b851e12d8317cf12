"""The invoices that would be written if every debtor stayed healthy: business doesn't depend on payment."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import NEVER, Clock, Days, stream
from riskmodels.book.synthetic.law import Floats, Law
from riskmodels.book.synthetic.network import INDUSTRIES, Codes, Debtors, Relations

SMALLEST = 20_000_00  # fen
TYPICAL = 150_000_00  # fen, times the root of the debtor's volume
SIZE_SPREAD = 0.7  # of the log of amounts around the typical one


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


def draw_plan(law: Law, seed: int, n: int, debtors: Debtors, relations: Relations, clock: Clock) -> Plan:
    """n invoices over the planned months; both number and amount grow with the root of the debtor's volume."""
    rng = stream(seed, "invoices")
    relation = _pick_relations(rng, n, debtors, relations, clock)
    debtor = relations.debtor[relation]
    issued = clock.calendar.next(_issue_days(law, rng, season_peaks(seed), debtors, debtor, clock))
    order = np.argsort(issued, kind="stable")
    relation, debtor, issued = relation[order], debtor[order], issued[order]
    size = rng.normal(size=n)
    amount = TYPICAL * np.sqrt(debtors.volume[debtor]) * np.exp(SIZE_SPREAD * size)
    return Plan(
        relation,
        debtor,
        relations.client[relation],
        issued,
        clock.calendar.next(issued + late_booking(rng, n)),
        issued + relations.terms[relation],
        np.maximum(SMALLEST, np.round(amount, -2)).astype(np.int64),
        size,
    )


def season_peaks(seed: int) -> Floats:
    """The time of the year, in months from 0 to 12, at which each industry is busiest."""
    return stream(seed, "seasons").uniform(0, 12, len(INDUSTRIES))


def late_booking(rng: np.random.Generator, n: int) -> Days:
    """Days until a fact is booked: none for seven in ten, else one to five."""
    return np.where(rng.random(n) < 0.7, 0, rng.integers(1, 6, n))


def in_own_currency(plan: Plan, foreign: NDArray[np.bool_], rate: float) -> Plan:
    """The plan, its foreign invoices in a currency of which one unit costs `rate` yuan."""
    return replace(plan, amount=np.where(foreign, np.round(plan.amount / rate, -2).astype(np.int64), plan.amount))


def largest_due(plan: Plan, among: NDArray[np.bool_], debtors: int, clock: Clock) -> tuple[Days, Codes]:
    """For each debtor and month, the due day of the largest invoice falling due (NEVER if none), and its row (-1)."""
    order = np.flatnonzero(among)
    order = order[np.argsort(plan.amount[order], kind="stable")]
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


def _issue_days(
    law: Law, rng: np.random.Generator, peaks: Floats, debtors: Debtors, debtor: Codes, clock: Clock
) -> Days:
    """A day for each invoice: business grows, and each industry has its season besides the calendar's own."""
    busy = np.array([1.0, 0.7, 1.05, 1.0, 1.0, 1.05, 0.95, 0.95, 1.05, 1.0, 1.1, 1.2])
    months = np.arange(clock.planned)
    calendar_month = clock.calendar_month(months)
    own = 1 + law.business.season_height * np.cos(2 * np.pi * (calendar_month - peaks[:, None]) / 12)
    weight = own * (1 + law.business.yearly_growth) ** (months / 12) * busy[calendar_month - 1]
    below = np.column_stack([np.zeros(len(INDUSTRIES)), (weight / weight.sum(axis=1, keepdims=True)).cumsum(axis=1)])
    industry, joins = debtors.industry[debtor], debtors.joins[debtor]
    from_start = below[industry, joins]
    mass = from_start + rng.random(debtor.size) * (1.0 - from_start)
    # one row of shares per industry, each a unit further on, makes one sorted list of all
    shelf = (below[:, 1:] + np.arange(len(INDUSTRIES))[:, None]).ravel()
    month = np.searchsorted(shelf, mass + industry, side="right") - industry * clock.planned
    month = np.clip(month, joins, clock.planned - 1)
    length = np.diff(clock.starts)[month]
    return clock.starts[month] + (rng.random(joins.size) * length).astype(np.int64)
