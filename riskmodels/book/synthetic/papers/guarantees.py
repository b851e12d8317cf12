"""Guarantees: who stands in for clients that buy back, with what, up to how much."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import NEVER, stream
from riskmodels.book.synthetic.frames import days, ids, table, words
from riskmodels.book.synthetic.history import History

KINDS = ("guarantee", "collateral", "pledge")
YEARS = 3


def guarantees_table(history: History) -> pd.DataFrame:
    """Guarantees for some facilities with recourse, by another client or the client's assets, renewed at their end."""
    world = history.world
    law, facilities, last = world.law.guarantees, world.facilities, world.clock.last
    rng = stream(world.seed, "guarantees")
    chosen = np.flatnonzero(facilities.recourse & (rng.random(facilities.client.size) < law.share))
    n, clients = chosen.size, world.clients.joins.size
    u = rng.random(n)
    kind = np.where(u < law.collateral, 1, np.where(u < law.collateral + law.pledge, 2, 0))
    own = facilities.client[chosen]
    # never itself: another one further on in the list
    other = (own + rng.integers(1, max(2, clients), n)) % clients
    end = np.where(rng.random(n) < 0.5, NEVER, facilities.opened[chosen] + 365 * YEARS)
    cap, rank = np.round(10 ** rng.uniform(6, 7.7, n), -5), 1 + (rng.random(n) < 0.2)
    # what ran out was renewed without an end
    again = np.flatnonzero((end != NEVER) & (end < last))
    rows = np.concatenate([np.arange(n), again])
    start = np.concatenate([facilities.opened[chosen], end[again] + 1])
    cells = {
        "guarantee_id": words(ids("B", n), rows),
        "valid_from": days(start),
        "valid_to": days(np.concatenate([end, np.full(again.size, NEVER)])),
        "guarantor_id": words(world.client_ids, np.where(kind == 0, other, own)[rows]),
        "beneficiary_id": words(world.client_ids, own[rows]),
        "facility_id": words(ids("F", facilities.client.size), chosen[rows]),
        "kind": words(KINDS, kind[rows]),
        "currency": ["CNY"] * rows.size,
        "cap": cap[rows],
        "rank": rank[rows],
        "known_on": days(start),
    }
    return table("guarantees", cells, start <= last).sort_values(["guarantee_id", "valid_from"], ignore_index=True)
