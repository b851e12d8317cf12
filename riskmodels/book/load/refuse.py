"""What becomes of rows that break the contract: they refuse the load, or are kept apart with their reasons."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from riskmodels.book.parse import Parsed
from riskmodels.book.sources import ROW, refusal
from riskmodels.core.errors import DataRefused

LONGEST = 80
"""Characters of a cell that a message shows."""
_BATCH = 10_000
_REASONS = "string_agg(column_name || ': found ' || coalesce(found, 'nothing') || ', expected ' || expected, '; ')"


def refuse_defects(con: duckdb.DuckDBPyConnection, tables: dict[str, Parsed]) -> None:
    """Refuse the load by the first broken row of the tables in their order, if there is one."""
    if not tables:
        return
    order = " ".join(f"WHEN '{t}' THEN {i}" for i, t in enumerate(tables))
    first = con.execute(
        "SELECT table_name, part, row, column_name, found, expected FROM defects "
        f"ORDER BY CASE table_name {order} END, part, row LIMIT 1"
    ).fetchone()
    if first is None:
        return
    table, part, row, column, found, expected = first
    others = sum(defective(con).values()) - 1
    more = f"; {others:,} more rows are refused (--set-aside FILE keeps them apart)" if others else ""
    where = tables[table].parts[part].source
    raise DataRefused(f"{where}: {table} row {row}: {column}: found {_short(found)!r}, expected {expected}{more}")


def defective(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Broken rows by table."""
    query = "SELECT table_name, count(DISTINCT (part, row)) FROM defects GROUP BY 1 ORDER BY 1"
    return dict(con.execute(query).fetchall())


def keep_apart(con: duckdb.DuckDBPyConnection, tables: Iterable[Parsed], file: Path) -> None:
    """Write each broken row once per table: table, row, its reasons, and the row as it came."""
    broken = defective(con)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        for parsed in tables:
            kept = sum(_keep_part(con, parsed, i, writer) for i in range(len(parsed.parts)))
            if kept != broken.get(parsed.table.name, 0):
                raise DataRefused(f"{parsed.parts[0].source}: changed while it was read; load it again")


def _keep_part(con: duckdb.DuckDBPyConnection, parsed: Parsed, part: int, writer: Any) -> int:
    """How many rows of the part were written."""
    name, source = parsed.table.name, parsed.parts[part]
    reasons = f"SELECT row, {_REASONS} AS reasons FROM defects WHERE table_name = ? AND part = ? GROUP BY row"
    try:
        cursor = con.execute(
            f"SELECT '{name}' AS table_name, reasons AS reason, s.* FROM {source.relation} s JOIN ({reasons}) d "
            f"ON s.{ROW} = d.row ORDER BY s.{ROW}",
            [name, part],
        )
        rows = cursor.fetchmany(_BATCH)
        if rows:
            writer.writerow(["row" if d[0] == ROW else d[0] for d in cursor.description])
        written = 0
        while rows:
            writer.writerows(rows)
            written += len(rows)
            rows = cursor.fetchmany(_BATCH)
    except duckdb.Error as error:
        raise refusal(source.source, error) from None
    return written


def _short(found: str | None) -> str:
    """A cell's text as a message shows it: its beginning."""
    text = found or "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text):,} characters)"
