"""Financial statements: the state of a party's accounts on each day on which one became known, and restatements.

Statements for periods that end in the same month are versions of one; the one published last counts. Amounts are whole
minor units of the statement's own currency.
"""

from __future__ import annotations

from riskmodels.features.facts.accounts import AMOUNTS
from riskmodels.features.facts.base import Tables, on_parties
from riskmodels.features.facts.spans import held, lasting, on_day
from riskmodels.features.measures import Facts, Rows, minor

BEFORE = "before_"
"""What the columns of the statement for the same period a year before start with."""
CELLS = ("period_end", "published_on", "months", "audited", "currency", *AMOUNTS)


def versions(rows: Rows) -> Rows:
    """Statements from the day each came into force to the next one for its period, with the `period`'s month number."""
    import ibis

    rows = rows.mutate(
        valid_from=rows.published_on,
        period=rows.period_end.year().cast("int32") * 12 + rows.period_end.month().cast("int32"),
        came_on=ibis.greatest(rows.known_on, rows.published_on),
    )
    # two ends of one month published on one day: the later one
    alike = ibis.window(group_by=("party_id", "period", "published_on", "came_on"))
    rows = rows.filter(rows.period_end == rows.period_end.max().over(alike))
    return lasting(rows, "party_id", "period")


def newest(days: Rows, found: Rows, *cells: str) -> Rows:
    """For each party and `known_on` of `days` cells of the statement for the newest period, as it was that day."""
    import ibis

    days = days.group_by("party_id", "known_on").agg(newest=days.period.max())
    so_far = ibis.window(group_by="party_id", order_by="known_on", preceding=(None, 0))
    days = days.mutate(newest=days.newest.max().over(so_far))
    now = held(found, "party_id", "period", *cells, prefix="now_")
    joined = on_day(days, now, "now_", ("party_id", "party_id"), ("newest", "period"), how="inner")
    return joined.select("party_id", "known_on", period=joined.newest, **{c: joined[f"now_{c}"] for c in cells})


def _statements(t: Tables) -> Rows:
    rows = t["financials"]
    amounts = {a: minor(rows[a]) for a in AMOUNTS}
    found = versions(rows.mutate(**amounts, months=rows.months.cast("int64")))
    rows = newest(found, found, *CELLS)
    rows = rows.mutate(year_before=rows.period - 12)
    before = held(found, "party_id", "period", *CELLS, prefix=BEFORE)
    alike = (("party_id", "party_id"), ("year_before", "period"), ("months", "months"), ("currency", "currency"))
    # amounts are compared within the statement's own currency: without the column the book's doesn't select
    return on_parties(on_day(rows, before, BEFORE, *alike).drop("currency"), t)


def _restatements(t: Tables) -> Rows:
    import ibis

    rows = t["financials"]
    rows = versions(rows.select("party_id", "period_end", "published_on", "known_on"))
    in_order = ibis.window(group_by=("party_id", "period"), order_by="known_on")
    rows = rows.mutate(place=ibis.row_number().over(in_order))
    return on_parties(rows.filter(rows.place > 0).select("party_id", "known_on"), t)


STATEMENTS = Facts("statements", ("financials",), _statements)
"""A party's newest statement on each day on which one of its statements became known, one fact a day.

Newest is the one for the latest period; a late restatement of an older one doesn't become it. `before_` columns are the
statement for the same months a year before as it was known that day, empty unless in the same currency.
"""
RESTATEMENTS = Facts("restatements", ("financials",), _restatements)
"""Statements that came to replace one for the same period."""
