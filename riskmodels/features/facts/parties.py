"""What is known of parties: their versions, and the industry each is in."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, in_force, looked_up, on_parties
from riskmodels.features.measures import Facts, Rows


def _parties(t: Tables) -> Rows:
    rows = on_parties(in_force(t["parties"], "party_id"), t)
    return looked_up(rows, "industry", t["industries"], "industry", "of_industry")


PARTIES = Facts("parties", ("parties",), _parties)
"""Versions of a party from the day they came into force; `of_industry` numbers the industry it is in."""
