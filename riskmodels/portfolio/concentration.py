"""How much of the open balance hangs on how few debtors or clients; parties are told apart by id, never by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.book.book import Book
from riskmodels.core.errors import Misuse
from riskmodels.portfolio.ageing import KEYS
from riskmodels.portfolio.balances import cut_day, known_by_cut, open_items


@dataclass(frozen=True)
class Concentration:
    """Shares of the largest and of the ten largest, the Herfindahl index sum s^2, and effective names 1 / HHI."""

    largest: float
    top10: float
    hhi: float
    effective: float


def concentration(amounts: ArrayLike) -> Concentration:
    """The concentration of amounts (K,), one per party; all NaN when they sum to nothing."""
    held = np.sort(np.asarray(amounts, float))[::-1]
    if held.sum() <= 0:
        return Concentration(*[float("nan")] * 4)
    share = held / held.sum()
    hhi = float(share @ share)
    return Concentration(float(share[0]), float(share[:10].sum()), hhi, 1 / hhi)


def balances_by(book: Book, key: str, days: list[date] | None = None) -> pd.DataFrame:
    """One row per day, currency and party: as_of, currency, the key, invoices, balance, largest first."""
    if key not in KEYS:
        raise Misuse(f"concentration: found key {key!r}, expected one of {', '.join(KEYS)}")
    on = known_by_cut(book, days or [cut_day(book)])
    return book.sql(
        f"SELECT as_of, currency, {key}, count(*) AS invoices, sum(balance) AS balance, "
        f"sum(balance) FILTER (dpd > 0) AS overdue FROM ({open_items(book, on)}) "
        f"GROUP BY ALL ORDER BY as_of, currency, balance DESC, {key}"
    ).fillna({"overdue": 0.0})


def largest(book: Book, key: str = "debtor_id", top: int = 20) -> pd.DataFrame:
    """The `top` parties of each currency by open balance.

    Columns: currency, rank, the key, name, parties, invoices, balance, overdue, share, cumulative; then, if there are
    more, one row for the others (rank 0, no key), so that rows tie to all. `parties` counts the parties of a row. The
    name is the latest known; empty when the book has none.
    """
    held = balances_by(book, key).drop(columns="as_of")
    parts = [_ranked(part, key, top) for _, part in held.groupby("currency", sort=False)]
    table = pd.concat(parts, ignore_index=True) if parts else _ranked(held, key, top)
    table.insert(3, "name", table[key].map(names(book)))
    return table


def names(book: Book) -> dict[str, str]:
    """The latest name of each party by id; empty when the book has no names."""
    if not book.has("parties", "name"):
        return {}
    found = book.sql("SELECT party_id, arg_max(name, valid_from) AS name FROM parties GROUP BY 1")
    return dict(zip(found["party_id"], found["name"]))


def _ranked(held: pd.DataFrame, key: str, top: int) -> pd.DataFrame:
    head, tail = held.head(top), held.iloc[top:]
    table = head.assign(rank=range(1, len(head) + 1), parties=1)
    if len(tail):
        sums = tail[["invoices", "balance", "overdue"]].sum().to_dict()
        others = {"currency": held["currency"].iloc[0], key: pd.NA, "rank": 0, "parties": len(tail), **sums}
        table = pd.concat([table, pd.DataFrame([others]).astype(table.dtypes.to_dict())], ignore_index=True)
    table["share"] = table["balance"] / held["balance"].sum()
    table["cumulative"] = table["share"].cumsum()
    return table[["currency", "rank", key, "parties", "invoices", "balance", "overdue", "share", "cumulative"]]
