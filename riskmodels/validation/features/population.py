"""Whose features are looked at: keys that are in business, so that those long gone don't pass for a drift."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from riskmodels.book.book import Book

HOMES = {"chain": "anchor_id", "industry": "industry"}
"""The column of parties that says what a party belongs to."""
DAYS = 365
"""A key is in business when it was invoiced within so many days."""


def living(book: Book, ids: Sequence[str], days: Sequence[date]) -> pd.DataFrame | None:
    """The keys invoiced in the year before each day: ids, as_of; None when invoices don't name the key."""
    invoiced = book.sql("SELECT * FROM invoices LIMIT 0").columns
    if not set(ids) <= set(invoiced):
        return None
    names = ", ".join(f'"{c}"' for c in ids)
    found = book.sql(
        f"""
        SELECT DISTINCT {names}, as_of FROM (SELECT unnest($days) AS as_of) AS asked
        JOIN invoices ON known_on <= as_of AND known_on > as_of - {DAYS}
        """,
        {"days": list(days)},
    )
    return found.assign(as_of=found["as_of"].astype("datetime64[us]"))


def homes(book: Book, of: str) -> pd.Series:
    """What each party belongs to, its `chain` or `industry`, as last known, by party_id; a party without one is absent.

    All members of a home share its features, so that of these not the members but the homes are cases of their own.
    """
    column = HOMES[of]
    if not book.has("parties", column):
        return pd.Series(dtype="str")
    query = f"SELECT party_id, arg_max({column}, valid_from) AS home FROM parties WHERE {column} IS NOT NULL GROUP BY 1"
    return book.sql(f"{query} ORDER BY 1").set_index("party_id")["home"]
