"""Everything that happens in a synthetic world, before it is told as tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.book.synthetic import contest, facilities, network
from riskmodels.book.synthetic.cash import Cash, draw_cash
from riskmodels.book.synthetic.clock import Clock, stream
from riskmodels.book.synthetic.failure import Failure, draw_failure
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.ledger import Assignment, draw_assignment
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.pace import Pace, pace_of
from riskmodels.book.synthetic.plan import Plan, draw_plan, largest_due
from riskmodels.book.synthetic.quality import Quality, draw_quality
from riskmodels.book.synthetic.settle import Outcome, draw_outcome

SURPLUS = 1.25  # planned beyond what is asked: for business that ends with a default and invoices not yet known
BUSINESS_AFTER_STOP = (20, 70)  # days for which a debtor that has stopped paying is still invoiced


@dataclass(frozen=True)
class World:
    """Who there is, how debtors fare, and the invoices written and known by the last day."""

    law: Law
    seed: int
    clock: Clock
    debtors: network.Debtors
    clients: network.Clients
    relations: network.Relations
    facilities: facilities.Facilities
    quality: Quality
    failure: Failure
    plan: Plan

    @property
    def facility(self) -> Codes:
        """The facility of each invoice."""
        return self.facilities.of_relation[self.plan.relation]


@dataclass(frozen=True)
class History:
    """What becomes of the invoices of a world."""

    world: World
    pace: Pace
    outcome: Outcome
    disputes: contest.Disputes
    notes: contest.Notes
    cash: Cash
    assignment: Assignment


def draw_world(law: Law, seed: int, clock: Clock, invoices: int, clients: int, debtors: int) -> World:
    """The parties, the fate of the debtors, and as many invoices as asked."""
    buyers = network.draw_debtors(law, seed, debtors, clock)
    sellers = network.draw_clients(seed, clients, clock)
    relations = network.draw_relations(law, seed, buyers, clients)
    contracts = facilities.draw_facilities(seed, sellers, relations)
    quality = draw_quality(law, seed, buyers.base, buyers.industry, clock.total)
    plan = draw_plan(seed, round(invoices * SURPLUS * clock.planned / clock.months), buyers, relations, clock)
    day, largest = largest_due(plan, debtors, clock)
    failure = draw_failure(law, seed, quality, day)
    written = plan.take(_written(seed, plan, failure, largest, invoices, clock.last))
    return World(law, seed, clock, buyers, sellers, relations, contracts, quality, failure, written)


def draw_history(world: World) -> History:
    """Payments, disputes and notes of a world's invoices, also those after its last day."""
    law, seed, plan = world.law, world.seed, world.plan
    pace = pace_of(law, plan, world.clients, world.relations, world.quality, world.clock)
    state = world.quality.state[plan.debtor, world.clock.month(plan.due)]
    recourse = world.facilities.recourse[world.facility]
    outcome = draw_outcome(law, seed, plan, pace, world.failure, state, recourse)
    disputes = contest.draw_disputes(seed, plan, outcome)
    notes = contest.draw_notes(law, seed, plan, outcome, disputes)
    noted = np.bincount(notes.invoice, notes.amount, minlength=plan.amount.size).astype(np.int64)
    cash = draw_cash(seed, plan, outcome, noted)
    return History(world, pace, outcome, disputes, notes, cash, draw_assignment(seed, plan))


def _written(seed: int, plan: Plan, failure: Failure, largest: Codes, wanted: int, last: int) -> Codes:
    """Rows of the planned invoices that are written and known by `last`, thinned to the number wanted.

    Only invoices that aren't the largest due of a debtor's month are thinned: those decide nobody's default.
    """
    rng = stream(seed, "written")
    end = failure.stopped + rng.integers(*BUSINESS_AFTER_STOP, failure.stopped.size)
    rows = np.flatnonzero((plan.issued <= end[plan.debtor]) & (plan.known <= last))
    spare = rows[~np.isin(rows, largest)]
    surplus = min(max(0, rows.size - wanted), spare.size)
    return np.setdiff1d(rows, rng.choice(spare, surplus, replace=False))
