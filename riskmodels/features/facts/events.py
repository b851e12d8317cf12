"""What courts, press and authorities tell of a party."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, on_parties
from riskmodels.features.measures import Facts, Rows


def _events(t: Tables) -> Rows:
    return on_parties(t["party_events"], t)


EVENTS = Facts("party_events", ("party_events",), _events)
"""Events that concern a party, from the day they could be read."""
