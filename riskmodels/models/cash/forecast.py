"""The cash forecast of a book: expected collections by period with bands, in all, by client, debtor or currency.

Collections are what pays invoices that are open at the as-of date; those issued later bring theirs on top. A payment by
bill is cash when the bill matures: of those held for sure, bill risk aside. Currencies are never added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.open import open_book
from riskmodels.book.outcomes import invoice_outcomes, still_told
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models import overdue
from riskmodels.models.cash.bills import Habits, cash_between, habits, held_by, places
from riskmodels.models.cash.claims import Curves, curves_of, dilution_share, given_up, industries, open_invoices
from riskmodels.models.cash.draws import ByBill, Claims, drawn, effects, expected
from riskmodels.models.cash.periods import Horizon, horizon
from riskmodels.models.cash.residuals import strengths_at
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.shelf import find_model
from riskmodels.models.store import load

BANDS = (50, 80, 95)
"""Bands of a forecast, in per cent, each with as much below as above."""
KEYS = {"client": "client_id", "debtor": "debtor_id", "currency": None}
DRAWS = 2000
OUTCOME = ["settled_on", "given_up_on", "settled", "duration_days", "days_late", "outcome"]
"""Columns of a panel that change with the date it is seen from."""


@dataclass(frozen=True)
class CashForecast:
    """A forecast and what it rests on.

    table : one row per currency (and client or debtor) and period, then the whole horizon: columns currency, the key,
        span (day, week, month or horizon), begins_on, ends_on, expected, bills_held (the part of it from bills handed
        over by the as-of date, when they mature), low_50, high_50, ... in the currency.
    spreads : standard deviations of the effects of debtors, industries and the period on the log hazard.
    dilution : share of what settles invoices that is no cash.
    open_amount, left_out : open amount by currency, and the part the model can't tell of: nothing is expected of it.
    """

    table: pd.DataFrame
    spreads: tuple[float, ...]
    dilution: float
    open_amount: dict[str, float]
    left_out: dict[str, float]


def forecast_cash(
    path: Path, as_of: str | date, periods: str = "13w", by: str = "currency", seed: int = 0, draws: int = DRAWS
) -> CashForecast:
    """The forecast of a stored book by its newest overdue model trained by `as_of`."""
    day = parse_date(as_of, "--as-of")
    ahead = horizon(periods, day)
    if by not in KEYS:
        raise Misuse(f"--by: found {by!r}, expected one of {', '.join(KEYS)}")
    book, model = open_book(path), model_at(path, day)
    still_told(book, day)
    panel = panel_of(book, day)
    strengths = strengths_at(panel, model, day, ahead.learnt_days)
    return forecast(book, model, panel, ahead, strengths, by, seed, draws)


def model_at(path: Path, day: date) -> PaymentTime:
    """The newest overdue model of a stored book trained by a day."""
    folder = find_model("overdue", path, day)
    assert folder is not None  # a purpose was named: there is one, or it was refused
    champion: PaymentTime = load(folder)["champion"]
    return champion


def panel_of(book: Book, as_of: date) -> pd.DataFrame:
    """Every invoice known at `as_of` with its features at issue, its debtor's industry and the day it ended.

    Features at issue don't change with the date they are looked at from, so that one panel serves every earlier origin.
    """
    first = book.first_day or as_of
    frame = overdue.sample(book, first, None, as_of).merge(given_up(book, as_of), on="invoice_id", how="left")
    return frame.assign(industry=frame["debtor_id"].map(industries(book, as_of)).fillna("").astype("str"))


def known_at(book: Book, panel: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The invoices of a panel of a later date that were known at the close of `as_of`, settled or not as known then."""
    seen = book.as_of(as_of)
    then = invoice_outcomes(seen, as_of)[["invoice_id", "settled_on"]]
    ended = then.merge(given_up(seen, as_of), on="invoice_id", how="left")
    mine = panel.drop(columns=OUTCOME).merge(ended, on="invoice_id")
    return mine.assign(industry=mine["debtor_id"].map(industries(seen, as_of)).fillna("").astype("str"))


def forecast(
    book: Book,
    model: PaymentTime,
    panel: pd.DataFrame,
    ahead: Horizon,
    strengths: tuple[float, ...],
    by: str = "currency",
    seed: int = 0,
    draws: int = DRAWS,
) -> CashForecast:
    """The forecast at `ahead.as_of`, with what was known then; `panel` is that of a later date or the same."""
    seen = book.as_of(ahead.as_of)
    found, bills = open_invoices(seen, ahead.as_of), cash_between(seen, ahead.as_of, ahead.ends[-1])
    features = panel[["invoice_id", *(c for c in model.feature_names_in_ if c not in found)]]
    invoices = found.merge(features, on="invoice_id", how="inner")
    curves, share = curves_of(model, invoices), dilution_share(seen, ahead.as_of, ahead.learnt_days)
    told = invoices.iloc[curves.rows].reset_index(drop=True)
    if told.empty and bills.empty:
        raise DataRefused(f"{book.name}: found no open invoice at {ahead.as_of} that the overdue model can tell of")
    claims = _claims(told, curves, share, ahead, habits(seen, told["debtor_id"]))
    keys = ["currency"] + ([key] if (key := KEYS[by]) else [])
    table = _table(told[keys], claims, held_by(bills, keys, ahead), ahead, strengths, seed, draws)
    whole, part = (frame.groupby("currency")["open_amount"].sum() for frame in (invoices, told))
    left = whole.sub(part, fill_value=0.0)
    amounts = (dict(zip(whole.index.astype(str), s.tolist())) for s in (whole, left))
    return CashForecast(table, strengths, share, *amounts)


def _claims(told: pd.DataFrame, curves: Curves, dilution: float, ahead: Horizon, ways: Habits) -> Claims:
    """What open invoices owe, when they may be settled, and when the bills they may be settled with are cash."""
    groups = (_codes(told["debtor_id"]), _codes(told["industry"]), np.zeros(len(told), dtype=np.int64))
    days, amount = ahead.cash_days(), told["open_amount"].to_numpy() * (1 - dilution)
    if not len(ways.days):
        return Claims(curves.open_after(days), amount, groups)
    maturing = [curves.open_after(np.maximum(days - tenor, 0)) for tenor in ways.days]
    return Claims(curves.open_after(days), amount, groups, ByBill(ways.chance, np.stack(maturing, axis=1)))


def _codes(names: pd.Series) -> np.ndarray:
    return np.unique(names.to_numpy(dtype=str), return_inverse=True)[1]


def _table(
    keys: pd.DataFrame,
    claims: Claims,
    held: dict[tuple[str, ...], np.ndarray],
    ahead: Horizon,
    strengths: tuple[float, ...],
    seed: int,
    draws: int,
) -> pd.DataFrame:
    """Rows of each group of the keys in turn, all groups under the same draws of the common shocks."""
    rng = np.random.default_rng(seed)
    shocks = effects(claims, strengths, draws, rng)
    rows_of = places(keys)
    parts = []
    for names in sorted({*rows_of, *held}):
        rows = rows_of.get(names, np.zeros(0, dtype=np.int64))
        sure = held.get(names, np.zeros(len(ahead.ends)))
        cash = drawn(claims, strengths, shocks, rows, rng) + sure
        parts.append(_rows(dict(zip(keys.columns, names)), expected(claims, rows) + sure, sure, cash, ahead))
    return pd.concat(parts, ignore_index=True)


def _rows(named: dict[str, str], mean: np.ndarray, sure: np.ndarray, cash: np.ndarray, ahead: Horizon) -> pd.DataFrame:
    """The rows of one group: a row per period and one for the horizon."""
    whole = np.column_stack([cash, cash.sum(axis=1)])
    told = {
        "span": [ahead.unit] * len(mean) + ["horizon"],
        "begins_on": pd.to_datetime([*ahead.begins, ahead.begins[0]]),
        "ends_on": pd.to_datetime([*ahead.ends, ahead.ends[-1]]),
        "expected": np.append(mean, mean.sum()),
        "bills_held": np.append(sure, sure.sum()),
    }
    sides = {f"{side}_{band}": q for band in BANDS for side, q in _sides(band)}
    quantiles = dict(zip(sides, np.quantile(whole, list(sides.values()), axis=0)))
    return pd.DataFrame({**{k: [v] * (len(mean) + 1) for k, v in named.items()}, **told, **quantiles})


def _sides(band: int) -> tuple[tuple[str, float], tuple[str, float]]:
    return ("low", 0.5 - band / 200), ("high", 0.5 + band / 200)
