"""The key figures of a book per day and currency, each a column; a figure the book can't give is NaN."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.portfolio.balances import cut_day, days_sql, known_by_cut, open_items
from riskmodels.portfolio.concentration import balances_by, concentration
from riskmodels.portfolio.turnover import turnover

KEY = ["as_of", "currency"]
SALES_WINDOW, YEAR = 90, 365


def measures(book: Book, days: Iterable[date] | None = None) -> pd.DataFrame:
    """One row per day and currency.

    Columns: as_of, currency, open (count), balance, then shares of the balance (overdue, over_30, over_90, disputed,
    unconfirmed), dilution_12m (share of a year's invoices), concentration by debtor and client (largest_, top10_,
    hhi_, effective_), dso, days_delinquent (days), cei (per cent).
    """
    on = known_by_cut(book, days or [cut_day(book)])
    parts = [quality(book, on), dilution(book, on), _concentrations(book, on), _turnover(book, on)]
    table = parts[0]
    for part in parts[1:]:
        table = table.merge(part, on=KEY, how="left")
    return table.sort_values(KEY, ignore_index=True)


def quality(book: Book, days: list[date]) -> pd.DataFrame:
    """Open invoices and balance per day and currency, and shares of the balance.

    The shares are those past due by 1, 31, 91 days or more, disputed, and unconfirmed.

    A share is NaN where nothing is open, and where the book has no disputes or confirmations to tell it by.
    """
    disputed = _balance_if("d.invoice_id IS NOT NULL") if book.has("disputes") else "NULL"
    unconfirmed = _balance_if(_UNCONFIRMED) if book.has("invoices", "confirmed_on") else "NULL"
    found = book.sql(f"""
        SELECT o.as_of, o.currency, count(*) AS open, sum(balance) AS balance,
               {_balance_if("dpd > 0")} AS overdue, {_balance_if("dpd > 30")} AS over_30,
               {_balance_if("dpd > 90")} AS over_90,
               {disputed}::DOUBLE AS disputed, {unconfirmed}::DOUBLE AS unconfirmed
        FROM ({open_items(book, days)}) o LEFT JOIN ({_open_disputes(book, days)}) d USING (as_of, invoice_id)
        GROUP BY ALL
    """)
    shares = ["overdue", "over_30", "over_90", "disputed", "unconfirmed"]
    found[shares] = found[shares].div(found["balance"], axis=0)
    return (
        _every(book, days)
        .merge(found, on=KEY, how="left")
        .fillna({"open": 0, "balance": 0.0})
        .astype({"open": "int64"})
    )


def dilution(book: Book, days: list[date]) -> pd.DataFrame:
    """The dilution of a year per day and currency: as_of, currency, dilution_12m.

    Credit notes over invoices of the last 365 days; NaN without credit notes or a year.
    """
    if not book.has("credit_notes"):
        return _every(book, days).assign(dilution_12m=np.nan)
    year = f"issued_on > as_of - {YEAR} AND issued_on <= as_of AND known_on <= as_of"
    found = book.sql(f"""
        WITH days AS ({days_sql(days)}),
        sold AS (SELECT as_of, currency, sum(amount) AS sales FROM invoices JOIN days ON {year} GROUP BY ALL),
        noted AS (
            SELECT as_of, i.currency, sum(n.amount) AS notes
            FROM (SELECT * FROM credit_notes JOIN days ON {year}) n JOIN invoices i USING (invoice_id) GROUP BY ALL
        )
        SELECT as_of, currency, CAST(coalesce(notes, 0) AS DOUBLE) / CAST(sales AS DOUBLE) AS dilution_12m
        FROM sold LEFT JOIN noted USING (as_of, currency)
    """)
    found["dilution_12m"] = found["dilution_12m"].where(_covered(book, found, YEAR))
    return found


_UNCONFIRMED = "(confirmed_on IS NULL OR confirmed_on > o.as_of)"


def _balance_if(condition: str) -> str:
    return f"coalesce(sum(balance) FILTER ({condition}), 0)"


def _open_disputes(book: Book, days: list[date]) -> str:
    if not book.has("disputes"):
        return "SELECT NULL::DATE AS as_of, NULL::VARCHAR AS invoice_id WHERE FALSE"
    open_then = "known_on <= as_of AND (closed_on IS NULL OR closed_on > as_of)"
    return f"SELECT DISTINCT as_of, invoice_id FROM disputes JOIN ({days_sql(days)}) ON {open_then}"


def _concentrations(book: Book, days: list[date]) -> pd.DataFrame:
    table = _every(book, days)
    for party in ("debtor", "client"):
        table = table.merge(_concentration(book, party, days), on=KEY, how="left")
    return table


def _concentration(book: Book, party: str, days: list[date]) -> pd.DataFrame:
    held = balances_by(book, f"{party}_id", days)
    rows = [
        {"as_of": day, "currency": currency, **vars(concentration(part["balance"]))}
        for (day, currency), part in held.groupby(KEY)
    ]
    table = pd.DataFrame(rows, columns=[*KEY, "largest", "top10", "hhi", "effective"])
    table = table.astype({"as_of": "datetime64[us]"})
    return table.rename(columns={c: f"{c}_{party}" for c in table.columns if c not in KEY})


def _turnover(book: Book, days: list[date]) -> pd.DataFrame:
    columns = ["dso", "days_delinquent", "cei"]
    if not book.has("payments"):
        return _every(book, days).assign(**dict.fromkeys(columns, np.nan))
    table = turnover(book, days, SALES_WINDOW)
    table[columns] = table[columns].where(_covered(book, table, SALES_WINDOW), axis=0)
    return table[[*KEY, *columns]]


def _covered(book: Book, table: pd.DataFrame, window: int) -> pd.Series:
    """Whether the window before each row's day lies inside the book's history."""
    begins = table["as_of"] - pd.Timedelta(days=window)
    return begins >= pd.Timestamp(book.first_day or date.max)


def _every(book: Book, days: list[date]) -> pd.DataFrame:
    """Every day with every currency of the book."""
    listed = pd.DataFrame({"as_of": pd.Series(days, dtype="datetime64[us]")})
    return listed.merge(pd.DataFrame({"currency": pd.Series(book.currencies, dtype="str")}), how="cross")
