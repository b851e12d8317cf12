"""Rows that break the contract of their table: each with its place, what was found and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb

from riskmodels.book.parse import RAW
from riskmodels.book.schema import Column, Table
from riskmodels.book.sources import ROW, quoted
from riskmodels.core.dates import EARLIEST, LATEST

FACTS_HANG_ON = "invoices"
"""A row that refers to this table without a match is refused; other references are a matter of data quality."""

EXPECTED = {
    "date": f"a date between {EARLIEST} and {LATEST}",
    "money": "an amount with at most two decimals",
    "rate": "a number",
    "count": "a whole number",
    "flag": "yes or no",
    "stamp": f"a date and time between {EARLIEST} and {LATEST}",
    "text": "text",
}
"""What a cell of each kind must be, in words."""


def find_defects(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Append the table's broken rows to `defects` (table_name, row, column_name, found, expected)."""
    columns = {d[0] for d in con.execute(f"SELECT * FROM parsed_{table.name} LIMIT 0").description}
    for query in _queries(table, columns):
        con.execute(f"INSERT INTO defects SELECT '{table.name}', * FROM ({query})")
    _find_orphans(con, table, columns)


def make_defects(con: duckdb.DuckDBPyConnection) -> None:
    """An empty list of defects."""
    con.execute(
        "CREATE TEMP TABLE defects "
        "(table_name VARCHAR, row BIGINT, column_name VARCHAR, found VARCHAR, expected VARCHAR)"
    )


def drop_defective(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Take the broken rows out of the table, so that rows which hang on them are found to be orphans."""
    con.execute(
        f"DELETE FROM parsed_{table.name} WHERE {ROW} IN (SELECT row FROM defects WHERE table_name = '{table.name}')"
    )


def _queries(table: Table, columns: set[str]) -> Iterator[str]:
    for column in table.columns:
        if column.name in columns:
            yield from _column_queries(table, column)
    for rule in table.rules:
        if broken := _rule_query(table, rule.holds, rule.expected, columns):
            yield broken
    yield _duplicate_query(table)


def _column_queries(table: Table, column: Column) -> Iterator[str]:
    raw, value = quoted(RAW + column.name), quoted(column.name)
    yield _query(table, column.name, raw, EXPECTED[column.kind], f"{value} IS NULL AND {raw} IS NOT NULL")
    if column.required:
        yield _query(table, column.name, "'nothing'", "a value", f"{raw} IS NULL AND {value} IS NULL")
    if column.allowed:
        allowed = ", ".join(f"'{a}'" for a in column.allowed)
        yield _query(table, column.name, raw, f"one of {', '.join(column.allowed)}", f"{value} NOT IN ({allowed})")


def _rule_query(table: Table, holds: str, expected: str, columns: set[str]) -> str:
    named = [c for c in table.names if re.search(rf"\b{c}\b", holds)]
    used = [c for c in named if c in columns]
    if not used:
        return ""
    for absent in set(named) - columns:
        holds = re.sub(rf'"?\b{absent}\b"?', "NULL", holds)
    found = " || ', ' || ".join(f"'{c} ' || coalesce(CAST({quoted(c)} AS VARCHAR), 'nothing')" for c in used)
    return _query(table, used[0], found, expected, f"NOT ({holds})")


def _duplicate_query(table: Table) -> str:
    key = ", ".join(quoted(k) for k in table.key)
    found = " || ' ' || ".join(f"CAST({quoted(k)} AS VARCHAR)" for k in table.key)
    first = f"min({ROW}) OVER (PARTITION BY {key}) AS first_row"
    return (
        f"SELECT {ROW}, '{table.key[0]}', {found} || ' again, first in row ' || first_row, 'a key that is used once' "
        f"FROM (SELECT *, {first} FROM parsed_{table.name}) WHERE {ROW} > first_row"
    )


def _query(table: Table, column: str, found: str, expected: str, broken: str) -> str:
    text = expected.replace("'", "''")
    return f"SELECT {ROW}, '{column}', {found}, '{text}' FROM parsed_{table.name} WHERE {broken}"


def _find_orphans(con: duckdb.DuckDBPyConnection, table: Table, columns: set[str]) -> None:
    for column in table.columns:
        if column.refers_to == FACTS_HANG_ON and column.name in columns:
            value = quoted(column.name)
            query = _query(
                table,
                column.name,
                value,
                "an invoice of this book",
                f"{value} IS NOT NULL AND {value} NOT IN "
                "(SELECT invoice_id FROM parsed_invoices WHERE invoice_id IS NOT NULL)",
            )
            con.execute(f"INSERT INTO defects SELECT '{table.name}', * FROM ({query})")
