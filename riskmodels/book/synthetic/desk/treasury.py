"""The factor's own side: its accounts at month ends and what it borrows to lend."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import Days, stream
from riskmodels.book.synthetic.desk.repayments import Repayments
from riskmodels.book.synthetic.frames import days, ids, money, table, words
from riskmodels.book.synthetic.history import History, World
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import CURRENCIES, Codes
from riskmodels.book.synthetic.outside.market import POLICY_RATE, market_table

LENDERS = ("state bank", "city bank", "trust plan", "asset-backed notes")
DEARER = np.array([0.0, 0.004, 0.015, 0.002])  # each lender's margin over the mean
TENORS = (90, 180, 360)
TERM_PREMIUM = 0.002  # for a year
PUBLISHED = 8  # days after the month's end
SMALLEST_GAP = 0.05  # of what is to be borrowed: less isn't worth a tranche
ROUND = 10_000_00  # fen


def accounts_table(world: World, balance: Codes) -> pd.DataFrame:
    """The accounts published by the last day, in the book's currency.

    `balance` is the financing balance of each month end.
    """
    law = world.law.treasury
    rng = stream(world.seed, "accounts")
    ends = world.clock.ends[: world.clock.months]
    n = ends.size
    share = law.reserve * rng.uniform(0.9, 1.2, n)
    known = world.clock.calendar.next(ends + PUBLISHED)
    # not in the first months, in which little is lent
    share[rng.permutation(np.arange(min(6, n // 2), (known <= world.clock.last).sum()))[: law.thin_months]] = (
        law.thin_reserve
    )
    risk_assets = balance * (1 + law.other_assets * rng.uniform(0.7, 1.3, n))
    cells = {
        "month": days(ends),
        "currency": words(CURRENCIES, np.zeros(n, dtype=np.int64)),
        "risk_assets": money(np.round(risk_assets)),
        "net_assets": money(np.round(_net_assets(rng, risk_assets, law.leverage))),
        "financing_balance": money(balance),
        "risk_reserve": money(np.round(balance * share)),
        "known_on": days(known),
    }
    return table("factor_accounts", cells, known <= world.clock.last)


def fundings_table(world: World, balance: Codes) -> pd.DataFrame:
    """The borrowings: tranches drawn in each month in which less is borrowed than a share of the balance."""
    law = world.law.treasury
    rng = stream(world.seed, "fundings")
    wanted = np.asarray(law.borrowed_share * balance, dtype=np.float64)
    drawn, due, amount = _tranches(rng, world, wanted)
    lender = rng.integers(0, len(LENDERS), drawn.size)
    premium = law.margin + DEARER[lender] + TERM_PREMIUM * (due - drawn) / 360
    rate = _market(world, POLICY_RATE, drawn) + premium + 0.001 * rng.normal(size=drawn.size)
    cells = {
        "funding_id": ids("L", drawn.size),
        "lender": words(LENDERS, lender),
        "currency": words(CURRENCIES, np.zeros(drawn.size, dtype=np.int64)),
        "amount": money(amount),
        "rate": np.round(rate, 4),
        "drawn_on": days(drawn),
        "due_on": days(due),
        "known_on": days(drawn),
    }
    return table("fundings", cells, drawn <= world.clock.last)


def financing_balance(history: History, repaid: Repayments) -> Codes:
    """Advances outstanding at each month end in fen of the book's currency, at the rates of the day: what is known by
    then to be paid out less what is known to be repaid."""
    world = history.world
    ends = world.clock.ends[: world.clock.months]
    currency = world.facilities.currency[world.facility]
    total = np.zeros(ends.size)
    for code, name in enumerate(CURRENCIES):
        out = _by_month(
            ends, history.advances.paid_out, history.advances.amount, currency[history.advances.invoice] == code
        )
        back = _by_month(ends, repaid.known, repaid.principal, currency[repaid.invoice] == code)
        if out.any():
            total += (out - back) * (_market(world, f"FX:{name}/CNY", ends) if code else 1.0)
    return np.round(total).astype(np.int64)


def _by_month(ends: Days, day: Days, amount: Codes, rows: np.ndarray) -> Floats:
    """The sum of amounts up to each month end."""
    month = np.searchsorted(ends, day[rows])
    return np.bincount(month, amount[rows], ends.size + 1)[: ends.size].cumsum()


def _net_assets(rng: np.random.Generator, risk_assets: Floats, leverage: float) -> Floats:
    """Capital set for each year by the year's highest risk assets, growing by what is earned within it."""
    year = np.arange(risk_assets.size) // 12
    peak = np.array([risk_assets[year == y].max() for y in range(year[-1] + 1)])
    earned = 1 + 0.004 * (np.arange(risk_assets.size) % 12)
    return (peak / leverage * rng.uniform(0.95, 1.15, peak.size))[year] * earned


def _tranches(rng: np.random.Generator, world: World, wanted: Floats) -> tuple[Days, Days, Codes]:
    """Day drawn, day due and fen of each tranche."""
    calendar, starts = world.clock.calendar, world.clock.starts
    none = np.empty(0, dtype=np.int64)
    drawn, due, amount = none, none, none
    for month, target in enumerate(wanted):
        gap = target - amount[due >= starts[month + 1]].sum()
        parts = int(rng.integers(1, 4))
        if gap <= SMALLEST_GAP * target or gap < parts * ROUND:
            continue
        days_of_month = np.arange(starts[month], starts[month + 1])
        new = np.sort(rng.choice(days_of_month[calendar.is_open(days_of_month)], parts))
        drawn = np.append(drawn, new)
        due = np.append(due, calendar.next(new + rng.choice(TENORS, parts)))
        amount = np.append(amount, np.full(parts, int(np.ceil(gap / parts / ROUND)) * ROUND))
    return drawn, due, amount


def _market(world: World, series: str, day: Days) -> Floats:
    """The value of a series of the market on each day, the last one known before or on it."""
    market = market_table(world.law.market, world.seed, world.cycles.industry, world.clock)
    own = market[market["series"] == series]
    on = own["on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return own["value"].to_numpy()[np.maximum(np.searchsorted(on, day, side="right") - 1, 0)]
