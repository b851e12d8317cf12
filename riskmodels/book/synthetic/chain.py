"""Supply chains: core enterprises, the clients that supply them, and the clients that supply those."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from riskmodels.book.synthetic.clock import stream
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.network import Clients, Codes, Debtors, Relations, cores

NOBODY = -1


@dataclass(frozen=True)
class Chains:
    """Core enterprise of each debtor and client (its debtor code, NOBODY), and the client's tier in it (0 for none).

    `debtor_is` is the client that a debtor is the same party as (NOBODY), `client_is` the same seen from the client.
    A core enterprise has no anchor of its own.
    """

    cores: int
    debtor_anchor: Codes
    client_anchor: Codes
    client_tier: Codes
    debtor_is: Codes
    client_is: Codes


def draw_chains(law: Law, seed: int, debtors: Debtors, clients: Clients, relations: Relations) -> Chains:
    """The largest debtors are core enterprises; who sells to one is tier 1 of its chain, of the largest it sells to.

    Some of tier 1 are debtors too: who sells to those, and to no core enterprise, is tier 2. Some debtors more hang on
    a core enterprise without selling to it: its subsidiaries and dealers.
    """
    rng = stream(seed, "chains")
    n_debtors, n_clients = debtors.volume.size, clients.quality.size
    n_cores = cores(law, n_debtors)
    anchor = _first_buyer(relations, relations.debtor < n_cores, n_clients)
    debtor_is = _same_party(rng, law.chain.both_share, anchor, n_cores, n_debtors, relations)
    hangs_on = np.where(rng.random(n_debtors) < law.chain.dealer_share, rng.integers(0, n_cores, n_debtors), NOBODY)
    hangs_on[:n_cores] = NOBODY
    debtor_anchor = np.where(debtor_is == NOBODY, hangs_on, anchor[debtor_is])
    second = _first_buyer(relations, debtor_is[relations.debtor] != NOBODY, n_clients)
    second = np.where((anchor == NOBODY) & (second != NOBODY), debtor_anchor[second], NOBODY)
    client_is = np.full(n_clients, NOBODY)
    linked = np.flatnonzero(debtor_is != NOBODY)
    client_is[debtor_is[linked]] = linked
    tier = np.where(anchor != NOBODY, 1, np.where(second != NOBODY, 2, 0))
    return Chains(n_cores, debtor_anchor, np.maximum(anchor, second), tier, debtor_is, client_is)


def as_one(clients: Clients, debtors: Debtors, chains: Chains) -> Clients:
    """The clients; those that are debtors too have the debtor's quality, industry and region."""
    linked = np.flatnonzero(chains.client_is != NOBODY)
    own = {"quality": debtors.base, "industry": debtors.industry, "region": debtors.region}
    cells = {name: getattr(clients, name).copy() for name in own}
    for name, values in own.items():
        cells[name][linked] = values[chains.client_is[linked]]
    return replace(clients, **cells)


def _first_buyer(relations: Relations, among: np.ndarray, clients: int) -> Codes:
    """For each client the largest debtor among the relations chosen, NOBODY if it sells to none of them."""
    buyer = np.full(clients, np.iinfo(np.int64).max)
    # debtors are numbered from the largest on
    np.minimum.at(buyer, relations.client[among], relations.debtor[among])
    return np.where(buyer == np.iinfo(np.int64).max, NOBODY, buyer)


def _same_party(
    rng: np.random.Generator, share: float, anchor: Codes, cores: int, debtors: int, relations: Relations
) -> Codes:
    """For each debtor the tier-1 client that is the same party, NOBODY for most; nobody sells to itself."""
    sellers = np.flatnonzero(anchor != NOBODY)
    sellers = sellers[rng.random(sellers.size) < share]
    buyers = cores + rng.permutation(debtors - cores)[: sellers.size]
    sellers = sellers[: buyers.size]
    trades = np.isin(buyers * anchor.size + sellers, relations.debtor * anchor.size + relations.client)
    same = np.full(debtors, NOBODY)
    same[buyers[~trades]] = sellers[~trades]
    return same
