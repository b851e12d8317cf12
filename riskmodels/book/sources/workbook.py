"""Sheets of an Excel workbook as relations, read a stretch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from warnings import catch_warnings

import duckdb
import pyarrow as pa

from riskmodels.book.csv_head import column_names
from riskmodels.book.sources.relation import ROW, as_text, fresh_name, one_line, quoted
from riskmodels.book.sources.staged import Maker, Staged
from riskmodels.core.errors import DataRefused

STRETCH = 10_000
"""Rows of a sheet that are held at once."""
Line = tuple[int, tuple[Any, ...]]
"""A row that isn't empty, and its number in the sheet."""


def sheets_of(con: duckdb.DuckDBPyConnection, path: Path) -> Staged:
    """The sheets that have a header row; the rows of one are read when it is asked for."""
    from openpyxl import load_workbook

    try:
        with catch_warnings(action="ignore"):  # of styles and the like, which no table has
            book = load_workbook(path, read_only=True, data_only=True)
        heads = {sheet.title: (sheet, next(_lines(sheet), None)) for sheet in book.worksheets}
    except Exception as error:  # openpyxl says in a dozen ways that a file is no workbook
        raise DataRefused(f"{path}: cannot be read as a workbook: {one_line(error)}") from None
    makers: dict[str, Maker] = {}
    for title, (sheet, head) in heads.items():
        if head is not None:
            names = column_names(f"{path}: {title}", head[1])
            makers[title] = partial(_fetched, con, f"{path}: {title}", sheet, names)
    return Staged(makers, book.close)


def _fetched(con: duckdb.DuckDBPyConnection, where: str, sheet: Any, names: list[str]) -> str:
    """The relation with the sheet's rows below its header."""
    table, columns = fresh_name(sheet.title), list(names)
    con.execute(f"CREATE TEMP TABLE {table} ({ROW} BIGINT, {', '.join(f'{quoted(c)} VARCHAR' for c in columns)})")
    lines = islice(_lines(sheet), 1, None)
    try:
        while stretch := list(islice(lines, STRETCH)):
            _widen(con, table, columns, max(len(cells) for _, cells in stretch))
            _append(con, table, columns, stretch)
    except (OSError, ValueError, KeyError, SyntaxError) as error:  # a damaged part of the file shows when it is read
        raise DataRefused(f"{where}: cannot be read as a sheet: {one_line(error)}") from None
    return as_text(con, where, sheet.title, table, ROW)


def _lines(sheet: Any) -> Iterator[Line]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if any(cell is not None for cell in cells):
            yield number, cells


def _widen(con: duckdb.DuckDBPyConnection, table: str, columns: list[str], wide: int) -> None:
    """Give cells beyond the header a column, called by its place."""
    for name in column_names("", [*columns, *[None] * (wide - len(columns))])[len(columns) :]:
        con.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} VARCHAR")
        columns.append(name)


def _append(con: duckdb.DuckDBPyConnection, table: str, columns: list[str], stretch: list[Line]) -> None:
    cells = [[_cell(row[at]) if at < len(row) else None for _, row in stretch] for at in range(len(columns))]
    numbers = pa.array([number for number, _ in stretch], pa.int64())
    rows = pa.table([numbers, *(pa.array(column, pa.string()) for column in cells)], names=[ROW, *columns])
    con.register("stretch", rows)
    con.execute(f"INSERT INTO {table} SELECT * FROM stretch")
    con.unregister("stretch")


def _cell(value: Any) -> str | None:
    """A cell as DuckDB would write its value."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case datetime():
            at_midnight = value.time() == datetime.min.time()
            return value.date().isoformat() if at_midnight else value.isoformat(" ")
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
