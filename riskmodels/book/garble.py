"""A book whose future is garbage: what may not matter at a date is changed, so that a test can see whether it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import duckdb

from riskmodels.book.book import Book
from riskmodels.book.schema import TABLES, Column, Table

_KEEP = ("valid_from", "roles")
"""Left as they are, beside ids: which keys there are, and since when, isn't what is told of them."""


def garbled(book: Book, day: date, seed: int = 1) -> Book:
    """The book with everything that was revealed after `day` replaced by random values, revealed later too.

    Keys and references stay, and so does that a row is known later and that a cell is revealed later.
    """

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        for name in book.tables:
            con.register(f"whole_{name}", book.frame(name))
            con.execute(f"CREATE TABLE garbled_{name} AS {_query(TABLES[name], day, seed)}")
        return {name: f"garbled_{name}" for name in book.tables}

    pinned = {"currency": book.currency} if len(book.currencies) > 1 else {}
    return replace(book, attach=attach, meta={**book.meta, **pinned})


def _query(table: Table, day: date, seed: int) -> str:
    cells = ", ".join(_cell(table, c, day, seed) for c in table.columns)
    return f"SELECT {cells} FROM whole_{table.name}"


def _cell(table: Table, column: Column, day: date, seed: int) -> str:
    """The cell as it is if it was revealed by the day, else a random one of its kind."""
    name = f'"{column.name}"'
    if column.name in table.key or column.refers_to or column.name in _KEEP:
        return name
    seen = f"known_on <= DATE '{day}'"
    if table.versioned:
        seen += f" AND valid_from <= DATE '{day}'"
    if column.revealed_by != "known_on":
        seen += f" AND CAST(\"{column.revealed_by}\" AS DATE) <= DATE '{day}'"
    reveals = column.name in {"known_on", *(c.revealed_by for c in table.columns)}
    key = ", ".join(f'"{k}"' for k in table.key)
    noise = f"hash({key}, '{column.name}', {seed})"
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
