"""The market around a party: its industry's mood and input prices, the policy rate, exchange rates.

Of each series the newest day counts, as it was last published; an older day's late revision changes nothing.
"""

from __future__ import annotations

import tomllib
from functools import cache, partial
from importlib.resources import files
from typing import Any

from riskmodels.features.facts.base import Tables
from riskmodels.features.facts.spans import held, lasting, on_day
from riskmodels.features.measures import KEYS, Facts, Rows

UNIT, LIMIT = 10_000.0, 10_000
FX_DAYS = 90


@cache
def exposures() -> dict[str, Any]:
    """What matters to whom, from `exposures.toml`: input prices of industries, policy rate, the currency of quotes."""
    return tomllib.loads(files("riskmodels.features.facts").joinpath("exposures.toml").read_text(encoding="utf-8"))


def _series(t: Tables) -> Rows:
    """Each series' newest value, with the days on which it held."""
    import ibis

    rows = t["market"]
    rows = rows.mutate(valid_from=rows["on"], came_on=ibis.greatest(rows.known_on, rows["on"]))
    # several announcements of one value to come: the last one
    alike = ibis.window(group_by=("series", "on", "came_on"))
    rows = rows.filter(rows.known_on == rows.known_on.max().over(alike))
    return lasting(rows, "series")


def _of_industries(rows: Rows, t: Tables, series: Any) -> Rows:
    """The rows of the series that each industry looks at, with the industry's number."""
    i = t["industries"]
    looked_at = i.select(industry=i.number, looks_at=series(i.industry))
    return rows.inner_join(looked_at, rows.series == looked_at.looks_at)


def _sentiment(t: Tables) -> Rows:
    import ibis

    return _of_industries(_series(t), t, lambda industry: ibis.literal("sentiment:") + industry)


def _policy_rate(t: Tables) -> Rows:
    import ibis

    return _of_industries(_series(t), t, lambda _industry: ibis.literal(exposures()["policy_rate"]))


def _inputs(place: int, t: Tables) -> Rows:
    import ibis

    rows = _series(t)
    before = rows.value.lag().over(ibis.window(group_by="series", order_by="known_on"))
    rows = rows.mutate(move=_move(rows.value, before))
    inputs = exposures()["inputs"]
    named = [(industry, f"price:{its[place]}") for industry, its in sorted(inputs.items()) if place < len(its)]
    return _of_industries(rows, t, lambda industry: industry.cases(*named, else_=None))


def _move(now: Any, before: Any) -> Any:
    """The relative change in ten-thousandths, a whole number cut at 1 either way; empty without a positive base."""
    return (before > 0).ifelse(((now / before - 1.0) * UNIT).floor().clip(-LIMIT, LIMIT).cast("int64"), None)


def _exchange(t: Tables) -> Rows:
    import ibis

    i = t["invoices"]
    quote = ibis.literal(f"/{exposures()['quoted_in']}")
    rates = _series(t)
    days = i.select("currency", "known_on").distinct().mutate(pair=ibis.literal("FX:") + i.currency + quote)
    now = on_day(days, held(rates, "series", "value", prefix="now_"), "now_", ("pair", "series"), how="inner")
    now = now.select("currency", "pair", day=now.known_on, now=now.now_value)
    then = now.mutate(known_on=now.day - ibis.interval(days=FX_DAYS))
    moved = on_day(then, held(rates, "series", "value", prefix="then_"), "then_", ("pair", "series"), how="inner")
    moved = moved.select(unit=moved.currency, day=moved.day, move=_move(moved.now, moved.then_value))
    joined = i.inner_join(moved, [i.currency == moved.unit, i.known_on == moved.day])
    return joined.select(*KEYS, "known_on", "move")


SENTIMENT = Facts("sentiment", ("market", "parties"), _sentiment)
"""The index of how an industry feels; one fact a day of an industry."""
INPUTS = tuple(
    Facts(f"input prices {place}", ("market", "parties"), partial(_inputs, place))
    for place in range(max(len(its) for its in exposures()["inputs"].values()))
)
"""Prices of what an industry buys, by place in its list: of each one fact a day of an industry, with its daily move."""
POLICY_RATE = Facts("policy rate", ("market", "parties"), _policy_rate)
"""The policy rate, for every industry."""
EXCHANGE = Facts("exchange rates of invoices", ("market",), _exchange)
"""Invoices in a quoted foreign currency, with the move of its rate over the FX_DAYS before."""
