"""Everything that happens in a synthetic world, before it is told as tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic import contest, facilities, network
from riskmodels.book.synthetic.cash import ACCOUNTS, Cash, draw_cash, draw_routing
from riskmodels.book.synthetic.chain import NOBODY, Chains, as_one, draw_chains
from riskmodels.book.synthetic.clock import NEVER, Clock, Days, stream
from riskmodels.book.synthetic.collect import Collected
from riskmodels.book.synthetic.cycles import Cycles, draw_cycles
from riskmodels.book.synthetic.failure import FAR, Failure, draw_client_failure, draw_debtor_failure
from riskmodels.book.synthetic.frames import ids
from riskmodels.book.synthetic.frauds import Frauds, commit, confirmed, ended, without_debt
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.lending import Advances, Assignment, draw_advances, draw_assignment
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.pace import Pace, pace_of
from riskmodels.book.synthetic.plan import Plan, draw_plan, in_own_currency, largest_due
from riskmodels.book.synthetic.quality import Quality, draw_quality, joined
from riskmodels.book.synthetic.settle import PAYERS, Outcome, draw_outcome
from riskmodels.book.synthetic.supply import resupply

SURPLUS = 1.25  # planned beyond what is asked: for business that ends with a default and invoices not yet known
BUSINESS_AFTER_STOP = (20, 70)  # days for which a debtor that has stopped paying is still invoiced


@dataclass(frozen=True)
class World:
    """Who there is, how debtors and clients fare, and the invoices written and known by the last day.

    A client that is a debtor too is one party: one identifier, one quality, one failure (`chains.client_is`).
    """

    law: Law
    seed: int
    clock: Clock
    debtors: network.Debtors
    clients: network.Clients
    relations: network.Relations
    chains: Chains
    cycles: Cycles
    facilities: facilities.Facilities
    quality: Quality
    failure: Failure
    client_quality: Quality
    client_failure: Failure
    plan: Plan
    frauds: Frauds

    @property
    def facility(self) -> Codes:
        """The facility of each invoice."""
        return self.facilities.of_relation[self.plan.relation]

    @property
    def debtor_anchor(self) -> Codes:
        """The core enterprise of each debtor's chain, -1 for none."""
        return self.chains.debtor_anchor

    @property
    def client_anchor(self) -> Codes:
        """The core enterprise of each client's chain, -1 for none."""
        return self.chains.client_anchor

    @property
    def client_tier(self) -> Codes:
        """The tier of each client in its chain, 0 for none."""
        return self.chains.client_tier

    @property
    def client_ids(self) -> Any:
        """The party_id of each client."""
        return ids("C", self.clients.quality.size)

    @property
    def debtor_ids(self) -> Any:
        """The party_id of each debtor, a client's where it is the same party."""
        own = ids("D", self.debtors.volume.size)
        both = np.flatnonzero(self.chains.debtor_is != NOBODY)
        own[both] = self.client_ids[self.chains.debtor_is[both]]
        return own


@dataclass(frozen=True)
class History:
    """What becomes of the invoices of a world.

    `passed_on`, one entry per payment: day on which the client passes on what it got from the debtor, NEVER where it
    got nothing or kept it; `commingled`, one entry per invoice: a payment of it reached the client's own account and,
    the client having failed, went no further. The debtor is discharged all the same.
    """

    world: World
    pace: Pace
    outcome: Outcome
    collected: Collected
    disputes: contest.Disputes
    notes: contest.Notes
    cash: Cash
    passed_on: Days
    commingled: NDArray[np.bool_]
    assignment: Assignment
    advances: Advances


def draw_world(law: Law, seed: int, clock: Clock, invoices: int, clients: int, debtors: int) -> World:
    """The parties, the fate of the debtors and clients, and as many invoices as asked."""
    buyers = network.draw_debtors(law, seed, debtors, clock)
    sellers = network.draw_clients(law, seed, clients, clock)
    relations = network.draw_relations(law, seed, buyers, clients)
    chains = draw_chains(law, seed, buyers, sellers, relations)
    sellers = as_one(sellers, buyers, chains)
    cycles = draw_cycles(law, seed, clock)
    quality = draw_quality(law, seed, "quality", cycles.level(buyers.base, buyers.industry, buyers.region))
    own = draw_quality(law, seed, "client quality", cycles.level(sellers.quality, sellers.industry, sellers.region))
    client_quality = joined(own, quality, chains.client_is)
    plan = draw_plan(law, seed, round(invoices * SURPLUS * clock.planned / clock.months), buyers, relations, clock)
    day, largest = largest_due(plan, ~sellers.exports[plan.client], debtors, clock)
    failure = draw_debtor_failure(law, seed, quality, day, chains, clock)
    client_failure = draw_client_failure(law, seed, client_quality, failure, chains, clock)
    plan, relations = resupply(seed, plan, relations, client_failure.stopped, sellers, chains)
    plan = in_own_currency(plan, sellers.exports[plan.client], law.clients.export_rate)
    rows, spare = _written(seed, plan, failure, largest, invoices, clock.last)
    fails, stops, quality_of = client_failure.stopped, failure.stopped, sellers.quality
    written, relations, wrong = commit(
        law, seed, plan.take(rows), spare, relations, chains, quality_of, fails, stops, clock
    )
    contracts = facilities.draw_facilities(law, seed, sellers, relations)
    people = (buyers, sellers, relations, chains, cycles, contracts)
    return World(law, seed, clock, *people, quality, failure, client_quality, client_failure, written, wrong)


def draw_history(world: World) -> History:
    """Payments, disputes and notes of a world's invoices, also those after its last day."""
    law, seed, plan, clock = world.law, world.seed, world.plan, world.clock
    pace = pace_of(
        law, plan, world.relations, world.debtors, world.quality, world.client_quality, world.cycles.breaks, clock
    )
    state = world.quality.state[plan.debtor, clock.month(plan.due)]
    contracts, facility = world.facilities, world.facility
    outcome, actions = draw_outcome(
        law, seed, plan, pace, world.failure, world.client_failure, state, contracts.recourse[facility], clock
    )
    outcome, actions = ended(law, seed, plan, world.frauds, outcome, actions, clock)
    disputes = contest.draw_disputes(seed, plan, outcome, clock.calendar)
    notes = contest.draw_notes(law, seed, plan, outcome, disputes, clock.calendar)
    notes = without_debt(plan, world.frauds, outcome, notes)
    noted = np.bincount(notes.invoice, notes.amount, minlength=plan.amount.size).astype(np.int64)
    routing = draw_routing(law, seed, contracts, facility)
    cash = draw_cash(law, seed, plan, outcome, noted, routing, world.debtors, clock.calendar)
    passed_on, kept = _through_clients(world, cash)
    commingled = np.bincount(cash.invoice[kept], minlength=plan.amount.size) > 0
    assignment = draw_assignment(law, seed, plan, contracts.disclosed[facility], clock.calendar)
    known = confirmed(law, seed, world.frauds, assignment.confirmed)
    assignment = replace(assignment, confirmed=known)
    whole = np.where(outcome.share < 1.0, FAR, outcome.settled)
    advances = draw_advances(law, seed, plan, assignment, whole, contracts, facility, clock)
    return History(world, pace, outcome, actions, disputes, notes, cash, passed_on, commingled, assignment, advances)


def _through_clients(world: World, cash: Cash) -> tuple[Days, NDArray[np.bool_]]:
    """For each payment the day the client passes it on (NEVER), and whether the client, having failed, keeps it."""
    law, n = world.law.accounts, cash.paid.size
    lag = stream(world.seed, "passing on").integers(law.pass_on_from, max(law.pass_on_from, law.pass_on_to) + 1, n)
    day = world.clock.calendar.next(cash.paid + lag)
    through = (cash.account == ACCOUNTS.index("client")) & (cash.payer != PAYERS.index("client"))
    kept = through & (day >= world.client_failure.stopped[world.plan.client[cash.invoice]])
    return np.where(through & ~kept, day, NEVER), kept


def _written(
    seed: int, plan: Plan, failure: Failure, largest: Codes, wanted: int, last: int
) -> tuple[Codes, NDArray[np.bool_]]:
    """Rows of the planned invoices that are written and known by `last`, thinned to the number wanted; which are spare.

    Only invoices that aren't the largest due of a debtor's month are thinned: those decide nobody's default.
    """
    rng = stream(seed, "written")
    end = failure.stopped + rng.integers(*BUSINESS_AFTER_STOP, failure.stopped.size)
    keep = (plan.issued <= end[plan.debtor]) & (plan.known <= last)
    decisive = np.zeros(keep.size, dtype=bool)
    decisive[largest[largest >= 0]] = True
    spare = np.flatnonzero(keep & ~decisive)
    surplus = min(max(0, int(keep.sum()) - wanted), spare.size)
    keep[rng.choice(spare, surplus, replace=False)] = False
    rows = np.flatnonzero(keep)
    return rows, ~decisive[rows]
