"""Ways to spoil a clean book, each with the check that must see it and those that may see what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from tests.recovery.clean_book import LAST, Tables

Rows = pd.Index
Spoil = Callable[[Tables, np.random.Generator, float], Tables]
FEW = (1, 12)


@dataclass(frozen=True)
class Defect:
    """A kind of defect: the check it must trip, what it does, how strongly (rows, or a share or factor)."""

    check: str
    spoil: Spoil
    strengths: tuple[float, ...] = FEW
    also: tuple[str, ...] = ()


def cells(table: str, where: Callable[[Tables], Any] | None = None, **change: Any) -> Spoil:
    """Some rows' cells replaced: by a value, or by what a function makes of the rows."""

    def spoil(tables: Tables, rng: np.random.Generator, n: float) -> Tables:
        frame = tables[table].copy()
        chosen = pick(rng, frame.index if where is None else frame.index[where(tables)], n)
        for column, value in change.items():
            new = value(frame.loc[chosen]) if callable(value) else value
            if frame[column].dtype.kind == "M" and not callable(value):
                new = pd.NaT if value is None else pd.Timestamp(value)
            frame.loc[chosen, column] = new
        return {**tables, table: frame}

    return spoil


def copies(table: str, **change: Any) -> Spoil:
    """Some rows again, with other cells in the copy."""

    def spoil(tables: Tables, rng: np.random.Generator, n: float) -> Tables:
        frame = tables[table]
        again = frame.loc[pick(rng, whole(tables) if table == "payments" else frame.index, n)].copy()
        for column, value in change.items():
            again[column] = value(again) if callable(value) else value
        return {**tables, table: pd.concat([frame, again.astype(frame.dtypes)], ignore_index=True)}

    return spoil


def pick(rng: np.random.Generator, rows: Rows, n: float) -> Rows:
    """n of the rows, or below 1 that share of them."""
    size = int(n) if n >= 1 else int(n * len(rows))
    assert 1 <= size <= len(rows)
    return rows[np.sort(rng.choice(len(rows), size, replace=False))]


def whole(tables: Tables) -> Rows:
    """Payments that were neither taken back nor take another back."""
    paid = tables["payments"]
    return paid.index[paid["reverses"].isna() & ~paid["payment_id"].isin(paid["reverses"])]


def settled_long_ago(table: str, day: str) -> Callable[[Tables], Any]:
    """Rows whose event lies far enough back to be booked late and still be known."""
    return lambda tables: (tables[table][day] < pd.Timestamp(LAST - timedelta(days=70))).to_numpy()


def without(table: str) -> Spoil:
    """Some parties' records gone."""

    def spoil(tables: Tables, rng: np.random.Generator, n: float) -> Tables:
        used = pd.Index(tables["invoices"]["debtor_id"].unique())
        gone = pick(rng, used, n)
        return {**tables, table: tables[table][~tables[table]["party_id"].isin(gone)]}

    return spoil


def in_month(table: str, day: str, change: Callable[[pd.DataFrame, float, np.random.Generator], pd.DataFrame]) -> Spoil:
    """All rows of one month of the second half changed."""

    def spoil(tables: Tables, rng: np.random.Generator, strength: float) -> Tables:
        frame = tables[table]
        month = frame[day].dt.to_period("M")
        chosen = pd.Period(LAST, "M") - int(rng.integers(2, 15))
        changed = change(frame[month == chosen], strength, rng)
        return {**tables, table: pd.concat([frame[month != chosen], changed], ignore_index=True).astype(frame.dtypes)}

    return spoil


def scaled(rows: pd.DataFrame, factor: float, _rng: np.random.Generator) -> pd.DataFrame:
    """Amounts of the rows times a factor."""
    return rows.assign(amount=(rows["amount"] * factor).round(2))


def repeated(rows: pd.DataFrame, times: float, _rng: np.random.Generator) -> pd.DataFrame:
    """The rows several times, as other invoices."""
    again = [
        rows.assign(**{c: rows[c] + f"-{k}" for c in ("invoice_id", "number", "tax_invoice_code")})
        for k in range(1, int(times))
    ]
    return pd.concat([rows, *again])


def thinned(rows: pd.DataFrame, kept: float, rng: np.random.Generator) -> pd.DataFrame:
    """A share of the rows."""
    return rows[rng.random(len(rows)) < kept]


def no_invoices_of_a_month(tables: Tables, rng: np.random.Generator, n: float) -> Tables:
    """n months without invoices, and without all that hangs on them."""
    issued = tables["invoices"]["issued_on"].dt.to_period("M")
    months = pd.period_range(end=pd.Period(LAST, "M") - 3, periods=20, freq="M")
    gone = months[rng.choice(20, int(n), replace=False)]
    kept = tables["invoices"][~issued.isin(gone)]
    left = {**tables, "invoices": kept}
    for name, frame in tables.items():
        if name != "invoices" and "invoice_id" in frame:
            left[name] = frame[frame["invoice_id"].isna() | frame["invoice_id"].isin(kept["invoice_id"])]
    left["repayments"] = left["repayments"][left["repayments"]["advance_id"].isin(left["advances"]["advance_id"])]
    left["amendments"] = left["amendments"][left["amendments"]["target_id"].isin(kept["invoice_id"])]
    return left


def wild_amounts(tables: Tables, rng: np.random.Generator, n: float) -> Tables:
    """n invoices of the busiest debtor in fen of fen."""
    frame = tables["invoices"].copy()
    own = frame.index[frame["debtor_id"] == frame["debtor_id"].mode()[0]]
    frame.loc[pick(rng, own, n), "amount"] *= 10_000
    return {**tables, "invoices": frame}


def twice_credited(tables: Tables, rng: np.random.Generator, n: float) -> Tables:
    """A further credit note of the whole amount on n invoices that have been paid."""
    paid = tables["payments"].groupby("invoice_id")["amount"].sum()
    amount = tables["invoices"].set_index("invoice_id")["amount"]
    full = paid.index[(paid > 0.6 * amount.reindex(paid.index)).to_numpy()]
    own = pick(rng, full, n)
    note = (
        tables["credit_notes"]
        .iloc[np.arange(len(own)) % len(tables["credit_notes"])]
        .assign(note_id=[f"KX{i}" for i in range(len(own))], invoice_id=own, amount=amount[own].to_numpy())
    )
    return {**tables, "credit_notes": pd.concat([tables["credit_notes"], note], ignore_index=True)}


def wrong_accounts(tables: Tables, rng: np.random.Generator, share: float) -> Tables:
    """One of the last twelve months' financing balance off by a share."""
    frame = tables["factor_accounts"].copy()
    frame.loc[frame.index[-int(rng.integers(1, 12))], "financing_balance"] *= 1 + share
    return {**tables, "factor_accounts": frame.round({"financing_balance": 2})}


def early_versions(tables: Tables, rng: np.random.Generator, n: float) -> Tables:
    """The second version of n parties known before the first."""
    frame = tables["parties"].copy()
    second = frame.index[frame["party_id"].duplicated()]
    chosen = pick(rng, second, n)
    frame.loc[chosen, "known_on"] = frame["known_on"].min() - pd.Timedelta(days=10)
    return {**tables, "parties": frame}


def later(column: str, days: int) -> Callable[[pd.DataFrame], pd.Series]:
    """A date column moved by days."""
    return lambda rows: rows[column] + pd.Timedelta(days=days)
