"""The heads of a source's tables and a sample of their rows, as text, whatever kind of file they are in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from riskmodels.book.csv_head import LONGEST, column_names, delimiter_of
from riskmodels.book.encoding import encoding_of
from riskmodels.book.sources import ROW, located, stage, unreadable
from riskmodels.book.sources.files import FILES
from riskmodels.book.sources.workbook import beginnings
from riskmodels.core.errors import DataRefused, Misuse

FIRST, STRIDES, STRIDE = 8_000, 16, 125
"""Rows read from the beginning of a file, and further places in it at which some more are read."""
WIDEST = 2_000
"""Columns of a table beyond which it is no ledger."""
TEXTS, BOOKS = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Sheet:
    """A file, sheet or table: its name, for each column the sampled cells as text, and the file's encoding."""

    name: str
    columns: dict[str, list[str]]
    rows: int
    encoding: str = "utf-8"


def sample(source: str | Path) -> list[Sheet]:
    """What can be read at a path: one sheet for each file, sheet or table."""
    path = located(source)
    if not isinstance(path, Path):
        raise Misuse(f"{path}: found an address, expected {FILES}")
    if not path.exists():
        raise Misuse(f"{path}: no such file or folder; expected {FILES}")
    files = [path]
    if path.is_dir() and path.suffix.lower() != ".parquet":
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in (".csv", ".parquet") and p.name[0] != ".")
    sheets = [sheet for file in files for sheet in _sheets(file)]
    if not sheets:
        raise DataRefused(f"{path}: nothing to read; expected .csv, .parquet, .xlsx or .duckdb files")
    for sheet in sheets:
        if len(sheet.columns) > WIDEST:
            raise DataRefused(
                f"{path}: {sheet.name}: found {len(sheet.columns):,} columns, expected at most {WIDEST:,}"
            )
    return sheets


def _sheets(path: Path) -> Iterator[Sheet]:
    match path.suffix.lower():
        case kind if kind in TEXTS:
            yield _text(path)
        case kind if kind in BOOKS:
            yield from _book(path)
        case _:
            yield from _staged(path)


def _text(path: Path) -> Sheet:
    encoding = encoding_of(path)
    with path.open("rb") as handle:
        lines = _lines(handle, encoding)
        first = next((line for line in lines if line.strip()), "")
        delimiter = delimiter_of(first)
        rows = _read(path, chain([first], lines), delimiter)
        end = handle.tell()
    if not rows:
        raise DataRefused(f"{path}: found an empty file, expected a header line and rows")
    names = column_names(str(path), rows[0])
    rows = [*rows[1:], *_further(path, end, delimiter, encoding, len(names))]
    return _sheet(path.stem, names, rows, encoding)


def _lines(handle: BinaryIO, encoding: str) -> Iterator[str]:
    """Lines of a file from where it stands, without a byte order mark."""
    for line in iter(lambda: handle.readline(LONGEST), b""):
        yield line.decode(encoding, errors="replace").removeprefix("\ufeff")


def _read(path: Path, lines: Iterator[str], delimiter: str) -> list[list[str]]:
    try:
        return list(islice((row for row in csv.reader(lines, delimiter=delimiter) if row), FIRST + 1))
    except csv.Error as error:
        raise DataRefused(f"{path}: {error}, expected a header line and rows") from None


def _further(path: Path, start: int, delimiter: str, encoding: str, width: int) -> list[list[str]]:
    """Rows from places spread over what wasn't read; the line a place falls into, and rows of another width, go."""
    size, found = path.stat().st_size, []
    places = [start + (size - start) * i // STRIDES for i in range(STRIDES + 1)] if start < size else []
    with path.open("rb") as handle:
        for place, following in pairwise(places):
            handle.seek(place)
            handle.readline(LONGEST)
            lines = islice(_lines_until(handle, following, encoding), STRIDE)
            found += [row for row in _read(path, lines, delimiter) if len(row) == width]
    return found


def _lines_until(handle: BinaryIO, end: int, encoding: str) -> Iterator[str]:
    """Lines that begin before a place."""
    while handle.tell() < end and (line := next(_lines(handle, encoding), "")):
        yield line


def _book(path: Path) -> Iterator[Sheet]:
    for title, rows in beginnings(path, FIRST + 1):
        yield _sheet(title, column_names(f"{path}: {title}", rows[0]), rows[1:])


def _staged(path: Path) -> Iterator[Sheet]:
    """Tables as the loader stages them, their first rows."""
    with duckdb.connect() as con:
        for name, relation in stage(con, path).items():
            try:
                cursor = con.execute(f"SELECT * EXCLUDE ({ROW}) FROM {relation} LIMIT {FIRST}")
            except duckdb.Error as error:
                raise unreadable(path, error) from None
            names = [d[0] for d in cursor.description]
            yield _sheet(name, names, cursor.fetchall())


def _sheet(name: str, names: list[str], rows: list[Any], encoding: str = "utf-8") -> Sheet:
    cells = {column: [_cell(row[i]) if i < len(row) else "" for row in rows] for i, column in enumerate(names)}
    return Sheet(name, cells, len(rows), encoding)


def _cell(value: Any) -> str:
    """A cell as the loader sees it: days in ISO, whole numbers without a point."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat(" ") if hasattr(value, "hour") else value.isoformat()).removesuffix(" 00:00:00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip().removesuffix(" 00:00:00")
