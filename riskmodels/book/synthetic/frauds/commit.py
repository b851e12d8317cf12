"""Who commits which fraud, and the invoices it makes; beside it the honest business that looks like it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from riskmodels.book.synthetic.chain import Chains
from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.failure import FAR
from riskmodels.book.synthetic.frauds import copies, inventions, rings
from riskmodels.book.synthetic.frauds.scheme import KINDS, LOOK_ALIKES, Batch, Frauds, added, chosen
from riskmodels.book.synthetic.law import Floats, Law
from riskmodels.book.synthetic.network import Codes, Relations
from riskmodels.book.synthetic.plan import Plan


@dataclass(frozen=True)
class Offenders:
    """One entry per client: the kind of fraud it commits (code of KINDS, 0), from and to which day, when found out."""

    kind: Codes
    start: Days
    end: Days
    found: Days

    def at_work(self, plan: Plan, name: str) -> np.ndarray:
        """Whether each invoice is of a client that commits that kind of fraud at the time."""
        c = plan.client
        return (self.kind[c] == KINDS.index(name)) & (plan.issued >= self.start[c]) & (plan.issued < self.end[c])


def draw_offenders(law: Law, seed: int, quality: Floats, stopped: Days, clock: Clock) -> Offenders:
    """The clients that commit a fraud, worse ones more often; it comes to light when they fail, if not before."""
    rng = stream(seed, "offenders")
    n, f = quality.size, law.frauds
    weight = np.exp(f.quality * quality)
    weights = np.array([f.double_financing, f.pledged_elsewhere, f.fresh_air, f.pre_invoicing])
    offenders = round(f.clients * n) if weights.any() else 0
    who = rng.choice(n, offenders, replace=False, p=weight / weight.sum())
    kind = np.zeros(n, dtype=np.int64)
    if offenders:
        kind[who] = 1 + rng.choice(weights.size, offenders, p=weights / weights.sum())
    first, last = clock.starts[0], clock.last
    start = first + (rng.uniform(0.15, 0.75, n) * (last - first)).astype(np.int64)
    found = np.minimum(start + rng.integers(f.found_from, f.found_to + 1, n), stopped)
    return Offenders(kind, start, np.minimum(start + f.months * 30, found), found)


def commit(
    law: Law,
    seed: int,
    plan: Plan,
    spare: np.ndarray,
    relations: Relations,
    chains: Chains,
    clients: Floats,
    failed: Days,
    stopped: Days,
    clock: Clock,
) -> tuple[Plan, Relations, Frauds]:
    """The plan with frauds and look-alikes in it, the relations they need, and what is wrong with each invoice.

    Honest invoices that are `spare` make room, so that there are as many as before. `clients` is the clients' quality,
    `failed` the day each of them fails, `stopped` the day each debtor stops paying.
    """
    offenders = draw_offenders(law, seed, clients, failed, clock)
    frauds = copies.labelled(law, seed, plan, spare, offenders.at_work, offenders.found)
    plan = copies.rounded(plan, frauds)
    circles, relations = rings.trades(law, seed, plan, relations, chains, failed, clock)
    batches = [
        copies.second_presentations(law, seed, plan, frauds, clock),
        copies.twins(law, seed, plan, frauds, clock),
        inventions.invented(law, seed, plan, relations, offenders, clock),
        *circles,
    ]
    many, marks, place = added(stream(seed, "order"), plan, frauds, [_while_healthy(b, stopped) for b in batches])
    marks = _cleared(marks)
    free = np.flatnonzero(_dispensable(many, marks, place[: spare.size][spare]))
    surplus = min(many.issued.size - plan.issued.size, free.size)
    gone = stream(seed, "room").choice(free, surplus, replace=False)
    many, marks, _ = chosen(many, marks, np.setdiff1d(np.arange(many.issued.size), gone))
    return many, relations, marks


def _cleared(marks: Frauds) -> Frauds:
    """The marks without those of double financing that came to nothing: an invoice presented once is honest."""
    again = np.isin(np.arange(marks.kind.size), marks.copy_of)
    once = marks.is_kind("double financing") & ~marks.presented_again & ~again
    return replace(marks, kind=np.where(once, 0, marks.kind), found=np.where(once, FAR, marks.found))


def _dispensable(plan: Plan, marks: Frauds, spare: Codes) -> np.ndarray:
    """Whether each invoice may go: a spare, honest one that isn't presented again and that no twin has to be like."""
    free = np.zeros(plan.issued.size, dtype=bool)
    free[spare] = True
    free &= (marks.kind == 0) & (marks.look_alike == 0)
    free[marks.copy_of[marks.presented_again]] = False
    twins = plan.take(np.flatnonzero(marks.look_alike == LOOK_ALIKES.index("equal twin")))
    alike = np.isin(plan.amount, twins.amount) & np.isin(plan.issued, twins.issued)
    return free & ~(alike & np.isin(plan.relation, twins.relation))


def _while_healthy(batch: Batch, stopped: Days) -> Batch:
    """The batch without invoices on debtors that had stopped paying: nobody would have advanced on those."""
    rows = np.flatnonzero(batch.plan.issued < stopped[batch.plan.debtor])
    marks = Frauds(*(getattr(batch.frauds, f.name)[rows] for f in fields(Frauds)))
    return Batch(batch.plan.take(rows), marks)
