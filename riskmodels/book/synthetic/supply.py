"""Who supplies a debtor once one of its clients has failed."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from riskmodels.book.synthetic.chain import Chains
from riskmodels.book.synthetic.clock import Days, stream
from riskmodels.book.synthetic.network import TERMS, Clients, Codes, Relations
from riskmodels.book.synthetic.plan import Plan


def resupply(
    seed: int, plan: Plan, relations: Relations, stopped: Days, clients: Clients, chains: Chains
) -> tuple[Plan, Relations]:
    """The plan in which no client writes invoices once it has `stopped`, and the relations with those added for it.

    What a debtor would have bought from a failed client it buys from the client it buys most of, of those at home that
    never fail; if there is none, from a new one. So a client's failure doesn't change how much falls due from a debtor.
    """
    rng = stream(seed, "supply")
    lost = np.flatnonzero(plan.issued >= stopped[plan.client])
    at_home = np.where(clients.exports, -1, stopped)
    steady = np.flatnonzero(at_home == at_home.max())
    instead = _best(relations, np.isin(relations.client, steady), chains.debtor_is.size)
    orphans = np.unique(plan.debtor[lost])
    orphans = orphans[instead[orphans] < 0]
    added = _new_relations(rng, orphans, steady, chains)
    instead[orphans] = relations.debtor.size + np.arange(orphans.size)
    grown = Relations(*(np.concatenate([getattr(r, f.name) for r in (relations, added)]) for f in fields(Relations)))
    relation, client = plan.relation.copy(), plan.client.copy()
    relation[lost] = instead[plan.debtor[lost]]
    client[lost] = grown.client[relation[lost]]
    return replace(plan, relation=relation, client=client), grown


def _best(relations: Relations, among: np.ndarray, debtors: int) -> Codes:
    """For each debtor the row of its largest relation of those chosen, -1 for none."""
    rows = np.flatnonzero(among)
    rows = rows[np.argsort(relations.share[rows], kind="stable")]
    best = np.full(debtors, -1)
    # numpy keeps the last of repeated assignments, here the largest
    best[relations.debtor[rows]] = rows
    return best


def _new_relations(rng: np.random.Generator, debtors: Codes, clients: Codes, chains: Chains) -> Relations:
    """A relation of each debtor with one of the clients, not with itself; as slow as the average, without a share."""
    place = rng.integers(0, clients.size, debtors.size)
    itself = clients[place] == chains.debtor_is[debtors]
    client = clients[np.where(itself, (place + 1) % clients.size, place)]
    nothing = np.zeros(debtors.size)
    return Relations(debtors, client, np.full(debtors.size, TERMS[1]), nothing, nothing)
