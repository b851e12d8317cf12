"""The balance of each bucket in the months to come, with bands: today's balances carried forward by the flows seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from riskmodels.core.buckets import EDGES, bucket_names
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.ageing_transitions.draws import summed
from riskmodels.models.ageing_transitions.drift import shifted, wandering
from riskmodels.models.ageing_transitions.flows import Flows
from riskmodels.models.ageing_transitions.levels import Levels
from riskmodels.models.ageing_transitions.projection import SHAPE, carried, rates_of, waiting
from riskmodels.models.ageing_transitions.states import FIRST, STATES, bucket_of, exit_names
from riskmodels.models.ageing_transitions.trade import Trade, trade
from riskmodels.models.bad_definition.roll_rates import MONTH
from riskmodels.models.transitions.intervals import Estimate, once

LEVELS = (80, 95)
"""Per cent of the draws within a band."""
MOST = 12
"""Most months that are looked ahead."""
FEWEST = 6
"""Fewest months of flows to draw from."""
BLOCK = 3
"""Months drawn together: a bad month seldom comes alone."""
BATCH = 50
PAST_DUE, OPEN = len(EDGES) + 1, len(EDGES) + 2
"""Rows below the buckets: all that is past due, all that is open."""


@dataclass(frozen=True)
class BucketForecast:
    """Balances and flows of the months of 30 days after `until`; all in the book's currency, or numbers of invoices.

    `balances`: one row per month (0 is today) and bucket (0 to 6, then 7 past due, 8 open): day, month, bucket, name,
    expected, low_80, high_80, low_95, high_95. `flows`: one row per month and kind (new, paid, credited, written_off):
    day, month, kind, name and the same. Expected balances plus new are the next month's plus what left. `assumption`
    says in words what new business was expected.
    """

    until: date
    currency: str
    measure: str
    assumption: str
    balances: pd.DataFrame
    flows: pd.DataFrame


def forecast_buckets(
    flows: Flows,
    months: int = 12,
    new: float | Sequence[float] | None = None,
    measure: str = "amount",
    history: int = 24,
    draws: int = 500,
    seed: int = 0,
) -> BucketForecast:
    """The forecast from the last day of the flows, by rates pooled over the last `history` months.

    `new` is what will be issued in each month, one value or one for each; without it new business goes on at the level
    it has come to. Levels, of new business and of the rates by group of states, may wander as they did in the history
    (see `levels`). Bands are quantiles over `draws`: each takes debtors anew (what the rates are), runs of three months
    of the history (what months do) and levels to come. A state without a balance in a drawn month takes the draw's
    pooled rate; one never seen ages unpaid. Raises DataRefused with fewer than six months of flows.
    """
    width = min(flows.months, history)
    if not 1 <= months <= MOST:
        raise Misuse(f"months: found {months}, expected 1 to {MOST}")
    if width < FEWEST:
        raise DataRefused(f"flows: found {width} months, expected at least {FEWEST} to draw months from")
    sums, debtors = summed(flows, _group(flows, width), (width, *SHAPE), measure), flows.debtors()[1]
    tallies, start = once(sums, debtors), flows.balances(measure)
    pooled = rates_of(tallies.sum(axis=0), waiting())
    ahead = Ahead(start, pooled, wandering(tallies, pooled, months), trade(new, flows.issued(measure), months))
    expected = carried(start, ahead.rates(), ahead.trade.expected)
    drawn = [_drawn(sums, debtors, width, ahead, batch) for batch in _batches(draws, seed)]
    bands = tuple(np.concatenate(part) for part in zip(*drawn, strict=True))
    return _told(flows, measure, _assumed(new), start, (*expected, ahead.trade.expected), bands)


@dataclass(frozen=True)
class Ahead:
    """What months to come begin with: balances, pooled rates, levels by group of states, new business."""

    start: np.ndarray
    pooled: np.ndarray
    walks: list[Levels]
    trade: Trade

    def rates(self) -> np.ndarray:
        """The expected rates of each month: the pooled ones moved from the mean level to that to come."""
        months = len(self.trade.expected)
        past, ahead = zip(*(walk.parted(walk.expected()[None], months) for walk in self.walks), strict=True)
        by = np.concatenate(ahead) - np.concatenate(past).mean(axis=1, keepdims=True)
        return shifted(np.broadcast_to(self.pooled, (months, *SHAPE)), by.T)

    def moves(self, rng: np.random.Generator, path: np.ndarray) -> np.ndarray:
        """Drawn moves of the log-odds from the level of each month of `path` to that to come: (b, months, groups)."""
        moved = []
        for walk in self.walks:
            past, ahead = walk.parted(walk.drawn(rng, len(path)), path.shape[1])
            moved.append(ahead - np.take_along_axis(past, path, axis=1))
        return np.stack(moved, axis=2)


def _drawn(
    sums: Estimate, debtors: int, width: int, ahead: Ahead, batch: tuple[np.random.Generator, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Balances, exits and new business of some draws: (b, months, ...)."""
    rng, size = batch
    weights = rng.multinomial(debtors, np.full(debtors, 1 / debtors), size=size).astype(float)
    tallies = sums(weights)
    own = rates_of(tallies.sum(axis=1), ahead.pooled)
    path = _path(rng, size, len(ahead.trade.expected), width)
    rates = rates_of(tallies[np.arange(size)[:, None], path], own[:, None])
    new = ahead.trade.drawn(rng, path)
    return *carried(ahead.start, shifted(rates, ahead.moves(rng, path)), new), new


def _path(rng: np.random.Generator, size: int, months: int, width: int) -> np.ndarray:
    """Months of the history in the order drawn, runs of BLOCK towards the present: (size, months)."""
    runs = -(-months // BLOCK)
    begins = rng.integers(0, width, (size, runs))
    # Month 0 is the last: time runs towards it, and round the end.
    return ((begins[:, :, None] - np.arange(BLOCK)) % width).reshape(size, -1)[:, :months]


def _batches(draws: int, seed: int) -> list[tuple[np.random.Generator, int]]:
    if draws < 100:
        raise Misuse(f"draws: found {draws}, expected at least 100")
    rng = np.random.default_rng(seed)
    return [(rng, min(BATCH, draws - begin)) for begin in range(0, draws, BATCH)]


def _assumed(new: float | Sequence[float] | None) -> str:
    return _("New business goes on at the level it has come to") if new is None else _("New business is as given")


def _group(flows: Flows, width: int) -> np.ndarray:
    """Month, origin and destination of each part of each cell of the last `width` months."""
    month, origin = flows.cells["month"].to_numpy(), flows.cells["origin"].to_numpy() - FIRST
    place = (month * SHAPE[0] + origin) * SHAPE[1] + flows.destinations()
    return np.where(month < width, place, -1)


def _told(
    flows: Flows,
    measure: str,
    assumed: str,
    start: np.ndarray,
    expected: tuple[np.ndarray, ...],
    drawn: tuple[np.ndarray, ...],
) -> BucketForecast:
    """The tables of the forecast, from balances, exits and new business, expected and drawn."""
    today = into_rows(start)[None]
    balances = np.concatenate([today, into_rows(expected[0])])
    spread = np.concatenate([np.broadcast_to(today, (len(drawn[0]), *today.shape)), into_rows(drawn[0])], axis=1)
    names = [*bucket_names(), _("past due"), _("all open")]
    kinds = ["new", "paid", "credited", "written_off"]
    left, gone = (np.concatenate([new[..., None], exits], axis=-1) for _b, exits, new in (expected, drawn))
    by_bucket = _table(flows.until, 0, balances, spread, {"bucket": list(range(len(names))), "name": names})
    by_kind = _table(flows.until, 1, left, gone, {"kind": kinds, "name": [_("new business"), *exit_names()]})
    return BucketForecast(flows.until, flows.currency, measure, assumed, by_bucket, by_kind)


def into_rows(balances: np.ndarray) -> np.ndarray:
    """Balances by state (..., states) as those of the seven buckets, of all past due and of all open: (..., 9)."""
    bucket = bucket_of(np.array(STATES))
    parts = [balances[..., bucket == k].sum(axis=-1) for k in range(len(EDGES) + 1)]
    return np.stack([*parts, sum(parts[1:]), sum(parts)], axis=-1)


def _table(until: date, first: int, expected: np.ndarray, drawn: np.ndarray, named: dict[str, list]) -> pd.DataFrame:
    """Rows by month from `first` on and by name: values (months, names), draws (b, months, names)."""
    months, size = expected.shape
    month = np.repeat(np.arange(first, first + months), size)
    columns = {"day": pd.to_datetime([until + timedelta(days=MONTH * int(m)) for m in month]), "month": month}
    columns |= {name: values * months for name, values in named.items()}
    columns["expected"] = expected.ravel()
    for level in LEVELS:
        tail = (1 - level / 100) / 2
        low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
        columns |= {f"low_{level}": low.ravel(), f"high_{level}": high.ravel()}
    return pd.DataFrame(columns)
