"""Versions with the day on which the next one came into force: what held on a day is found by comparing dates."""

from __future__ import annotations

from datetime import date

from riskmodels.features.facts.base import in_force
from riskmodels.features.measures import Rows

NEVER = date(9999, 12, 31)


def lasting(rows: Rows, *key: str) -> Rows:
    """Versions as they came into force, each with `until`, the day from which the next one holds (NEVER: none)."""
    import ibis

    rows = in_force(rows, *key)
    in_order = ibis.window(group_by=key, order_by="known_on")
    return rows.mutate(until=rows.known_on.lead().over(in_order).fill_null(ibis.literal(NEVER)))


def held(rows: Rows, *columns: str, prefix: str) -> Rows:
    """Some columns of versions and the days they held, under names that start with the prefix."""
    return rows.select(**{f"{prefix}{c}": rows[c] for c in (*columns, "known_on", "until")})


def on_day(rows: Rows, spans: Rows, prefix: str, *same: tuple[str, str], how: str = "left") -> Rows:
    """Rows with the version that held on their `known_on`; `same` pairs a column of the rows with one of the spans."""
    conditions = [rows[a] == spans[f"{prefix}{b}"] for a, b in same]
    since, until = spans[f"{prefix}known_on"], spans[f"{prefix}until"]
    return rows.join(spans, [*conditions, since <= rows.known_on, rows.known_on < until], how=how)
