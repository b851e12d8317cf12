"""Parsed rows brought together with those of a book: what is new, what was there, what completes, what contradicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from riskmodels.book.cells import literal
from riskmodels.book.defects import drop_defective
from riskmodels.book.load.store import whole_row
from riskmodels.book.named import listed
from riskmodels.book.parse import PART, STATED, Parsed
from riskmodels.book.schema import META, REQUIRED_TABLES, Column, Table
from riskmodels.book.sources import ROW, columns_of, quoted, unreadable
from riskmodels.core.errors import DataRefused, Misuse

_NAME = "book_before"


@dataclass
class Before:
    """The book that is appended to: the relation of each of its tables, what it says of itself, its other tables."""

    tables: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Met:
    """Rows of one table that the book had already: as they were, or with cells it lacked.

    `still` of them are among the parsed rows; the others were taken out.
    """

    skipped: int = 0
    completed: int = 0
    still: int = 0


def attach_before(con: duckdb.DuckDBPyConnection, book: Path, schema: Mapping[str, Table]) -> Before:
    """The book at that place, read-only."""
    if not book.exists():
        raise Misuse(f"--append: {book}: no such book; expected one to append to")
    try:
        con.execute(f"ATTACH {literal(str(book))} AS {_NAME} (READ_ONLY)")
        found = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main'", [_NAME]
        ).fetchall()
        names = sorted(name for (name,) in found)
        if missing := [t for t in REQUIRED_TABLES if t not in names]:
            raise DataRefused(f"{book}: no table {missing[0]}; found {listed(names) or 'no table of a book'}")
        meta = dict(con.execute(f"SELECT * FROM {_NAME}.meta").fetchall()) if META in names else {}
        tables = {t: _whole(con, table) for t, table in schema.items() if t in names}
    except duckdb.Error as error:
        raise unreadable(book, error) from None
    return Before(tables, meta, [n for n in names if n not in schema and n != META])


def _whole(con: duckdb.DuckDBPyConnection, table: Table) -> str:
    """A view of a book's table with all columns of the schema, `known_on` filled."""
    relation, view = f"{_NAME}.{quoted(table.name)}", f"before_{table.name}"
    event = f"CAST({quoted(table.event)} AS DATE)"
    known = f'coalesce("known_on", {event})' if "known_on" in columns_of(con, relation) else event
    rows = f"SELECT * REPLACE ({known} AS known_on) FROM (SELECT {whole_row(con, table, relation)} FROM {relation})"
    con.execute(f"CREATE TEMP VIEW {view} AS {rows}")
    return view


def meet(con: duckdb.DuckDBPyConnection, parsed: Parsed, before: Before) -> Met:
    """Take out of the parsed rows those the book contradicts, as defects, and count the others it has."""
    if parsed.table.name not in before.tables:
        return Met()
    older = _drop_older(con, parsed, before) if parsed.parts[0].rules.one_per_key else 0
    others = [c for c in parsed.table.columns if c.name in {*parsed.stated, "known_on"} - set(parsed.table.key)]
    clashes = {c.name: _clashes(parsed, c) for c in others}
    clash = " OR ".join(f"({c})" for c in clashes.values()) or "FALSE"
    fills = " OR ".join(f"({_fills(parsed.table, c)})" for c in others if _later(c)) or "FALSE"
    conditions = (f"NOT ({clash})", f"({fills}) AND NOT ({clash})", *clashes.values())
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions)
    same, completed, *found = con.execute(f"SELECT {counted} {_joined(parsed, before)}").fetchone() or (0, 0)
    for column, condition in (pair for pair, n in zip(clashes.items(), found) if n):
        _contradicted(con, parsed, before, column, condition)
    drop_defective(con, parsed)
    return Met(older + same - completed, completed, same)


def _joined(parsed: Parsed, before: Before) -> str:
    return f"FROM {parsed.relation} n JOIN {before.tables[parsed.table.name]} o ON {_same_key(parsed.table)}"


def _same_key(table: Table) -> str:
    return " AND ".join(f"n.{quoted(k)} = o.{quoted(k)}" for k in table.key)


def _later(column: Column) -> bool:
    return column.revealed_by != "known_on"


def _fills(table: Table, column: Column) -> str:
    """The SQL condition that a cell the book lacks comes together with the date that reveals it."""
    name, day = quoted(column.name), quoted(column.revealed_by)
    return f"o.{name} IS NULL AND n.{name} IS NOT NULL AND o.{day} IS NULL AND n.{day} IS NOT NULL"


def _clashes(parsed: Parsed, column: Column) -> str:
    """The SQL condition that a stated cell is another than the book's and doesn't complete it."""
    name = quoted(column.name)
    differs = f"n.{name} IS DISTINCT FROM o.{name}"
    if column.name == "known_on":
        return f"n.{STATED} AND {differs}"
    if _later(column):
        differs += f" AND NOT ({_fills(parsed.table, column)})"
    stating = [str(i) for i, part in enumerate(parsed.parts) if column.name in part.rules.columns]
    said = f"n.{PART} IN ({', '.join(stating)}) AND " if len(stating) < len(parsed.parts) else ""
    return f"{said}{differs}"


def _contradicted(con: duckdb.DuckDBPyConnection, parsed: Parsed, before: Before, column: str, condition: str) -> None:
    old = f"coalesce('''' || left(CAST(o.{quoted(column)} AS VARCHAR), 80) || '''', 'nothing')"
    con.execute(
        f"INSERT INTO defects SELECT '{parsed.table.name}', n.{PART}, n.{ROW}, '{column}', "
        f"CAST(n.{quoted(column)} AS VARCHAR), {old} || ' as the book has it' "
        f"{_joined(parsed, before)} WHERE {condition}"
    )


def _drop_older(con: duckdb.DuckDBPyConnection, parsed: Parsed, before: Before) -> int:
    """How many entities the book had as early: of those, the mapping wants no further row."""
    entity, event = quoted(parsed.table.key[0]), quoted(parsed.table.event)
    had = (
        f"SELECT n.{PART}, n.{ROW} FROM {parsed.relation} n SEMI JOIN {before.tables[parsed.table.name]} o "
        f"ON n.{entity} = o.{entity} AND o.{event} <= n.{event}"
    )
    deleted = con.execute(f"DELETE FROM {parsed.relation} WHERE ({PART}, {ROW}) IN ({had})").fetchone()
    return int(deleted[0]) if deleted else 0


def merge(con: duckdb.DuckDBPyConnection, table: Table, parsed: Parsed | None, before: Before) -> None:
    """Create the table of the new book from the old book's rows and the parsed ones."""
    old = before.tables.get(table.name)
    columns = ", ".join(quoted(c) for c in table.names)
    new = f"SELECT {columns} FROM {parsed.relation}" if parsed else ""
    if old and parsed:
        cells = ", ".join(_merged(c) for c in table.names)
        kept = f"SELECT {cells} FROM {old} o LEFT JOIN {parsed.relation} n ON {_same_key(table)}"
        added = f"SELECT {columns} FROM {parsed.relation} n ANTI JOIN {old} o ON {_same_key(table)}"
        rows = f"{kept} UNION ALL {added}"
    else:
        rows = new or f"SELECT {columns} FROM {old}"
    order = ", ".join(quoted(k) for k in table.key)
    con.execute(f"CREATE TABLE {quoted(table.name)} AS SELECT * FROM ({rows}) ORDER BY {order}")
    if parsed:
        con.execute(f"DROP TABLE {parsed.relation}")


def _merged(column: str) -> str:
    name = quoted(column)
    value = f"o.{name}" if column == "known_on" else f"coalesce(o.{name}, n.{name})"
    return f"{value} AS {name}"


def copy_others(con: duckdb.DuckDBPyConnection, before: Before) -> None:
    """Tables of the old book that are none of ours, as they were."""
    for name in before.others:
        con.execute(f"CREATE TABLE {quoted(name)} AS FROM {_NAME}.{quoted(name)}")
