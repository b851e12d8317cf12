"""What is normal for a party's ratios: its own earlier statements, and those of its industry for the same period.

A ratio is held in ten-thousandths, cut at 100 either way, so that counts, sums and sums of squares are exact whole
numbers. A party is looked at on each day on which one of its statements became known, and again LATER days after, when
most of its industry has published.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from riskmodels.features.facts.accounts import RATIOS, WATCHED, Ratio
from riskmodels.features.facts.base import Tables, on_parties
from riskmodels.features.facts.spans import NEVER, held, lasting, on_day
from riskmodels.features.facts.statements import newest, versions
from riskmodels.features.measures import Facts, Rows, minor

LATER = 90
UNIT, LIMIT = 10_000.0, 1_000_000
SUMS = ("count", "sum", "squares")
"""What each ratio's columns end in: ebit_margin_count, ebit_margin_sum, ebit_margin_squares."""
_OF_PEERS = ("trade", "period", "months")
_COLUMNS = [f"{name}_{s}" for name in WATCHED for s in SUMS]


def _fixed(rows: Rows, ratio: Ratio) -> Any:
    """The ratio in ten-thousandths, a whole number; empty where the denominator isn't above 0."""
    part, whole = (amount(partial(_cell, rows)).cast("float64") for amount in (ratio.part, ratio.whole))
    return (whole > 0).ifelse((part * UNIT / whole).floor().clip(-LIMIT, LIMIT).cast("int64"), None)


def _cell(rows: Rows, column: str) -> Any:
    return rows[column].cast("int64") if column == "months" else minor(rows[column])


def _rated(t: Tables) -> Rows:
    """Statements as they were in force, with their ratios only."""
    rows = t["financials"]
    ratios = {name: _fixed(rows, RATIOS[name]) for name in WATCHED}
    return versions(rows.select("party_id", "period_end", "published_on", "known_on", "months", **ratios))


def _looks(found: Rows, *more: str) -> Rows:
    """Each party's newest statement on the days it is looked at, with its ratios."""
    import ibis

    days = found.select("party_id", "known_on", "period")
    later = days.mutate(known_on=days.known_on + ibis.interval(days=LATER))
    return newest(days.union(later), found, *WATCHED, *more)


def _sums(rows: Rows, *key: str) -> Rows:
    """By key each ratio's count, sum and sum of squares; a row of `sign` -1 takes back."""
    sums: dict[str, Any] = {}
    for name in WATCHED:
        value = rows[name]
        sums[f"{name}_count"] = value.notnull().ifelse(rows.sign, 0)
        sums[f"{name}_sum"] = value * rows.sign
        sums[f"{name}_squares"] = value * value * rows.sign
    return rows.group_by(*key).agg(**{c: _whole(v.sum()) for c, v in sums.items()})


def _whole(value: Any) -> Any:
    return value.cast("decimal(38, 0)").cast("int64")


def _history(t: Tables) -> Rows:
    import ibis

    found = _rated(t)
    looks = _looks(found)
    earlier = held(found, "party_id", "period", *WATCHED, prefix="earlier_")
    days = looks.select("party_id", "known_on", "period")
    seen = on_day(days, earlier, "earlier_", ("party_id", "party_id"), how="inner")
    seen = seen.filter(seen.earlier_period < seen.period)
    values = {name: seen[f"earlier_{name}"] for name in WATCHED}
    sums = _sums(seen.select("party_id", "known_on", sign=ibis.literal(1), **values), "party_id", "known_on")
    sums = sums.rename(whose="party_id", when="known_on")
    rows = looks.left_join(sums, [looks.party_id == sums.whose, looks.known_on == sums.when])
    return on_parties(rows.mutate(**{c: rows[c].fill_null(0) for c in _COLUMNS}), t)


def _peers(t: Tables) -> Rows:
    parties = held(lasting(t["parties"], "party_id"), "party_id", "industry", prefix="party_")
    found = on_day(_rated(t), parties, "party_", ("party_id", "party_id"))
    found = found.rename(trade="party_industry").drop("party_party_id", "party_known_on", "party_until")
    norms = held(_running(found), *_OF_PEERS, *_COLUMNS, prefix="all_")
    rows = on_day(_looks(found, "months", "trade"), norms, "all_", *((c, c) for c in _OF_PEERS))
    return on_parties(rows.mutate(**_without_own(rows)), t)


def _running(found: Rows) -> Rows:
    """For each industry, period and months covered the sums over its statements, from day to day."""
    import ibis

    cells = (*_OF_PEERS, *WATCHED)
    came = found.select(*cells, day=found.known_on, sign=ibis.literal(1))
    left = found.filter(found.until < ibis.literal(NEVER)).select(*cells, day=found.until, sign=ibis.literal(-1))
    daily = _sums(came.union(left), *_OF_PEERS, "day")
    in_order = ibis.window(group_by=_OF_PEERS, order_by="day")
    so_far = ibis.window(group_by=_OF_PEERS, order_by="day", preceding=(None, 0))
    until = daily.day.lead().over(in_order).fill_null(ibis.literal(NEVER))
    sums = {c: _whole(daily[c].sum().over(so_far)) for c in _COLUMNS}
    return daily.select(*_OF_PEERS, known_on=daily.day, until=until, **sums)


def _without_own(rows: Rows) -> dict[str, Any]:
    """The sums over the others: the party's own statement is among those of its industry."""
    found = {}
    for name in WATCHED:
        own = rows[name]
        for s, mine in zip(SUMS, (1, own, own * own)):
            found[f"{name}_{s}"] = (rows[f"all_{name}_{s}"] - mine).fill_null(0)
    return found


HISTORY = Facts("history of ratios", ("financials",), _history)
"""A party's ratios and the sums over its statements for earlier periods, as they were known; one fact a day."""
PEERS = Facts("peers' ratios", ("financials", "parties"), _peers)
"""A party's ratios and the sums over the others of its industry for the same period and months; one fact a day.

A statement's industry is its party's on the day the statement became known.
"""
