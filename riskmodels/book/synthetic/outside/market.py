"""Series of the market: how industries feel, what their inputs cost, the policy rate, exchange rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.frames import days, table, words
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.laws.outside import Market
from riskmodels.book.synthetic.network import INDUSTRIES

INPUTS = ("steel", "copper", "cotton", "crude oil", "wheat", "cement", "diesel", "polymer resin")
INPUT_PRICES = (3_900.0, 68_000.0, 15_500.0, 560.0, 2_900.0, 380.0, 7_400.0, 8_200.0)  # yuan per tonne, of oil a barrel
RATES = {"FX:USD/CNY": (7.10, 0.035), "FX:EUR/CNY": (7.65, 0.065), "FX:HKD/CNY": (0.908, 0.035)}  # level, yearly spread
POLICY_RATE = "policy rate:LPR 1Y"
FIRST_RATE, LOWEST_RATE, STEP = 0.0365, 0.0200, 0.0010
RATE_DAY = 20  # of the month
BEFORE = 60  # days of prices before the book, so that its first facts find one
BUSINESS_YEAR = 250


@dataclass(frozen=True)
class Series:
    """Values of one name or several: the name, the day a value is of, the day it was published, the value."""

    name: NDArray[np.str_]
    on: Days
    known: Days
    value: Floats


def market_table(law: Market, seed: int, mood: Floats, clock: Clock) -> pd.DataFrame:
    """All series known by the last day; `mood` is what each industry adds to quality in each month."""
    open_days = _business_days(clock)
    pieces = [
        *_sentiment(law, seed, mood, clock),
        _prices(law, seed, mood, open_days, clock),
        _policy_rate(law, seed, clock),
        _exchange(seed, open_days),
    ]
    whole = Series(*(np.concatenate([getattr(p, f) for p in pieces]) for f in ("name", "on", "known", "value")))
    names, code = np.unique(whole.name, return_inverse=True)
    cells = {"series": words(names, code), "on": days(whole.on), "value": whole.value, "known_on": days(whole.known)}
    kept = table("market", cells, whole.known <= clock.last)
    return kept.sort_values(["series", "on", "known_on"], ignore_index=True)


def _sentiment(law: Market, seed: int, mood: Floats, clock: Clock) -> tuple[Series, Series]:
    """Each month's index of each industry as first published, and the revisions a month later."""
    rng = stream(seed, "sentiment")
    shape = len(INDUSTRIES), clock.months
    seen = np.maximum(np.arange(clock.months) - law.sentiment_lag, 0)
    value = 50 + law.sentiment_slope * mood[:, seen] + law.sentiment_noise * rng.normal(size=shape)
    on = np.broadcast_to(clock.ends[: clock.months], shape)
    known = on + law.published_days + rng.integers(-2, 3, clock.months)
    name = np.repeat([f"sentiment:{i}" for i in INDUSTRIES], clock.months)
    first = Series(name, on.ravel(), known.ravel(), np.round(value, 2).ravel())
    revised = rng.random(first.on.size) < law.revised_share
    better = np.round(first.value + law.revision_noise * rng.normal(size=first.on.size), 2)
    return first, Series(name[revised], first.on[revised], first.known[revised] + 30, better[revised])


def _prices(law: Market, seed: int, mood: Floats, open_days: Days, clock: Clock) -> Series:
    """Input prices on business days: walks that drift, and climb while an industry is in trouble."""
    rng = stream(seed, "prices")
    spread = law.price_spread / np.sqrt(BUSINESS_YEAR)
    walk = spread * rng.normal(size=(len(INPUTS), open_days.size)) + law.price_drift / BUSINESS_YEAR
    month = np.clip(clock.month(open_days), 0, clock.months - 1)
    log_price = walk.cumsum(axis=1) - law.price_shock * (mood[:, month] - mood[:, :1])
    value = np.round(np.array(INPUT_PRICES)[:, None] * np.exp(log_price), 2)
    return _daily(np.array([f"price:{i}" for i in INPUTS]), open_days, value)


def _exchange(seed: int, open_days: Days) -> Series:
    """CNY for one unit of each foreign currency on business days, known the same day; HKD keeps to USD."""
    rng = stream(seed, "exchange rates")
    level, spread = np.array(list(RATES.values())).T[:, :, None]
    walk = (spread / np.sqrt(BUSINESS_YEAR) * rng.normal(size=(len(RATES), open_days.size))).cumsum(axis=1)
    walk[2] = walk[0] + 0.001 * rng.normal(size=open_days.size)
    return _daily(np.array(list(RATES)), open_days, np.round(level * np.exp(walk), 4))


def _policy_rate(law: Market, seed: int, clock: Clock) -> Series:
    """The one-year prime rate, set on one day of each month and cut now and then."""
    rng = stream(seed, "policy rate")
    on = clock.starts[: clock.months] + RATE_DAY - 1
    cuts = (rng.random(on.size) < law.rate_cut_chance).cumsum()
    # a first value before the book
    on = np.concatenate([[clock.starts[0] - BEFORE], on])
    value = np.maximum(FIRST_RATE - STEP * np.concatenate([[0.0], cuts]), LOWEST_RATE)
    return Series(np.full(on.size, POLICY_RATE), on, on, np.round(value, 4).astype(np.float64))


def _daily(names: NDArray[np.str_], open_days: Days, value: Floats) -> Series:
    on = np.tile(open_days, names.size)
    return Series(np.repeat(names, open_days.size), on, on, value.ravel())


def _business_days(clock: Clock) -> Days:
    every = np.arange(clock.starts[0] - BEFORE, clock.last + 1)
    return every[clock.calendar.is_open(every)]
