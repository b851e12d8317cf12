"""The given tables as a book: temporary views typed by the schema, and what is known of their content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import uuid4
from weakref import finalize

from riskmodels.book.named import listed
from riskmodels.book.schema import REQUIRED_TABLES, TABLES, Column, Table
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.features.spark.dialect import spark_sql

TYPES = {
    "text": "STRING",
    "date": "DATE",
    "stamp": "TIMESTAMP_NTZ",
    "money": "DECIMAL(18, 2)",
    "rate": "DOUBLE",
    "count": "INT",
    "flag": "BOOLEAN",
}
NUMBERS = {"tinyint", "smallint", "int", "bigint", "float", "double", "decimal"}
ACCEPTED = {
    "text": {"string", "varchar", "char"},
    "date": {"date", "timestamp", "timestamp_ntz"},
    "stamp": {"date", "timestamp", "timestamp_ntz"},
    "money": NUMBERS,
    "rate": NUMBERS,
    "count": NUMBERS,
    "flag": {"boolean"},
}
"""Spark's types that a column of each kind may have."""
PROBED = 1000
"""Rows that mostly show which columns hold values, before all are looked through."""


@dataclass(frozen=True)
class SparkBook:
    """Tables of a Spark session seen as a whole book; what a plan and a request for dates ask of one."""

    session: Any
    frames: Mapping[str, Any]
    prefix: str = field(default_factory=lambda: f"riskmodels_{uuid4().hex[:12]}_")
    name: str = "book"
    cut: date | None = None
    schema: Mapping[str, Table] = field(default_factory=lambda: TABLES)
    views: list[str] = field(default_factory=list)
    persisted: list[Any] = field(default_factory=list)

    def place(self, name: str, own: bool) -> str:
        """The view that holds a table of the book, or one of the engine's own; empty if it is neither."""
        return f"{self.prefix}own_{name}" if own else f"{self.prefix}{name}" if name in self.schema else ""

    def sql(self, query: str, read: str = "spark") -> Any:
        """The frame of a query over the book's and the engine's tables."""
        return self.session.sql(spark_sql(query, read, self.place))

    def keep(self, name: str, frame: Any, own: bool = True) -> None:
        """Make a frame one of the engine's own tables, or one of the book's."""
        frame.createTempView(self.place(name, own))
        self.views.append(self.place(name, own))

    def hold(self, frame: Any) -> Any:
        """The frame, with which goes what was persisted for it."""
        for stored in self.persisted:
            finalize(frame, stored.unpersist).atexit = False
        return frame

    @cached_property
    def tables(self) -> dict[str, frozenset[str]]:
        """For each table with rows, the columns that hold at least one value.

        Mostly the first rows have a value of each; only for the columns without one are all rows looked through.
        """
        given = {t: [c for c in self.schema[t].names if c in {*f.columns, "known_on"}] for t, f in self.frames.items()}
        first = self._filled(given, f" LIMIT {PROBED}")
        left = {t: rest for t, found in first.items() if found and (rest := [c for c in given[t] if c not in found])}
        more = self._filled(left) if left else {}
        return {t: first[t] | more.get(t, frozenset()) for t in self.schema if first.get(t)}

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table has rows, and each of the columns at least one value."""
        return table in self.tables and set(columns) <= self.tables[table]

    def as_of(self, day: date) -> None:
        """Refuse a day before the first on which an invoice became known."""
        if self.first_day is None or day < self.first_day:
            raise DataRefused(f"{self.name}: as of {day} is before all data; its first day is {self.first_day}")

    @property
    def first_day(self) -> date | None:
        """The day on which the first invoice became known."""
        return min((row.first for row in self._invoices), default=None)

    @property
    def currencies(self) -> list[str]:
        """Currencies of the invoices, the one with most invoices first."""
        return [row.currency for row in self._invoices]

    @property
    def currency(self) -> str:
        """The currency of most invoices."""
        return self.currencies[0]

    @property
    def invoices(self) -> int:
        """How many invoices there are."""
        return sum(row.n for row in self._invoices)

    def left_out(self, currency: str | None) -> int:
        """How many invoices are in other currencies than the one that is summed."""
        return sum(row.n for row in self._invoices if currency not in (None, row.currency))

    @cached_property
    def _invoices(self) -> list[Any]:
        query = "SELECT currency, count(*) AS n, min(known_on) AS first FROM invoices GROUP BY currency"
        return sorted(self.sql(query).collect(), key=lambda row: (-row.n, row.currency))

    def _filled(self, columns: Mapping[str, list[str]], limit: str = "") -> dict[str, frozenset[str]]:
        """Which of some columns hold a value in the rows, or in some of them; of all tables at once."""
        queries = [
            f"SELECT '{t}' AS name, array({_counts(names)}) AS n FROM (SELECT * FROM {t}{limit})"
            for t, names in columns.items()
        ]
        counted = self.sql(" UNION ALL ".join(queries)).collect()
        return {name: frozenset(c for c, n in zip(columns[name], found) if n) for name, found in counted}


@contextmanager
def viewed(session: Any, tables: Mapping[str, Any]) -> Iterator[SparkBook]:
    """The given tables as a book, its views gone afterwards; frames made of them stay."""
    book = SparkBook(session, {name: _frame(session, table) for name, table in tables.items()})
    _check(book)
    try:
        for name, frame in book.frames.items():
            book.keep(name, frame.selectExpr(*_cells(book.schema[name], frame)), own=False)
        yield book
    finally:
        for view in book.views:
            session.catalog.dropTempView(view)


def _frame(session: Any, table: Any) -> Any:
    """A frame, the table of a name, or the Parquet files of a path."""
    if not isinstance(table, str):
        return table
    is_path = "/" in table or table.endswith(".parquet")
    return session.read.parquet(table) if is_path else session.table(table)


def _check(book: SparkBook) -> None:
    """Refuse tables that aren't a book's, that lack a column or have one of another kind."""
    if unknown := sorted(set(book.frames) - set(book.schema)):
        raise Misuse(f"tables: found {listed(unknown)}, expected some of {', '.join(book.schema)}")
    if missing := [t for t in REQUIRED_TABLES if t not in book.frames]:
        raise DataRefused(f"{book.name}: no table {missing[0]}; found {listed(book.frames) or 'no table of a book'}")
    for name, frame in book.frames.items():
        found = dict(frame.dtypes)
        if lost := [c for c in book.schema[name].required if c not in found and c != "known_on"]:
            raise DataRefused(f"{name}: missing columns {', '.join(lost)}")
        for column in book.schema[name].columns:
            kind = found.get(column.name, "void").partition("(")[0]
            if kind != "void" and kind not in ACCEPTED[column.kind]:
                raise DataRefused(f"{name}.{column.name}: found {kind}, expected {TYPES[column.kind]}")


def _cells(table: Table, frame: Any) -> list[str]:
    """The table's columns, typed by the schema; absent ones NULL, and `known_on` the event's own date."""
    found = dict(frame.dtypes)
    return [f"{_cell(table, column, found)} AS `{column.name}`" for column in table.columns]


def _cell(table: Table, column: Column, found: Mapping[str, str]) -> str:
    if column.name == "known_on":
        event = f"CAST(`{table.event}` AS DATE)"
        return f"coalesce(CAST(known_on AS DATE), {event})" if "known_on" in found else event
    kind = found.get(column.name, "void")
    if column.kind == "money" and kind in ("double", "float"):
        # Cents are rounded as the local engine does, not by the decimals that a double shows.
        return f"CAST(CAST(round(CAST(`{column.name}` AS DOUBLE) * 100D) AS DECIMAL(18, 0)) * 0.01BD AS DECIMAL(18, 2))"
    return f"CAST({f'`{column.name}`' if column.name in found else 'NULL'} AS {TYPES[column.kind]})"


def _counts(columns: list[str]) -> str:
    return ", ".join(f"count(`{c}`)" for c in columns)
