"""The proof that no feature sees the future: whatever is revealed later is turned to garbage, and no bit may move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.schema import TABLES, Column, Table
from riskmodels.features.engine import build, main_currency
from riskmodels.features.feature import SUBJECTS, Catalogue

_KEEP = ("valid_from", "roles")
"""Left as they are, beside ids: which keys there are, and since when, isn't a feature."""


def assert_no_leak(catalogue: Catalogue, book: Book, as_of: date | Sequence[date] | None = None) -> None:
    """Nothing, if no feature depends on what was revealed later; else AssertionError naming the feature.

    Every row known after the date and every cell revealed after it is replaced by random values (keys stay, and so does
    that it is known later); the frames of all keys, and of invoices known by then at their own issue, must keep every
    bit. By default three dates are tried, a quarter, half and three quarters through the book's days.
    """
    for day in _days(book, as_of):
        other = garbled(book, day)
        for subject in SUBJECTS:
            _compare(build(book, subject, day, catalogue), build(other, subject, day, catalogue), f"as of {day}")
        known = book.as_of(day).frame("invoices")["invoice_id"]
        _compare(_issued(book, catalogue, known), _issued(other, catalogue, known), f"at issue, known by {day}")


def garbled(book: Book, day: date, seed: int = 1) -> Book:
    """The book with everything that was revealed after `day` replaced by random values, revealed later too."""

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        for name in book.tables:
            con.register(f"whole_{name}", book.frame(name))
            con.execute(f"CREATE TABLE garbled_{name} AS {_query(TABLES[name], day, seed)}")
        return {name: f"garbled_{name}" for name in book.tables}

    currency = main_currency(book)
    return replace(book, attach=attach, meta={**book.meta, **({"currency": currency} if currency else {})})


def _days(book: Book, as_of: date | Sequence[date] | None) -> list[date]:
    if isinstance(as_of, date):
        return [as_of]
    if as_of:
        return list(as_of)
    first, last = book.first_day, book.last_day
    return [first + (last - first) * quarter / 4 for quarter in (1, 2, 3)] if first and last else []


def _issued(book: Book, catalogue: Catalogue, known: pd.Series) -> pd.DataFrame:
    frame = build(book, "invoice", catalogue=catalogue)
    return frame[frame["invoice_id"].isin(known)].reset_index(drop=True)


def _compare(found: pd.DataFrame, other: pd.DataFrame, when: str) -> None:
    """Refuse frames that differ in a row or, named, in a bit of a feature."""
    ids = [c for c in found if found[c].dtype.kind != "f"]
    if not found[ids].equals(other[ids]):
        raise AssertionError(f"{when}: later facts change which rows there are")
    for name in found.columns.difference(ids, sort=False):
        bits, others = (f[name].to_numpy().view(np.int64) for f in (found, other))
        if moved := int((bits != others).sum()):
            raise AssertionError(f"{name} {when}: sees the future, later facts change {moved} of {len(bits)} values")


def _query(table: Table, day: date, seed: int) -> str:
    cells = ", ".join(_cell(table, c, day, seed) for c in table.columns)
    return f"SELECT {cells} FROM whole_{table.name}"


def _cell(table: Table, column: Column, day: date, seed: int) -> str:
    """The cell as it is if it was revealed by the day, else a random one of its kind."""
    name = f'"{column.name}"'
    if column.name in table.key or column.refers_to or column.name in _KEEP:
        return name
    seen = f"known_on <= DATE '{day}'"
    if column.revealed_by != "known_on":
        seen += f" AND CAST(\"{column.revealed_by}\" AS DATE) <= DATE '{day}'"
    reveals = column.name in {"known_on", *(c.revealed_by for c in table.columns)}
    noise = f"hash({', '.join(table.key)}, '{column.name}', {seed})"
    return f"CASE WHEN {seen} THEN {name} ELSE {_garbage(column, noise, day, reveals)} END AS {name}"


def _garbage(column: Column, noise: str, day: date, reveals: bool) -> str:
    """A random value; of a date that reveals something, one after the day."""
    if column.kind in ("date", "stamp"):
        start = f"DATE '{day}' + 1" if reveals else f"DATE '{day}' - 500"
        return f"({start} + ({noise} % 900)::INTEGER)::{column.sql_type}"
    if column.kind == "text":
        return _word(column, noise)
    return {
        "money": f"(({noise} % 100000000)::DECIMAL(18, 2) / 100 + 1)::DECIMAL(18, 2)",
        "rate": f"({noise} % 1000) / 1000.0",
        "count": f"({noise} % 10)::INTEGER",
        "flag": f"{noise} % 2 = 0",
    }[column.kind]


def _word(column: Column, noise: str) -> str:
    if not column.allowed:
        return f"({noise} % 1000000)::VARCHAR"
    words: list[Any] = [f"'{w}'" for w in column.allowed]
    return f"[{', '.join(words)}][({noise} % {len(words)})::INTEGER + 1]"
