"""What forecasts at past origins, made of what was known then, were worth: bias, errors and coverage of the bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.errors import DataRefused
from riskmodels.models.cash.coverage import kupiec
from riskmodels.models.cash.forecast import BANDS, forecast
from riskmodels.models.cash.periods import Horizon, horizon
from riskmodels.models.cash.residuals import strengths_at
from riskmodels.models.payment_time import PaymentTime


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


def backtest(
    book: Book, model: PaymentTime, panel: pd.DataFrame, origins: Sequence[date], periods: str = "13w", seed: int = 0
) -> CashBacktest:
    """Forecasts at each origin by one model, compared with the payments that the book tells of by the panel's end.

    The strength of shocks is estimated, at each origin, on horizons that were over by then. Origins closer together
    than the horizon share cash, and their failures come together: Kupiec's test then rejects too often.
    """
    parts = [_at(book, model, panel, horizon(periods, day), seed) for day in origins]
    if not parts:
        raise DataRefused(f"{book.name}: found no origin to test a cash forecast at, expected one or more")
    frame = pd.concat(parts, ignore_index=True)
    return CashBacktest(frame, measures(frame), coverage(frame))


def _at(book: Book, model: PaymentTime, panel: pd.DataFrame, ahead: Horizon, seed: int) -> pd.DataFrame:
    strengths = strengths_at(panel, model, ahead.as_of, ahead.days)
    table = forecast(book, model, panel, ahead, strengths, seed=seed).table
    table.insert(0, "origin", pd.Timestamp(ahead.as_of))
    return table.assign(actual=collected(book, ahead, table))


def collected(book: Book, ahead: Horizon, table: pd.DataFrame) -> np.ndarray:
    """What came in, by currency and span of a forecast's table, on invoices known at the origin."""
    found = book.sql(
        "SELECT i.currency, p.paid_on, sum(p.amount) AS amount FROM payments p JOIN invoices i USING (invoice_id) "
        "WHERE i.known_on <= $origin AND p.paid_on > $origin AND p.paid_on <= $last GROUP BY ALL",
        {"origin": ahead.as_of, "last": ahead.ends[-1]},
    )
    spans = zip(table["currency"], table["begins_on"], table["ends_on"])
    amounts = [
        found.loc[(found["currency"] == c) & found["paid_on"].between(begins, ends), "amount"].sum()
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
