"""Opinions on a party: grades the house gave, checks of who it is, and the letters of rating agencies."""

from __future__ import annotations

from typing import Any

from riskmodels.core.scale import OBLIGORS
from riskmodels.features.facts.base import Tables, in_force, on_parties
from riskmodels.features.facts.spans import NEVER, lasting
from riskmodels.features.measures import Facts, Rows

LETTERS = (
    ("AAA",),
    ("AA+", "AA1"),
    ("AA", "AA2"),
    ("AA-", "AA3"),
    ("A+", "A1"),
    ("A", "A2"),
    ("A-", "A3"),
    ("BBB+", "BAA1"),
    ("BBB", "BAA2"),
    ("BBB-", "BAA3"),
    ("BB+", "BA1"),
    ("BB", "BA2"),
    ("BB-", "BA3"),
    ("B+", "B1"),
    ("B", "B2"),
    ("B-", "B3"),
    ("CCC+", "CAA1"),
    ("CCC", "CAA2"),
    ("CCC-", "CAA3"),
    ("CC", "CA"),
    ("C",),
    ("D", "SD", "RD"),
)
"""The notches of the agencies' common scale from best to worst, in capitals: those of S&P and Fitch, then Moody's."""


def notch(letters: Any) -> Any:
    """The place of an agency's rating on the common scale, 1 the best; 0 for none, or letters that aren't on it."""
    places = [(name, place) for place, names in enumerate(LETTERS, 1) for name in names]
    return letters.strip().upper().cases(*places, else_=0).cast("int64").fill_null(0)


def grade(text: Any) -> Any:
    """The place of a grade on the house's scale of obligors, 1 the best; empty for a grade of another scale."""
    return text.cases(*((g, place) for place, g in enumerate(OBLIGORS.grades, 1)), else_=None).cast("int64")


def _ratings(t: Tables) -> Rows:
    rows = t["ratings"]
    return on_parties(in_force(rows.mutate(valid_from=rows.rated_on), "party_id"), t)


def _checks(t: Tables) -> Rows:
    """The newest check of each item: what it leaves open is counted from its day, and given back at the next one's."""
    import ibis

    rows = t["kyc"]
    rows = lasting(rows.mutate(valid_from=rows.checked_on), "party_id", "item")
    open_ = rows.result.isin(("failed", "incomplete")).fill_null(False).cast("int64")
    never = ibis.literal(NEVER)
    lapse = ibis.greatest(rows.known_on, rows.expires_on.fill_null(never))
    none = ibis.literal(0).cast("int64")
    came = rows.select("party_id", "known_on", failing=open_, lapsed=none, checks=none + 1)
    lapsed = (lapse < rows.until).cast("int64")
    ran_out = rows.select("party_id", known_on=lapse, failing=none, lapsed=lapsed, checks=none)
    went = rows.select("party_id", known_on=rows.until, failing=-open_, lapsed=-lapsed, checks=none)
    whole = came.union(ran_out.filter(lapse < never)).union(went.filter(rows.until < never))
    return on_parties(whole, t)


RATINGS = Facts("ratings", ("ratings",), _ratings)
"""The newest rating the house gave a party, one fact a day."""
CHECKS = Facts("kyc", ("kyc",), _checks)
"""Signed numbers of items whose newest check failed or is incomplete (`failing`), or has run out (`lapsed`)."""
