"""Cycles of trade among parties that both sell and buy: money and paper that go round, and true ones."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from riskmodels.book.synthetic.chain import NOBODY, Chains
from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.frauds.copies import look_alikes
from riskmodels.book.synthetic.frauds.scheme import KINDS, NONE, Batch, honest
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.network import TERMS, Codes, Relations
from riskmodels.book.synthetic.plan import SMALLEST, Plan, late_booking

PARTIES = 3
ROUND_DAYS = (25, 46)  # from one round of a staged cycle to the next
WITHIN_DAYS = 6  # a staged round's invoices are written within
CLOSE = 0.02  # amounts of a staged round differ by, as a logarithm


def trades(
    law: Law, seed: int, plan: Plan, relations: Relations, chains: Chains, stopped: Days, clock: Clock
) -> tuple[list[Batch], Relations]:
    """The invoices of staged and of true cycles, and the relations with theirs added."""
    rng = stream(seed, "rings")
    both = np.flatnonzero(chains.client_is != NOBODY)
    per_hundred = chains.client_is.size / 100
    rings = rng.permutation(both)[: both.size // PARTIES * PARTIES].reshape(-1, PARTIES)
    staged = rings[: round(law.frauds.rings * per_hundred)]
    true = rings[len(staged) : len(staged) + round(law.look_alikes.cycles * per_hundred)]
    members = np.concatenate([staged, true])
    own = _relations(members, chains)
    grown = Relations(*(np.concatenate([getattr(r, f.name) for r in (relations, own)]) for f in fields(Relations)))
    base = relations.debtor.size + np.arange(members.size).reshape(members.shape)
    usual = float(np.median(plan.amount))
    made = [
        _staged(law, rng, base[: len(staged)], grown, stopped, usual, clock),
        _true(law, rng, base[len(staged) :], len(staged), grown, stopped, usual, clock),
    ]
    return made, grown


def _relations(members: Codes, chains: Chains) -> Relations:
    """Each member of a ring sells to the next, the last to the first."""
    client = members.ravel()
    debtor = chains.client_is[np.roll(members, -1, axis=1).ravel()]
    nothing = np.zeros(client.size)
    return Relations(debtor, client, np.full(client.size, TERMS[1]), nothing, nothing)


def _staged(
    law: Law, rng: np.random.Generator, relation: Codes, relations: Relations, stopped: Days, usual: float, clock: Clock
) -> Batch:
    """Round by round the same amount goes round within days, until the first member fails or it is found out."""
    rings, rounds = len(relation), law.frauds.rounds
    gap = rng.integers(*ROUND_DAYS, (rings, rounds)).cumsum(axis=1)
    start = clock.starts[0] + rng.integers(60, max(61, (clock.last - clock.starts[0]) * 2 // 3), (rings, 1))
    day = (start + gap)[:, :, None] + rng.integers(0, WITHIN_DAYS, (rings, rounds, PARTIES))
    amount = usual * np.exp(0.5 * rng.normal(size=(rings, rounds, 1)) + CLOSE * rng.normal(size=day.shape))
    fails = stopped[relations.client[relation]].min(axis=1, initial=np.iinfo(np.int64).max)
    exposed = start[:, 0] + rng.integers(law.frauds.found_from, law.frauds.found_to + 1, rings)
    found = np.broadcast_to(np.minimum(exposed, fails)[:, None, None], day.shape)
    ring = np.broadcast_to(np.arange(rings)[:, None, None], day.shape)
    made, kept = _made(rng, np.broadcast_to(relation[:, None, :], day.shape), day, amount, relations, found, clock)
    n = made.issued.size
    marks = replace(
        honest(n),
        kind=np.full(n, KINDS.index("circular trade")),
        paper=np.full(n, NONE),
        ring=ring.ravel()[kept],
        found=found.ravel()[kept],
    )
    return Batch(made, marks)


def _true(
    law: Law,
    rng: np.random.Generator,
    relation: Codes,
    first: int,
    relations: Relations,
    stopped: Days,
    usual: float,
    clock: Clock,
) -> Batch:
    """Three parties that buy from one another all the time, each as much as it needs, when it needs it."""
    shape = (len(relation), law.look_alikes.rounds, PARTIES)
    day = clock.starts[0] + (rng.random(shape) * (clock.last - clock.starts[0])).astype(np.int64)
    amount = usual * np.exp(0.7 * rng.normal(size=shape))
    wide = np.broadcast_to(relation[:, None, :], shape)
    ring = np.broadcast_to(first + np.arange(len(relation))[:, None, None], shape)
    made, kept = _made(rng, wide, day, amount, relations, stopped[relations.client[wide]], clock)
    return Batch(made, look_alikes(made.issued.size, "true cycle", ring.ravel()[kept]))


def _made(
    rng: np.random.Generator,
    relation: Codes,
    day: Days,
    amount: np.ndarray,
    relations: Relations,
    end: Days,
    clock: Clock,
) -> tuple[Plan, Codes]:
    """Invoices of the relations, those written before the `end` and known by the last day, and which these are."""
    relation, issued = relation.ravel(), clock.calendar.next(day.ravel())
    known = clock.calendar.next(issued + late_booking(rng, issued.size))
    kept = np.flatnonzero((issued < end.ravel()) & (known <= clock.last))
    value = np.maximum(SMALLEST, np.round(amount.ravel(), -2)).astype(np.int64)
    made = Plan(
        relation,
        relations.debtor[relation],
        relations.client[relation],
        issued,
        known,
        issued + relations.terms[relation],
        value,
        np.zeros(issued.size),
    )
    return made.take(kept), kept
