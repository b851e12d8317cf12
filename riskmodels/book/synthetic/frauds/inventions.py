"""Invoices without any trade behind them: round amounts on debtors who know nothing of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from riskmodels.book.synthetic.clock import Clock, stream
from riskmodels.book.synthetic.frauds.copies import ROUND
from riskmodels.book.synthetic.frauds.scheme import KINDS, NONE, Batch, honest
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.network import Relations
from riskmodels.book.synthetic.plan import SMALLEST, Plan, late_booking

if TYPE_CHECKING:
    from riskmodels.book.synthetic.frauds.commit import Offenders


def invented(law: Law, seed: int, plan: Plan, relations: Relations, offenders: Offenders, clock: Clock) -> Batch:
    """Some invoices a month by each client that invents them, on debtors it truly sells to."""
    rng = stream(seed, "inventions")
    who = np.flatnonzero(offenders.kind == KINDS.index("fresh air"))
    who = who[np.isin(who, relations.client)]
    span = offenders.end[who] - offenders.start[who]
    client = np.repeat(who, rng.poisson(law.frauds.invented_a_month * np.maximum(span, 0) / 30))
    relation = _one_of_each(rng, relations, client)
    first, last = offenders.start[client], offenders.end[client]
    issued = clock.calendar.next(first + (rng.random(client.size) * (last - first)).astype(np.int64))
    known = clock.calendar.next(issued + late_booking(rng, client.size))
    keep = known <= clock.last
    amount = _amounts(rng, plan, relations.debtor[relation])
    made = Plan(
        relation,
        relations.debtor[relation],
        client,
        issued,
        known,
        issued + relations.terms[relation],
        amount,
        np.zeros(client.size),
    ).take(np.flatnonzero(keep))
    n = made.issued.size
    marks = replace(
        honest(n),
        kind=np.full(n, KINDS.index("fresh air")),
        paper=np.full(n, NONE),
        found=offenders.found[made.client],
    )
    return Batch(made, marks)


def _one_of_each(rng: np.random.Generator, relations: Relations, client: np.ndarray) -> np.ndarray:
    """For each entry one of its client's relations."""
    order = np.argsort(relations.client, kind="stable")
    sorted_clients = relations.client[order]
    low = np.searchsorted(sorted_clients, client, side="left")
    high = np.searchsorted(sorted_clients, client, side="right")
    return order[low + (rng.random(client.size) * (high - low)).astype(np.int64)]


def _amounts(rng: np.random.Generator, plan: Plan, debtor: np.ndarray) -> np.ndarray:
    """Round amounts of the debtor's usual size or somewhat more."""
    debtors = int(max(plan.debtor.max(), debtor.max(initial=0))) + 1
    usual = np.bincount(plan.debtor, plan.amount, debtors) / np.maximum(np.bincount(plan.debtor, minlength=debtors), 1)
    amount = usual[debtor] * np.exp(0.3 + 0.4 * rng.normal(size=debtor.size))
    return np.maximum(SMALLEST, np.round(amount / ROUND) * ROUND).astype(np.int64)
