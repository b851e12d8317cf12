"""Who commits which fraud, and the invoices it makes; beside it the honest business that looks like it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from riskmodels.book.synthetic.chain import Chains
from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.frauds import copies, inventions, rings
from riskmodels.book.synthetic.frauds.scheme import KINDS, Batch, Frauds, added, chosen
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
    who = rng.choice(n, round(f.clients * n), replace=False, p=weight / weight.sum())
    weights = np.array([f.double_financing, f.pledged_elsewhere, f.fresh_air, f.pre_invoicing])
    kind = np.zeros(n, dtype=np.int64)
    kind[who] = 1 + rng.choice(weights.size, who.size, p=weights / weights.sum())
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
    frauds = copies.labelled(law, seed, plan, offenders.at_work, offenders.found)
    circles, relations = rings.trades(law, seed, plan, relations, chains, failed, clock)
    batches = [
        copies.second_presentations(law, seed, plan, frauds, clock),
        copies.twins(law, seed, plan, frauds, clock),
        inventions.invented(law, seed, plan, relations, offenders, clock),
        *circles,
    ]
    many, marks, place = added(plan, frauds, [_while_healthy(b, stopped) for b in batches])
    room = np.zeros(many.issued.size, dtype=bool)
    room[place[: spare.size][spare]] = True
    room &= (marks.kind == 0) & (marks.look_alike == 0)
    room[marks.copy_of[marks.presented_again]] = False
    free = np.flatnonzero(room)
    surplus = min(many.issued.size - plan.issued.size, free.size)
    gone = stream(seed, "room").choice(free, surplus, replace=False)
    many, marks, _ = chosen(many, marks, np.setdiff1d(np.arange(many.issued.size), gone))
    return many, relations, marks


def _while_healthy(batch: Batch, stopped: Days) -> Batch:
    """The batch without invoices on debtors that had stopped paying: nobody would have advanced on those."""
    rows = np.flatnonzero(batch.plan.issued < stopped[batch.plan.debtor])
    marks = Frauds(*(getattr(batch.frauds, f.name)[rows] for f in fields(Frauds)))
    return Batch(batch.plan.take(rows), marks)
