"""What forecasts at past origins, made of what was known then, were worth: bias, errors and coverage of the bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.open import open_book
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.cash.bills import cash_between
from riskmodels.models.cash.coverage import kupiec
from riskmodels.models.cash.forecast import BANDS, OUTCOME, forecast, known_at, model_at, panel_of
from riskmodels.models.cash.periods import Horizon, horizon, origins_of
from riskmodels.models.cash.residuals import strengths_at
from riskmodels.models.payment_time import PaymentTime

_FACTS = frozenset(
    ["invoice_id", "debtor_id", "client_id", "industry", "currency", "issued_on", "due_on", "terms_days", *OUTCOME]
)


@dataclass(frozen=True)
class CashBacktest:
    """Forecasts beside what came.

    frame : one row per origin, currency and period, then the horizon: origin, a forecast's columns, actual.
    measures : one row per currency and span: n, bias, wape, mape.
    coverage : one row per currency, span and band: n, held, share, kupiec, p_value.
    """

    frame: pd.DataFrame
    measures: pd.DataFrame
    coverage: pd.DataFrame


def backtest_cash(path: Path, as_of: str | date, periods: str = "13w", origins: int = 4, seed: int = 0) -> CashBacktest:
    """What `forecast_cash` would have been worth: at most `origins` of them, a horizon apart, the last over by `as_of`.

    Each is made of what the book knew at its date, by the newest overdue model trained by then; dates before the first
    model are left out. What came is told as known at the close of `as_of`.

    >>> backtest_cash("data/demo.duckdb", "2026-06-30").coverage
    """
    if origins < 1:
        raise Misuse(f"origins: found {origins}, expected 1 or more")
    day = parse_date(as_of, "--as-of")
    models = _models(path, origins_of(periods, day, origins))
    book = open_book(path).as_of(day)
    return backtest(book, models, panel_of(book, day), periods, seed)


def _models(path: Path, origins: Sequence[date]) -> dict[date, PaymentTime]:
    """The model of each origin that has one; refused where none has."""
    found: dict[date, PaymentTime] = {}
    for origin in reversed(origins):
        try:
            found = {origin: model_at(path, origin), **found}
        except Misuse:
            if not found:
                raise
            break
    return found


def backtest(
    book: Book, models: Mapping[date, PaymentTime], panel: pd.DataFrame, periods: str = "13w", seed: int = 0
) -> CashBacktest:
    """Forecasts at each origin, each by its model, compared with the cash that the book tells of by the panel's end.

    The strength of shocks is estimated, at each origin, on horizons that were over by then, as known then. Origins
    closer together than the horizon share cash, and their failures come together: Kupiec's test then rejects too often.
    """
    told = _needed(panel, models)
    parts = [_at(book, model, told, horizon(periods, day), seed) for day, model in models.items()]
    if not parts:
        raise DataRefused(f"{book.name}: found no origin to test a cash forecast at, expected one or more")
    frame = pd.concat(parts, ignore_index=True)
    return CashBacktest(frame, measures(frame), coverage(frame))


def _needed(panel: pd.DataFrame, models: Mapping[date, PaymentTime]) -> pd.DataFrame:
    """The panel without the features that no model uses: it is copied many times over."""
    used = {name for model in models.values() for name in model.feature_names_in_}
    return panel[[c for c in panel if c in used or c in _FACTS]]


def _at(book: Book, model: PaymentTime, panel: pd.DataFrame, ahead: Horizon, seed: int) -> pd.DataFrame:
    seen = book.as_of(ahead.as_of)
    known = known_at(seen, panel, ahead.as_of)
    strengths = strengths_at(known, model, ahead.as_of, ahead.learnt_days)
    table = forecast(seen, model, known, ahead, strengths, seed=seed).table
    table.insert(0, "origin", pd.Timestamp(ahead.as_of))
    return table.assign(actual=collected(book, ahead, table))


def collected(book: Book, ahead: Horizon, table: pd.DataFrame) -> np.ndarray:
    """What came in, by currency and span of a forecast's table, on invoices known at the origin; bills at maturity."""
    found = cash_between(book, ahead.as_of, ahead.ends[-1])
    spans = zip(table["currency"], table["begins_on"], table["ends_on"])
    amounts = [
        found.loc[(found["currency"] == c) & found["cash_on"].between(begins, ends), "amount"].sum()
        for c, begins, ends in spans
    ]
    return np.array(amounts, dtype=float)


def measures(frame: pd.DataFrame) -> pd.DataFrame:
    """Bias (forecast over actual, less 1), WAPE and MAPE (periods in which anything came) by currency and span."""
    rows = []
    for (currency, span), part in frame.groupby(["currency", "span"], sort=True):
        error, actual = part["expected"] - part["actual"], part["actual"]
        came = actual > 0
        row = {"bias": error.sum() / actual.sum(), "wape": error.abs().sum() / actual.sum()} if came.any() else {}
        mape = {"mape": (error[came].abs() / actual[came]).mean()} if came.any() else {}
        rows.append({"currency": currency, "span": span, "n": len(part), **row, **mape})
    return pd.DataFrame(rows, columns=["currency", "span", "n", "bias", "wape", "mape"])


def coverage(frame: pd.DataFrame) -> pd.DataFrame:
    """How often each band held what came, with Kupiec's test, by currency and span."""
    rows = []
    for (currency, span), part in frame.groupby(["currency", "span"], sort=True):
        for band in BANDS:
            held = int(part["actual"].between(part[f"low_{band}"], part[f"high_{band}"]).sum())
            test = kupiec(len(part) - held, len(part), 1 - band / 100)
            told = {"currency": currency, "span": span, "band": band, "n": len(part), "held": held}
            rows.append({**told, "share": held / len(part), "kupiec": test.statistic, "p_value": test.p_value})
    return pd.DataFrame(rows)
