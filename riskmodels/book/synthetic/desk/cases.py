"""Cases of the desk: new facilities, also those that come to nothing, higher limits, and drawings."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from riskmodels.book.synthetic.clock import Days, stream
from riskmodels.book.synthetic.desk.hours import Hours, working_hours
from riskmodels.book.synthetic.desk.runs import CONTRACT, STAGES, Runs, Work, draw_work, finished, run_until
from riskmodels.book.synthetic.history import History, World
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.laws.desk import Applications
from riskmodels.book.synthetic.limits import limits_of
from riskmodels.book.synthetic.network import REGIONS, Codes

KINDS = ("new facility", "higher limit", "drawing")
NEW, REVIEW, DRAWING = range(3)
DECISIONS = ("approved", "declined", "withdrawn")
APPROVED, DECLINED, WITHDRAWN = range(3)
NONE = -1
BEFORE_BOOK = 400  # days before the book in which newcomers are already refused
LEAD = (30, 60)  # days from application to opening of a new facility, more where its stages take longer
SMALLEST_REQUEST = 500_000_00  # fen


@dataclass(frozen=True)
class Cases:
    """One entry per case: its kind, client (code; from the number of clients on an applicant that never became one),
    facility and invoice (rows, NONE), quality of the client, decision, stage it ends with, amount asked for in fen,
    the day it may be funded from, its region, and the day it is asked for."""

    kind: Codes
    client: Codes
    facility: Codes
    invoice: Codes
    quality: Floats
    decision: Codes
    stages: Codes
    amount: Codes
    opens: Days
    region: Codes
    applied: Days

    def take(self, rows: NDArray[np.int64]) -> Cases:
        """The cases in the given rows."""
        return Cases(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(frozen=True)
class Desk:
    """The cases of a book in the order of their start, their work and how it ran."""

    cases: Cases
    work: Work
    runs: Runs
    hours: Hours


def draw_desk(history: History) -> Desk:
    """All cases begun by the last day of the book, with what becomes of them later."""
    world = history.world
    rng = stream(world.seed, "cases")
    parts = [_new(rng, world), _newcomers(rng, world, DECLINED), _newcomers(rng, world, WITHDRAWN)]
    begun = sum(part.kind.size for part in parts)
    more = _known_clients(world.law.applications, world.plan.due.size, begun)
    reviews = round(more * world.law.applications.review_share)
    parts += [_reviews(rng, world, reviews), _drawings(rng, history, more - reviews)]
    return _worked(rng, world, _numbered(_join(parts), world.clients.quality.size))


def applicants(cases: Cases, clients: int) -> NDArray[np.int64]:
    """Rows of the cases of newcomers that never became clients, in the order of their codes."""
    rows = np.flatnonzero(cases.client >= clients)
    return rows[np.argsort(cases.client[rows])]


def _worked(rng: np.random.Generator, world: World, cases: Cases) -> Desk:
    """The cases run through their stages; a drawing whose contract came after the pay-out names no invoice."""
    law, hours = world.law.process, working_hours(world.clock.calendar)
    slow = cases.region == REGIONS.index(law.slow_region)
    work = draw_work(law, rng, cases.kind != NEW, slow, cases.stages)
    applied = hours.opening(cases.applied) + rng.uniform(0, 7, cases.kind.size)
    must_fit = np.flatnonzero((cases.kind == NEW) & (cases.facility != NONE))
    free = np.where(cases.kind == DRAWING, 0.0, hours.opening(cases.opens))
    runs = run_until(law, hours, work, applied, free, must_fit)
    paid_out = hours.opening(cases.opens)
    too_late = (cases.kind == DRAWING) & ~(finished(runs, CONTRACT) <= paid_out)
    cases = replace(cases, invoice=np.where(too_late, NONE, cases.invoice))
    runs = run_until(law, hours, work, applied, np.where(too_late, 0.0, paid_out), must_fit)
    return _in_order(Desk(cases, work, runs, hours), world.clock.last)


def _in_order(desk: Desk, last: int) -> Desk:
    begin = desk.runs.begins[:, 0, 0]
    rows = np.argsort(begin, kind="stable")
    rows = rows[desk.hours.day(begin[rows]) <= last]
    return Desk(desk.cases.take(rows), desk.work.take(rows), desk.runs.take(rows), desk.hours)


def _new(rng: np.random.Generator, world: World) -> Cases:
    """One case for each facility of the book; it is opened on the day the ledger says."""
    contracts = world.facilities
    n = contracts.client.size
    limit = limits_of(contracts, world.plan, world.clock).facility
    return Cases(
        np.full(n, NEW),
        contracts.client,
        np.arange(n),
        np.full(n, NONE),
        world.clients.quality[contracts.client],
        np.full(n, APPROVED),
        np.full(n, STAGES - 1),
        _round(limit * rng.uniform(1.0, 1.4, n)),
        contracts.opened,
        world.clients.region[contracts.client],
        contracts.opened - rng.integers(*LEAD, n),
    )


def _newcomers(rng: np.random.Generator, world: World, decision: int) -> Cases:
    """Applicants that never became clients; those declined are worse by `declined_shift` than the clients are."""
    law = world.law.applications
    per_approved = law.declined_per_approved if decision == DECLINED else law.withdrawn_per_approved
    n = round(per_approved * world.facilities.client.size)
    base = world.clients.quality
    shift = law.declined_shift if decision == DECLINED else 0.0
    early = rng.random(n) < law.early_share
    return Cases(
        np.full(n, NEW),
        np.full(n, NONE),
        np.full(n, NONE),
        np.full(n, NONE),
        base.mean() - shift + base.std() * rng.normal(size=n),
        np.full(n, decision),
        np.where(early, 0, 1),
        _round(SMALLEST_REQUEST * np.exp(rng.normal(2.5, 1.0, n))),
        np.zeros(n, dtype=np.int64),
        rng.integers(0, len(REGIONS), n),
        rng.integers(world.clock.starts[0] - BEFORE_BOOK, world.clock.last - 2, n),
    )


def _reviews(rng: np.random.Generator, world: World, n: int) -> Cases:
    """Requests for a higher limit on facilities picked at random, at any time while their client is in business."""
    facility = rng.integers(0, world.facilities.client.size, n)
    day = rng.integers(world.clock.starts[0], world.clock.last - 2, n)
    alive = day < world.client_failure.stopped[world.facilities.client[facility]]
    facility, day, n = facility[alive], day[alive], int(alive.sum())
    limit = limits_of(world.facilities, world.plan, world.clock).facility
    amount = _round(limit[facility] * rng.uniform(0.2, 0.6, n))
    return _repeat(rng, world, REVIEW, facility, np.full(n, NONE), day, amount, np.zeros(n, dtype=np.int64))


def _drawings(rng: np.random.Generator, history: History, n: int) -> Cases:
    """Drawings, each asked for when an invoice picked at random became known; declined ones name no invoice here."""
    world = history.world
    paid = np.flatnonzero(history.advances.paid_out <= world.clock.last)
    row = paid[rng.integers(0, paid.size, n if paid.size else 0)]
    invoice = history.advances.invoice[row]
    cases = _repeat(
        rng,
        world,
        DRAWING,
        world.facility[invoice],
        invoice,
        world.plan.known[invoice],
        history.advances.amount[row],
        history.advances.paid_out[row],
    )
    return replace(cases, invoice=np.where(cases.decision == APPROVED, invoice, NONE))


def _repeat(
    rng: np.random.Generator,
    world: World,
    kind: int,
    facility: Codes,
    invoice: Codes,
    day: Days,
    amount: Codes,
    opens: Days,
) -> Cases:
    """Cases of clients that have a facility; the worse the client that month, the likelier it is declined."""
    law = world.law.applications
    client = world.facilities.client[facility]
    quality = world.client_quality.value[client, np.maximum(world.clock.month(day), 0)]
    declined = rng.random(day.size) < expit(law.review_decline + law.review_quality * quality)
    stages = np.where(declined, np.where(rng.random(day.size) < law.early_share, 0, 1), STAGES - 1)
    decision = np.where(declined, DECLINED, APPROVED)
    opens = np.where(declined, 0, opens)
    kinds, region = np.full(day.size, kind), world.clients.region[client]
    return Cases(kinds, client, facility, invoice, quality, decision, stages, amount, opens, region, day)


def _numbered(cases: Cases, clients: int) -> Cases:
    """The cases with a code of its own for each newcomer, above those of the clients."""
    new = cases.client == NONE
    client = cases.client.copy()
    client[new] = clients + np.arange(new.sum())
    return replace(cases, client=client)


def _known_clients(law: Applications, invoices: int, begun: int) -> int:
    """How many reviews and drawings there are: what is left of the cases, and one for each new case at the least."""
    return max(min(invoices // law.invoices_per_case, law.most_cases) - begun, begun)


def _join(parts: list[Cases]) -> Cases:
    return Cases(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Cases)))


def _round(fen: Floats) -> Codes:
    return np.ceil(np.maximum(fen, SMALLEST_REQUEST) / 100_000_00).astype(np.int64) * 100_000_00
