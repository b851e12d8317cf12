"""Sheets of an Excel workbook as relations, read a stretch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
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
    book = _opened(path)
    with catch_warnings(action="ignore"):  # of styles and the like, which no table has
        heads = {sheet.title: (sheet, next(_lines(path, sheet), None)) for sheet in book.worksheets}
    makers: dict[str, Maker] = {}
    for title, (sheet, head) in heads.items():
        if head is not None:
            names = column_names(f"{path}: {title}", head[1])
            makers[title] = partial(_fetched, con, path, sheet, names)
    return Staged(makers, book.close)


def beginnings(path: Path, most: int) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The name of each sheet that has rows, and the first of them that aren't empty."""
    with closing(_opened(path)) as book, catch_warnings(action="ignore"):
        for sheet in book.worksheets:
            if rows := [cells for _, cells in islice(_lines(path, sheet), most)]:
                yield sheet.title, rows


def _opened(path: Path) -> Any:
    from openpyxl import load_workbook

    try:
        with catch_warnings(action="ignore"):
            return load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl says in a dozen ways that a file is no workbook
        raise DataRefused(f"{path}: cannot be read as a workbook: {one_line(error)}") from None


def _fetched(con: duckdb.DuckDBPyConnection, path: Path, sheet: Any, names: list[str]) -> str:
    """The relation with the sheet's rows below its header."""
    table, columns = fresh_name(sheet.title), list(names)
    con.execute(f"CREATE TEMP TABLE {table} ({ROW} BIGINT, {', '.join(f'{quoted(c)} VARCHAR' for c in columns)})")
    lines = islice(_lines(path, sheet), 1, None)
    with catch_warnings(action="ignore"):
        while stretch := list(islice(lines, STRETCH)):
            _widen(con, table, columns, max(len(cells) for _, cells in stretch))
            _append(con, table, columns, stretch)
    return as_text(con, f"{path}: {sheet.title}", sheet.title, table, ROW)


def _lines(path: Path, sheet: Any) -> Iterator[Line]:
    """The rows that aren't empty; a damaged part of the file shows when it is read, in as many ways."""
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            if any(cell is not None for cell in cells):
                yield number, cells
    except Exception as error:
        raise DataRefused(f"{path}: {sheet.title}: cannot be read as a sheet: {one_line(error)}") from None


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
