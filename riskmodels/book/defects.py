"""Rows that break the contract of their table: each with its place, what was found and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from riskmodels.book.cells import literal
from riskmodels.book.currencies import COLUMN as CURRENCY
from riskmodels.book.currencies import YUAN, codes
from riskmodels.book.doubts import EXPECTED, expected_of
from riskmodels.book.parse import PART, Parsed
from riskmodels.book.schema import Column, Rule
from riskmodels.book.sources import ROW, quoted

FACTS_HANG_ON = "invoices"
"""A row that refers to this table without a match is refused; other references are a matter of data quality."""
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
"""Characters that no text has a use for, and that a terminal would obey."""


@dataclass(frozen=True)
class Kind:
    """One kind of defect: its column, the SQL of what was found and expected, and the condition of a broken row.

    `unread` is the column whose texts can't be read, where what was expected depends on them.
    """

    column: str
    found: str
    expected: str
    broken: str
    unread: Column | None = None


def make_defects(con: duckdb.DuckDBPyConnection) -> None:
    """An empty list of defects."""
    con.execute(
        "CREATE TEMP TABLE defects "
        "(table_name VARCHAR, part INTEGER, row BIGINT, column_name VARCHAR, found VARCHAR, expected VARCHAR)"
    )


def find_defects(con: duckdb.DuckDBPyConnection, parsed: Parsed, homes: Sequence[str]) -> None:
    """Append the table's broken rows to `defects`; `homes` are the relations of the invoices that facts may hang on."""
    kinds = [k for k in _kinds(parsed) if k.column != CURRENCY or _any_foreign(con, parsed)]
    counted = ", ".join(f"count(*) FILTER (WHERE {k.broken})" for k in kinds)
    counts = con.execute(f"SELECT {counted} FROM {parsed.relation}").fetchone() or ()
    for kind in (k for k, n in zip(kinds, counts) if n):
        _append(con, parsed, kind)
    _find_repeated(con, parsed)
    _find_orphans(con, parsed, homes)


def drop_defective(con: duckdb.DuckDBPyConnection, parsed: Parsed) -> None:
    """Take the broken rows out of the table, so that rows which hang on them are found to be orphans."""
    con.execute(
        f"DELETE FROM {parsed.relation} WHERE ({PART}, {ROW}) IN "
        f"(SELECT (part, row) FROM defects WHERE table_name = '{parsed.table.name}')"
    )


def _kinds(parsed: Parsed) -> Iterator[Kind]:
    for column in parsed.table.columns:
        if column.name in parsed.stated or column.name == "known_on":
            yield from _of_column(parsed, column)
    for rule in parsed.table.rules:
        if kind := _of_rule(parsed, rule):
            yield kind


def _of_column(parsed: Parsed, column: Column) -> Iterator[Kind]:
    value, text = quoted(column.name), column.kind == "text"
    unread = f"{value} IS NULL AND {parsed.raw(column.name)} IS NOT NULL" if column in parsed.read else "FALSE"
    if column in parsed.read:
        yield Kind(column.name, parsed.raw(column.name), literal(EXPECTED[column.kind]), unread, column)
    if column.required:
        yield Kind(column.name, "'nothing'", "'a value'", f"{value} IS NULL AND ({unread}) IS NOT TRUE")
    if column.allowed:
        allowed = ", ".join(map(literal, column.allowed))
        expected = literal(f"one of {', '.join(column.allowed)}")
        yield Kind(column.name, value, expected, f"{value} NOT IN ({allowed})")
    elif column.name == CURRENCY:
        yield _of_currency(column)
    elif text:
        expected = "'text without control characters'"
        yield Kind(column.name, value, expected, f"regexp_matches({value}, '{CONTROL}')")


def _of_currency(column: Column) -> Kind:
    value = quoted(column.name)
    yuan = ", ".join(map(literal, YUAN))
    hint = f"'CNY: say values = {{ \"' || {value} || '\" = \"CNY\" }} for this column in a mapping'"
    expected = f"CASE WHEN upper({value}) IN ({yuan}) THEN {hint} ELSE 'an ISO 4217 code such as CNY' END"
    return Kind(column.name, value, expected, f"NOT list_contains([{', '.join(map(literal, codes()))}], {value})")


def _any_foreign(con: duckdb.DuckDBPyConnection, parsed: Parsed) -> bool:
    """Whether a currency needs a closer look: each is looked up once, not once a row."""
    query = f"SELECT DISTINCT {quoted(CURRENCY)} FROM {parsed.relation} LIMIT {len(codes()) + 2}"
    return not {c for (c,) in con.execute(query).fetchall()} <= set(codes())


def _of_rule(parsed: Parsed, rule: Rule) -> Kind | None:
    here = [*(c for c in parsed.table.names if c in parsed.stated and c != "known_on"), "known_on"]
    used = [c for c in here if re.search(rf"\b{c}\b", rule.holds)]
    if not used:
        return None
    found = " || ', ' || ".join(f"'{c} ' || coalesce(CAST({quoted(c)} AS VARCHAR), 'nothing')" for c in used)
    return Kind(used[0], found, literal(rule.expected), f"NOT ({rule.holds})")


def _append(con: duckdb.DuckDBPyConnection, parsed: Parsed, kind: Kind) -> None:
    expected = expected_of(con, parsed, kind.unread, kind.broken) if kind.unread else kind.expected
    _insert(con, parsed, f"'{kind.column}', {kind.found}, {expected} FROM {parsed.relation} WHERE {kind.broken}")


def _insert(con: duckdb.DuckDBPyConnection, parsed: Parsed, rest: str) -> None:
    con.execute(f"INSERT INTO defects SELECT '{parsed.table.name}', {PART}, {ROW}, {rest}")


def _find_repeated(con: duckdb.DuckDBPyConnection, parsed: Parsed) -> None:
    """Keys used twice. The table is sorted by key, so a key that comes again comes next: no hash table is needed."""
    key = [quoted(k) for k in parsed.table.key]
    again = " AND ".join(f"{k} = lag({k}) OVER ()" for k in key)
    twice = con.execute(f"SELECT count(*) FROM (SELECT {again} AS again FROM {parsed.relation}) WHERE again").fetchone()
    if not twice or not twice[0]:
        return
    window = f"(PARTITION BY {', '.join(key)} ORDER BY {PART}, {ROW})"
    found = " || ' ' || ".join(f"CAST({k} AS VARCHAR)" for k in key)
    filled = " AND ".join(f"{k} IS NOT NULL" for k in key)
    first = f"first({PART}) OVER {window} AS first_part, first({ROW}) OVER {window} AS first_row"
    names = ", ".join(literal(part.source) for part in parsed.parts)
    elsewhere = f"CASE WHEN first_part <> {PART} THEN '; that row is of ' || [{names}][first_part + 1] ELSE '' END"
    _insert(
        con,
        parsed,
        f"'{parsed.table.key[0]}', {found} || ' again, first in row ' || first_row, "
        f"'a key that is used once' || {elsewhere} FROM (SELECT *, {first} FROM {parsed.relation} WHERE {filled}) "
        f"WHERE ({PART}, {ROW}) <> (first_part, first_row)",
    )


def _find_orphans(con: duckdb.DuckDBPyConnection, parsed: Parsed, homes: Sequence[str]) -> None:
    for column in parsed.table.columns:
        if column.refers_to == FACTS_HANG_ON and column.name in parsed.stated:
            value = quoted(column.name)
            lost = " ".join(f"ANTI JOIN {home} h{i} ON f.found = h{i}.invoice_id" for i, home in enumerate(homes))
            rows = f"(SELECT {PART}, {ROW}, {value} AS found FROM {parsed.relation} WHERE {value} IS NOT NULL) f {lost}"
            _insert(con, parsed, f"'{column.name}', found, 'an invoice of this book' FROM {rows}")
