"""Files as relations: CSV and Parquet, folders of them, DuckDB files, and workbooks."""

from __future__ import annotations

import glob
import shutil
import tempfile
import weakref
from pathlib import Path

import duckdb

from riskmodels.book.csv_head import read_head
from riskmodels.book.sources.refusal import refusal
from riskmodels.book.sources.relation import as_text, counted, fresh_name, literal, quoted
from riskmodels.book.sources.staged import Staged
from riskmodels.book.sources.workbook import sheets_of
from riskmodels.core.errors import DataRefused, Misuse

FILES = "a .csv, .parquet, .xlsx or .duckdb file, or a folder of .csv or .parquet files"
"""What a path may be."""


def files_at(con: duckdb.DuckDBPyConnection, path: Path, encoding: str) -> Staged:
    """The tables of a file or folder. DuckDB reads files itself, each time their relation is read."""
    try:
        found = path.exists()
    except ValueError:
        raise Misuse("found a path with a zero byte, expected the name of a file or folder") from None
    if not found:
        raise Misuse(f"{path}: no such file or folder; expected {FILES}")
    if path.is_dir() and path.suffix.lower() != ".parquet":
        return _folder(con, path, encoding)
    match path.suffix.lower():
        case ".xlsx" | ".xlsm":
            return sheets_of(con, path)
        case ".duckdb" | ".db":
            return _ready(_tables(con, path))
        case _:
            return _ready({path.stem: _file(con, path, encoding)})


def _ready(relations: dict[str, str]) -> Staged:
    return Staged({name: lambda relation=relation: relation for name, relation in relations.items()})  # type: ignore[misc]


def _folder(con: duckdb.DuckDBPyConnection, folder: Path, encoding: str) -> Staged:
    """One relation for each file, looked into when it is asked for; no two files may be sources of one table."""
    files: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in (".csv", ".parquet") or file.name.startswith("."):
            continue
        if other := files.get(file.stem):
            raise DataRefused(f"{folder}: found {other.name} and {file.name}, expected one file of each name")
        files[file.stem] = file
    return Staged({name: lambda file=file: _wanted(con, file, encoding) for name, file in files.items()})  # type: ignore[misc]


def _wanted(con: duckdb.DuckDBPyConnection, file: Path, encoding: str) -> str:
    try:
        return _file(con, file, encoding)
    except duckdb.Error as error:
        raise refusal(file, error) from None


def _file(con: duckdb.DuckDBPyConnection, path: Path, encoding: str) -> str:
    match path.suffix.lower():
        case ".csv" | ".txt" | ".tsv":
            return _csv(con, path, encoding)
        case ".parquet":
            return as_text(con, str(path), path.stem, _parquet(path), counted())
        case other:
            raise Misuse(f"{path}: found a {other or 'nameless'} file, expected .csv, .parquet, .xlsx or .duckdb")


def _parquet(path: Path) -> str:
    """The SQL that reads a Parquet file, or a folder of the parts of one; text that isn't marked as text is text."""
    plain = glob.escape(str(path))
    return f"read_parquet({literal(f'{plain}/**/*.parquet' if path.is_dir() else plain)}, binary_as_string=true)"


def _csv(con: duckdb.DuckDBPyConnection, path: Path, encoding: str) -> str:
    if encoding != "utf-8":
        path = _as_utf8(con, path, encoding)
    head = read_head(path)
    staged = as_text(con, str(path), path.stem, head.relation(path), counted(head.above + 2))
    con.execute(
        f"SELECT * FROM {staged} LIMIT 1"
    ).fetchall()  # a title above the header shows here, not as absent columns
    return staged


def _as_utf8(con: duckdb.DuckDBPyConnection, path: Path, encoding: str) -> Path:
    """The file written again in UTF-8, a piece at a time; the copy lasts as long as the connection that reads it."""
    folder = tempfile.mkdtemp(prefix="riskmodels-")
    weakref.finalize(con, shutil.rmtree, folder, ignore_errors=True)
    copy = Path(folder) / path.name
    try:
        with path.open(encoding=encoding, newline="") as source, copy.open("w", encoding="utf-8", newline="") as target:
            shutil.copyfileobj(source, target)
    except UnicodeError as error:
        reason = error.reason if isinstance(error, UnicodeDecodeError) else str(error)
        raise DataRefused(f"{path}: found bytes that are not {encoding} ({reason})") from None
    return copy


def _tables(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    given = fresh_name("file")
    con.execute(f"ATTACH {literal(path)} AS {given} (READ_ONLY)")
    names = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main' ORDER BY 1",
        [given.strip('"')],
    ).fetchall()
    return {name: as_text(con, f"{path}: {name}", name, f"{given}.{quoted(name)}", counted()) for (name,) in names}
