"""Parsed tables become the tables of a book file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from riskmodels.book.parse import MARKS, Parsed
from riskmodels.book.schema import TABLES, Table
from riskmodels.book.sources import columns_of, quoted


def keep_parsed(con: duckdb.DuckDBPyConnection, tables: Iterable[Parsed]) -> None:
    """The parsed tables under their own names: already typed, sorted and in this file, they only lose their marks."""
    for parsed in tables:
        for mark in MARKS:
            con.execute(f"ALTER TABLE {parsed.relation} DROP COLUMN {mark}")
        con.execute(f"ALTER TABLE {parsed.relation} RENAME TO {quoted(parsed.table.name)}")


def write_meta(con: duckdb.DuckDBPyConnection, facts: Mapping[str, str]) -> None:
    """What the book says of itself."""
    con.execute("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
    con.executemany("INSERT INTO meta VALUES (?, ?)", list(facts.items()))


def main_currency(con: duckdb.DuckDBPyConnection, invoices: str) -> str:
    """The currency of most invoices, pinned with the book: later rows may not change what was computed."""
    query = f"SELECT currency FROM {invoices} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    return str((con.execute(query).fetchone() or ("",))[0])


def write_table(con: duckdb.DuckDBPyConnection, name: str, relation: str) -> None:
    """Create the house's table `name` from a relation that has some of its columns."""
    order, cells = ", ".join(quoted(k) for k in TABLES[name].key), whole_row(con, TABLES[name], relation)
    con.execute(f"CREATE TABLE {quoted(name)} AS SELECT {cells} FROM {relation} ORDER BY {order}")


def whole_row(con: duckdb.DuckDBPyConnection, table: Table, relation: str) -> str:
    """The SQL of all columns of the table in their types; those the relation lacks are empty."""
    found = set(columns_of(con, relation))
    return ", ".join(
        f"CAST({quoted(c.name) if c.name in found else 'NULL'} AS {c.sql_type}) AS {quoted(c.name)}"
        for c in table.columns
    )
