"""Everybody of a synthetic world as one list: a party that is client and debtor stands in it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodels.book.synthetic.chain import NOBODY
from riskmodels.book.synthetic.clock import Days
from riskmodels.book.synthetic.history import World
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import Codes


@dataclass(frozen=True)
class Everyone:
    """One entry per party, debtors first, then the clients that aren't debtors; `ids` are the party_id.

    `debtor`, `client`: its code as such, NOBODY if it isn't one. `anchor` is its core enterprise's place in this list,
    NOBODY for none; `tier` is 0 for none. `quality` is parties x months (`clock.total` of them); `stopped` and
    `default` are day numbers, FAR for never. `volume` is what it buys and sells under the book, fen in a year.
    """

    ids: Any
    debtor: Codes
    client: Codes
    industry: Codes
    region: Codes
    anchor: Codes
    tier: Codes
    quality: Floats
    stopped: Days
    default: Days
    volume: Floats


def everyone(world: World) -> Everyone:
    """The parties of a world."""
    chains, buyers, sellers = world.chains, world.debtors, world.clients
    alone = np.flatnonzero(chains.client_is == NOBODY)
    debtor = np.concatenate([np.arange(buyers.volume.size), np.full(alone.size, NOBODY)])
    client = np.concatenate([chains.debtor_is, alone])

    def both(of_debtors: Any, of_clients: Any) -> Any:
        """One value per party: debtors first, then the clients that are no debtor."""
        return np.concatenate([of_debtors, of_clients[alone]])

    return Everyone(
        type(world.client_ids)._concat_same_type([world.debtor_ids, world.client_ids[alone]]),
        debtor,
        client,
        both(buyers.industry, sellers.industry),
        both(buyers.region, sellers.region),
        both(chains.debtor_anchor, chains.client_anchor),
        both(np.where(chains.debtor_is == NOBODY, 0, 1), chains.client_tier),
        both(world.quality.value, world.client_quality.value),
        both(world.failure.stopped, world.client_failure.stopped),
        both(world.failure.default, world.client_failure.default),
        _volume(world, debtor, client),
    )


def _volume(world: World, debtor: Codes, client: Codes) -> Floats:
    plan = world.plan
    yuan = plan.amount * np.where(world.clients.exports[plan.client], world.law.clients.export_rate, 1.0)
    bought = np.bincount(plan.debtor, yuan, world.debtors.volume.size)
    sold = np.bincount(plan.client, yuan, world.clients.quality.size)
    both = np.where(debtor == NOBODY, 0, bought[debtor]) + np.where(client == NOBODY, 0, sold[client])
    return both / (world.clock.months / 12)
