"""Files of every kind brought onto one DuckDB connection as text tables, each row with its place in the source."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa

from riskmodels.book.csv_head import column_names, csv_problem, read_head
from riskmodels.core.errors import DataRefused, Locked, Misuse, RiskmodelsError

ROW = "_row"
"""Column with the line of a CSV file or sheet, or the number of the row elsewhere."""


def stage(con: duckdb.DuckDBPyConnection, path: Path, encoding: str = "utf-8") -> dict[str, str]:
    """For each table, sheet or file found at `path`: its name and the relation that reads it, all columns as text.

    `encoding` is that of CSV files.
    """
    if not path.exists():
        raise Misuse(
            f"{path}: no such file or folder; expected a .csv, .parquet, .xlsx or .duckdb file, or a folder of them"
        )
    try:
        found = _stage(con, path, encoding)
    except duckdb.Error as error:
        raise unreadable(path, error) from None
    if not found:
        raise DataRefused(f"{path}: nothing to read; expected .csv, .parquet, .xlsx or .duckdb files")
    return found


def _stage(con: duckdb.DuckDBPyConnection, path: Path, encoding: str) -> dict[str, str]:
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in (".csv", ".parquet"))
        return {name: relation for file in files for name, relation in _stage(con, file, encoding).items()}
    match path.suffix.lower():
        case ".csv" | ".txt" | ".tsv":
            return {path.stem: _staged_csv(con, path, encoding)}
        case ".parquet":
            return {path.stem: _staged(con, path.stem, f"read_parquet({_text(path)})", 1)}
        case ".xlsx" | ".xlsm":
            return {name: _staged_sheet(con, name, rows) for name, rows in _sheets(path)}
        case ".duckdb" | ".db":
            return dict(_staged_tables(con, path))
        case other:
            raise Misuse(f"{path}: found a {other or 'nameless'} file, expected .csv, .parquet, .xlsx or .duckdb")


def _staged_csv(con: duckdb.DuckDBPyConnection, path: Path, encoding: str) -> str:
    if encoding != "utf-8":
        with TemporaryDirectory(prefix="riskmodels-") as folder:
            return _staged_csv(con, _as_utf8(path, Path(folder) / path.name, encoding), "utf-8")
    head = read_head(path)
    try:
        return _staged(con, path.stem, head.relation(path), head.above + 2)
    except duckdb.Error as error:
        raise DataRefused(f"{path}: {csv_problem(error)}") from None


def _as_utf8(path: Path, copy: Path, encoding: str) -> Path:
    """The file written again in UTF-8, a piece at a time."""
    try:
        with path.open(encoding=encoding, newline="") as source, copy.open("w", encoding="utf-8", newline="") as target:
            shutil.copyfileobj(source, target)
    except UnicodeDecodeError as error:
        raise DataRefused(f"{path}: found bytes that are not {encoding} ({error.reason})") from None
    return copy


def _staged(con: duckdb.DuckDBPyConnection, name: str, relation: str, first: int) -> str:
    """Stage a relation as text; `first` is the place of its first row."""
    staged = _free_name(con, name)
    columns = [d[0] for d in con.execute(f"SELECT * FROM {relation} LIMIT 0").description]
    cells = ", ".join(f"CAST({quoted(c)} AS VARCHAR) AS {quoted(c)}" for c in columns)
    con.execute(
        f"CREATE TEMP TABLE {staged} AS SELECT row_number() OVER () + {first - 1} AS {ROW}, {cells} FROM {relation}"
    )
    return staged


def _staged_sheet(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> str:
    con.register("sheet", table)
    staged = _staged(con, name, "sheet", 2)
    con.unregister("sheet")
    return staged


def _sheets(path: Path) -> Iterator[tuple[str, pa.Table]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise DataRefused(f"{path}: cannot be read as a workbook: {one_line(error)}") from None
    for sheet in book.worksheets:
        rows = [r for r in sheet.iter_rows(values_only=True) if any(c is not None for c in r)]
        if rows:
            yield sheet.title, _sheet(f"{path}: {sheet.title}", rows)
    book.close()


def _sheet(where: str, rows: list[tuple[Any, ...]]) -> pa.Table:
    wide = max(len(r) for r in rows)
    head = column_names(where, [*rows[0], *[None] * (wide - len(rows[0]))])
    columns = list(zip_longest(*rows[1:])) or [()] * wide
    return pa.table({h: pa.array([_cell(c) for c in cells], pa.string()) for h, cells in zip(head, columns)})


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _staged_tables(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[tuple[str, str]]:
    con.execute(f"ATTACH {_text(path)} AS given (READ_ONLY)")
    names = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'given' ORDER BY 1").fetchall()
    for (name,) in names:
        yield name, _staged(con, name, f"given.{quoted(name)}", 1)
    con.execute("DETACH given")


def columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """Names of a relation's columns, without the place of the row."""
    return [d[0] for d in con.execute(f"SELECT * FROM {relation} LIMIT 0").description if d[0] != ROW]


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def unreadable(path: Path, error: duckdb.Error) -> RiskmodelsError:
    """What to say of a file DuckDB can't read."""
    if "Could not set lock" in str(error) or "Conflicting lock" in str(error):
        return Locked(f"{path}: another process is writing it")
    return DataRefused(f"{path}: cannot be read: {one_line(error)}")


def one_line(error: Exception) -> str:
    """The first line of an error's message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _free_name(con: duckdb.DuckDBPyConnection, name: str) -> str:
    count = con.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchone()
    return quoted(f"staged_{count[0] if count else 0}_{name}")
