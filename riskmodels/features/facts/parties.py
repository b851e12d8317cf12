"""What is known of parties: their versions, and the chain and the industry each hangs on."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, in_force, looked_up, on_parties
from riskmodels.features.measures import Facts, Rows


def _parties(t: Tables) -> Rows:
    import ibis

    rows = on_parties(in_force(t["parties"], "party_id"), t)
    rows = looked_up(rows, "anchor_id", t["chains"], "anchor_id", "hung_on")
    rows = looked_up(rows, "industry", t["industries"], "industry", "of_industry")
    return rows.mutate(of_chain=ibis.coalesce(rows.chain, rows.hung_on)).drop("hung_on")


PARTIES = Facts("parties", ("parties",), _parties)
"""Versions of a party from the day they came into force; `of_chain` and `of_industry` number what it belongs to.

A core enterprise belongs to its own chain.
"""
