"""A book whose future is another: what may not matter at a date is changed, taken away or added to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import numpy as np

from riskmodels.book.book import Book
from riskmodels.book.later import Part, every_row, joined, ordered, revealed_after
from riskmodels.book.schema import Column, Table

Parts = Sequence[Part]
Query = Callable[[Table, Parts], str]
FAR = 20_000
"""Days after which nobody looks any more: more than fifty years."""


def garbled(book: Book, day: date, seed: int = 1, parts: Parts | None = None) -> Book:
    """The book with everything that was revealed after `day` replaced by random values, revealed later too.

    Keys and references stay, and so does that a row is known later and that a cell is revealed later: some the next
    day, some within years, some in another age. Of `parts`, if given, those rows and cells only.
    """

    def query(table: Table, chosen: Parts) -> str:
        cells = [_cell(c, chosen, _garbage(table, c, day, seed)) for c in table.columns]
        return f"SELECT {', '.join(cells)} FROM whole_{table.name}"

    return _otherwise(book, revealed_after(book, day) if parts is None else parts, query)


def without(book: Book, parts: Parts) -> Book:
    """The book with those rows gone and those cells blank."""

    def query(table: Table, chosen: Parts) -> str:
        cells = [_cell(c, [p for p in chosen if p.columns], "NULL") for c in table.columns]
        gone = _meant([p for p in chosen if not p.columns])
        return f"SELECT {', '.join(cells)} FROM whole_{table.name} WHERE NOT ({gone})"

    return _otherwise(book, parts, query)


def crowded(book: Book, day: date, seed: int = 1, parts: Parts | None = None) -> Book:
    """The book with a further row beside every row, known after `day`: of the same references, otherwise garbage.

    Dates of its key are in another age; a key without dates is marked. Beside the rows of `parts` only, if given.
    """

    def query(table: Table, chosen: Parts) -> str:
        names = ", ".join(f'"{n}"' for n in table.names)
        new = ", ".join(f'{_renewed(table, c, day, seed)} AS "{c.name}"' for c in table.columns)
        whole = f"whole_{table.name}"
        return f"SELECT {names} FROM {whole} UNION ALL SELECT {new} FROM {whole} WHERE {_meant(chosen)}"

    return _otherwise(book, every_row(book) if parts is None else parts, query)


def _otherwise(book: Book, parts: Parts, query: Query) -> Book:
    """The book with the tables of the parts as the query tells them, and the others as they are."""

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        return {name: _told(con, book, name, [p for p in chosen if p.table == name], query) for name in book.tables}

    chosen = joined(parts)
    # The book's currency, and which tables and columns hold values at all, aren't for the future to say.
    other = replace(book, attach=attach, meta={**book.meta, "currency": book.currency})
    vars(other)["tables"] = book.tables
    return other


def _told(con: duckdb.DuckDBPyConnection, book: Book, name: str, chosen: Parts, query: Query) -> str:
    """The relation on the other book's connection that holds a table."""
    whole, found = f"whole_{name}", book.frame(name)
    marks = {_mark(part): np.isin(found.index, part.rows) for part in chosen}
    con.register(whole, found.assign(**marks))
    if chosen:
        con.execute(f"CREATE TABLE told_{name} AS {query(book.schema[name], chosen)}")
    return f"told_{name}" if chosen else whole


def _mark(part: Part) -> str:
    """The name of the column that says which rows are in a part."""
    return f"chosen {' '.join(part.columns)}"


def _meant(chosen: Parts) -> str:
    """Whether a row is in one of the parts, in SQL."""
    return " OR ".join(f'"{_mark(p)}"' for p in chosen) or "FALSE"


def _cell(column: Column, chosen: Parts, other: str) -> str:
    """The cell, or the other value where a part means it."""
    name = f'"{column.name}"'
    meant = _meant([p for p in chosen if not p.columns or column.name in p.columns])
    return f"CASE WHEN {meant} THEN {other} ELSE {name} END AS {name}"


def _garbage(table: Table, column: Column, day: date, seed: int) -> str:
    """A random value of the column's kind; a key or a reference as it is."""
    if column.name in table.key or column.refers_to:
        return f'"{column.name}"'
    return _random(table, column, day, seed)


def _renewed(table: Table, column: Column, day: date, seed: int) -> str:
    """A cell of a further row."""
    dates = [k for k in table.key if table[k].kind in ("date", "stamp")]
    if column.name in dates:
        return f'"{column.name}" + INTERVAL {FAR} DAY'
    if column.name == table.key[-1] and not dates:
        return f"\"{column.name}\" || '+'"
    return _garbage(table, column, day, seed)


def _random(table: Table, column: Column, day: date, seed: int) -> str:
    """A random value; of a date that reveals something, one after the day."""
    noise = f"hash({ordered(table)}, '{column.name}', {seed})"
    if column.kind in ("date", "stamp"):
        late = column.name in {"known_on", *(c.revealed_by for c in table.columns)}
        return f"({_some_day(noise, day, late)})::{column.sql_type}"
    if column.kind == "text":
        return _word(column, noise)
    return {
        "money": f"(({noise} % 100000000)::DECIMAL(18, 2) / 100 + 1)::DECIMAL(18, 2)",
        "rate": f"({noise} % 1000) / 1000.0",
        "count": f"({noise} % 10)::INTEGER",
        "flag": f"{noise} % 2 = 0",
    }[column.kind]


def _some_day(noise: str, day: date, late: bool) -> str:
    """A day around the day; a late one after it: the next, within years, or in another age."""
    days = f"({noise} % 900)::INTEGER"
    if not late:
        return f"DATE '{day}' - 500 + {days}"
    return f"DATE '{day}' + 1 + [0, {days}, {FAR} + {days}][({noise} % 3)::INTEGER + 1]"


def _word(column: Column, noise: str) -> str:
    if not column.allowed:
        return f"({noise} % 1000000)::VARCHAR"
    words: list[Any] = [f"'{w}'" for w in column.allowed]
    return f"[{', '.join(words)}][({noise} % {len(words)})::INTEGER + 1]"
