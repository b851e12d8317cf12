"""The open balance by days past due: not due, 1-30, 31-60, 61-90, 91-180, 181-360, over 360."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.buckets import EDGES, NAMES, bucket_names
from riskmodels.core.errors import Misuse
from riskmodels.portfolio.balances import cut_day, known_by_cut, open_items

KEYS = ("client_id", "debtor_id")


def ageing(book: Book, by: Sequence[str] = (), days: Sequence[date] | None = None) -> pd.DataFrame:
    """One row per day, currency, key and bucket.

    Columns: as_of, currency, *by, bucket (0 to 6), name, invoices (count), balance (currency units), share (of the
    key's balance). All buckets appear. `by` names client_id, debtor_id or both.
    """
    if unknown := set(by) - set(KEYS):
        raise Misuse(f"ageing: by: found {sorted(unknown)}, expected some of {', '.join(KEYS)}")
    keys = ["as_of", "currency", *by]
    on = known_by_cut(book, days or [cut_day(book)])
    found = book.sql(
        f"SELECT {', '.join(keys)}, {bucket_sql()} AS bucket, count(*) AS invoices, sum(balance) AS balance "
        f"FROM ({open_items(book, on)}) GROUP BY ALL"
    )
    table = _all_buckets(found, keys)
    table["share"] = table["balance"] / table.groupby(keys)["balance"].transform("sum")
    table.insert(len(keys) + 1, "name", [bucket_names()[b] for b in table["bucket"]])
    return table


def compare(book: Book, previous: date, by: Sequence[str] = ()) -> pd.DataFrame:
    """The ageing at the cut beside that of an earlier day.

    Columns: currency, *by, bucket, name, invoices, balance, share, then the same three with suffix _before (0 where
    the key had nothing open), and change (balance).
    """
    both = ageing(book, by, [previous, cut_day(book)]).assign(as_of=lambda t: t["as_of"].dt.date)
    keys = ["currency", *by, "bucket", "name"]
    now, before = (both[both["as_of"] == d].drop(columns="as_of") for d in (cut_day(book), previous))
    table = now.merge(before, on=keys, how="outer", suffixes=("", "_before")).fillna(0)
    table["change"] = table["balance"] - table["balance_before"]
    return table.sort_values(keys[:-1], ignore_index=True)


def bucket_sql() -> str:
    """SQL of the bucket (0 to 6) that a row's dpd falls in."""
    steps = " ".join(f"WHEN dpd <= {edge} THEN {k}" for k, edge in enumerate(EDGES))
    return f"CASE {steps} ELSE {len(EDGES)} END"


def _all_buckets(found: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    every = found[keys].drop_duplicates().merge(pd.DataFrame({"bucket": range(len(NAMES))}), how="cross")
    table = every.merge(found, on=[*keys, "bucket"], how="left").fillna({"invoices": 0, "balance": 0.0})
    return table.astype({"invoices": "int64"}).sort_values([*keys, "bucket"], ignore_index=True)
