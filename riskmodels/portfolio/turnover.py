"""How fast receivables turn into cash: DSO and its countback form, best possible DSO, delinquency, collection,
turnover.

Amounts are series of one row per day and currency; `days` is the length of the period whose sales are meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.portfolio.balances import cut_day, days_sql, known_by_cut, open_items


@dataclass(frozen=True)
class Countback:
    """Countback DSO in days; a lower bound when the sales given ran out before the receivables did."""

    days: float
    lower_bound: bool


def dso(receivables: pd.Series, sales: pd.Series, days: float) -> pd.Series:
    """Days sales outstanding, receivables at the end / sales x days; NaN without sales.

    With the current (not yet due) receivables it is the best possible DSO, and the difference of the two the average
    days delinquent.
    """
    return receivables / sales.where(sales > 0) * days


def countback_dso(receivables: float, sales: Iterable[float], days: Iterable[float]) -> Countback:
    """Days sales outstanding by exhaustion.

    Sales per month, newest first, are taken off the receivables while they last, each adding its month's days, the
    last one pro rata.
    """
    left, total = receivables, 0.0
    for sold, length in zip(sales, days, strict=True):
        if left <= 0:
            break
        total += length * min(1.0, left / sold) if sold > 0 else length
        left -= sold
    return Countback(total, lower_bound=left > 0)


def cei(begin: pd.Series, sales: pd.Series, end: pd.Series, current: pd.Series) -> pd.Series:
    """Collection effectiveness index in per cent, 100 when all that fell due was collected; larger is better.

    (begin + sales - end) / (begin + sales - current) x 100, sales of the one period; NaN when nothing was to be
    collected.
    """
    due = begin + sales - current
    return (begin + sales - end) / due.where(due > 0) * 100


def annual_turnover(begin: pd.Series, sales: pd.Series, end: pd.Series, days: float) -> pd.Series:
    """Times a year that receivables turn over.

    Sales x 365 / days over the mean of beginning and end; NaN without any.
    """
    mean = (begin + end) / 2
    return sales * (365 / days) / mean.where(mean > 0)


def turnover(book: Book, days: Iterable[date] | None = None, window: int = 90) -> pd.DataFrame:
    """One row per day and currency.

    Columns: as_of, currency, open (count), receivables, current (not yet due), sales of the window (as_of - window,
    as_of], beginning receivables, dso, best_possible_dso, days_delinquent, cei, turnover.

    Open = known by the day and not paid by its close; needs payments, or nothing would ever have been collected.
    """
    book.need("payments")
    table = ledger(book, known_by_cut(book, days or [cut_day(book)]), window)
    table["dso"] = dso(table["receivables"], table["sales"], window)
    table["best_possible_dso"] = dso(table["current"], table["sales"], window)
    table["days_delinquent"] = table["dso"] - table["best_possible_dso"]
    table["cei"] = cei(table["beginning"], table["sales"], table["receivables"], table["current"])
    table["turnover"] = annual_turnover(table["beginning"], table["sales"], table["receivables"], window)
    return table


def countback(book: Book, months: int = 24) -> dict[str, Countback]:
    """Countback DSO at the cut by currency, over the last `months` windows of 30 days."""
    book.need("payments")
    day = cut_day(book)
    held = book.sql(f"SELECT currency, sum(balance) AS balance FROM ({open_items(book, [day])}) GROUP BY 1 ORDER BY 1")
    sold = book.sql(
        f"SELECT currency, (DATE '{day}' - issued_on) // 30 AS back, CAST(sum(amount) AS DOUBLE) AS sales "
        "FROM invoices GROUP BY ALL"
    ).pivot(index="back", columns="currency", values="sales")
    sold = sold.reindex(range(min(months, int(sold.index.max()) + 1))).fillna(0.0)
    return {c: countback_dso(b, sold[c], [30.0] * len(sold)) for c, b in zip(held["currency"], held["balance"])}


def ledger(book: Book, days: list[date], window: int) -> pd.DataFrame:
    """One row per day and currency.

    Columns: open, receivables, current, sales of the window, beginning (receivables a window ago).
    """
    begins = [(pd.Timestamp(d) - pd.Timedelta(days=window)).date() for d in days]
    return book.sql(f"""
        WITH held AS (
            SELECT as_of, currency, count(*) AS open, sum(balance) AS receivables,
                   sum(balance) FILTER (dpd <= 0) AS current
            FROM ({open_items(book, [*days, *begins])}) GROUP BY ALL
        ), sold AS (
            SELECT as_of, currency,
                   CAST(sum(amount) FILTER (issued_on > as_of - {window}) AS DOUBLE) AS sales
            FROM invoices JOIN ({days_sql(days)}) ON known_on <= as_of AND issued_on <= as_of
            GROUP BY ALL
        )
        SELECT s.as_of, s.currency, coalesce(h.open, 0) AS open, coalesce(h.receivables, 0) AS receivables,
               coalesce(h.current, 0) AS current, coalesce(s.sales, 0) AS sales, coalesce(b.receivables, 0) AS beginning
        FROM sold s
        LEFT JOIN held h ON h.as_of = s.as_of AND h.currency = s.currency
        LEFT JOIN held b ON b.as_of = s.as_of - {window} AND b.currency = s.currency
        ORDER BY 1, 2
    """)
