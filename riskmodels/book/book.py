"""A book opened for reading: its tables as views of one DuckDB connection, whole or cut at an as-of date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import pandas as pd

from riskmodels.book.connection import settled
from riskmodels.book.schema import TABLES, Table
from riskmodels.core.errors import DataRefused

Attach = Callable[[duckdb.DuckDBPyConnection], dict[str, str]]
"""Makes a source readable on a connection and returns, for each book table it has, the relation to select from."""


def in_memory(frames: Mapping[str, pd.DataFrame]) -> Attach:
    """What attaches frames, by table name, as a book's source."""

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        for name, frame in frames.items():
            con.register(f"given_{name}", frame)
        return {name: f"given_{name}" for name in frames}

    return attach


@dataclass(frozen=True)
class Book:
    """The tables of a book, read-only. `cut` is None for the whole book, else the close of business it is seen from.

    `schema` says what each table promises: the house's tables, and those a sector adds.
    """

    name: str
    attach: Attach
    cut: date | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    schema: Mapping[str, Table] = field(default_factory=lambda: TABLES)

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection with one view per table, typed by the schema, absent columns NULL."""
        con = settled(duckdb.connect(":memory:", config={"threads": 2}))
        for name, relation in self.attach(con).items():
            found = [d[0] for d in con.execute(f"SELECT * FROM {relation} LIMIT 0").description]
            con.execute(f"CREATE VIEW {name} AS {_select(self.schema[name], relation, found, self.cut)}")
        return con

    @cached_property
    def tables(self) -> dict[str, frozenset[str]]:
        """For each table with rows, the columns that hold at least one value."""
        return {name: filled for name in self._views() if (filled := self._filled(name))}

    def _views(self) -> list[str]:
        query = "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
        found = {row[0] for row in self.connection.execute(query).fetchall()}
        return [name for name in self.schema if name in found]

    def _filled(self, table: str) -> frozenset[str]:
        names = self.schema[table].names
        counted = ", ".join(f'count("{n}")' for n in names)
        values = self.connection.execute(f"SELECT {counted} FROM {table}").fetchone() or ()
        return frozenset(n for n, v in zip(names, values) if v)

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table has rows, and each of the columns at least one value."""
        return table in self.tables and set(columns) <= self.tables[table]

    def need(self, table: str, *columns: str) -> None:
        """Refuse, in one line, when the table or one of the columns is empty."""
        if table not in self.tables:
            raise DataRefused(
                f"{self.name}: no rows in table {table}; it has {', '.join(self.tables) or 'no rows at all'}"
            )
        if missing := [c for c in columns if c not in self.tables[table]]:
            raise DataRefused(f"{self.name}: {table}: no values in {', '.join(missing)}")

    def frame(self, table: str) -> pd.DataFrame:
        """One table as a frame, sorted by its key; money and rates are floats, dates datetime64."""
        key = ", ".join(f'"{k}"' for k in self.schema[table].key)
        return self.sql(f"SELECT * FROM {table} ORDER BY {key}")

    def sql(self, query: str, values: list[Any] | dict[str, Any] | None = None) -> pd.DataFrame:
        """The answer to a query over the book's tables, values bound to `?` or `$name`."""
        return tidy(self.connection.execute(query, values or []).df())

    def as_of(self, day: date) -> Book:
        """The book as it was known at the close of `day`: later rows gone, cells revealed later blank.

        One that is cut there already is the answer itself, with what was found out of it.
        """
        if day == self.cut:
            return self
        first = self.first_day
        if first is None or day < first:
            raise DataRefused(f"{self.name}: as of {day} is before all data; its first day is {first}")
        # The cut keeps the whole book's currency: which rows a later date adds may not change what is summed.
        return replace(self, cut=day, meta={**self.meta, "currency": self.currency})

    @cached_property
    def first_day(self) -> date | None:
        """The day on which the first invoice became known."""
        return self._span()[0]

    @cached_property
    def last_day(self) -> date | None:
        """The day on which the last invoice, payment, note or dispute became known: the book says nothing beyond it."""
        return self._span()[1]

    def _span(self) -> tuple[date | None, date | None]:
        parts = [f"SELECT min(known_on) AS a, max(known_on) AS b FROM {t}" for t in self._views()]
        last = f"SELECT max(b) FROM ({' UNION ALL '.join(parts)})"
        first, newest = self.connection.execute(
            f"SELECT (SELECT min(known_on) FROM invoices), ({last})"
        ).fetchone() or (None, None)
        return first, newest

    @cached_property
    def currencies(self) -> list[str]:
        """Currencies of the invoices, the one with most invoices first."""
        rows = self.connection.execute("SELECT currency FROM invoices GROUP BY 1 ORDER BY count(*) DESC, 1").fetchall()
        return [r[0] for r in rows]

    @cached_property
    def currency(self) -> str:
        """The book's currency: the one pinned when it was loaded, else that of most invoices."""
        return str(self.meta.get("currency") or self.currencies[0])

    @cached_property
    def fingerprint(self) -> str:
        """What identifies the content, whatever file and row order it came in.

        SHA-256 over each table's number of rows and the sum of its rows' hashes: any change shows. Columns without a
        value don't count, an absent one is the same.
        """
        # Brought in here: whoever opens a book without asking this need not wait for numba.
        from riskmodels.book.rowsum import digest, rowsum

        summed = {}
        for name, filled in self.tables.items():
            table = [c for c in self.schema[name].columns if c.name in filled]
            listed = ", ".join(f'"{c.name}"' for c in table)
            self.connection.complete()
            batches = self.connection.sql(f"SELECT {listed} FROM {name}").to_arrow_reader(100_000)
            summed[name] = ([c.name for c in table], *rowsum(batches, [c.kind for c in table]))
        return digest(summed)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with pandas 3 dtypes: text as str, dates as datetime64[us], nothing as object."""
    for name in frame.columns:
        if frame[name].dtype == object:
            frame[name] = frame[name].astype("str")
        elif frame[name].dtype.kind == "M":
            frame[name] = frame[name].astype("datetime64[us]")
    return frame


def _select(table: Table, relation: str, found: list[str], cut: date | None) -> str:
    cells = ", ".join(_cell(table, c.name, found, cut) for c in table.columns)
    rows = f" WHERE {_visible(table, found)} <= DATE '{cut}'" if cut else ""
    return f"SELECT {cells} FROM {relation}{rows}"


def _visible(table: Table, found: list[str]) -> str:
    """The day from which a row counts: when it was known, and for a version not before it is valid."""
    known = _known(table, found)
    return f'greatest({known}, CAST("valid_from" AS DATE))' if table.versioned else known


def _known(table: Table, found: list[str]) -> str:
    event = f'CAST("{table.event}" AS DATE)'
    return f'coalesce(CAST("known_on" AS DATE), {event})' if "known_on" in found else event


def _cell(table: Table, name: str, found: list[str], cut: date | None) -> str:
    column = table[name]
    if name == "known_on":
        return f'{_known(table, found)} AS "known_on"'
    value = f'"{name}"' if name in found else "NULL"
    if cut and column.revealed_by != "known_on":
        shown = f"CAST(\"{column.revealed_by}\" AS DATE) <= DATE '{cut}'" if column.revealed_by in found else "FALSE"
        value = f"CASE WHEN {shown} THEN {value} END"
    return f'CAST({value} AS {column.sql_type}) AS "{name}"'
