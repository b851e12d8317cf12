"""The head of a CSV file, read before its rows, so that nothing about the rows has to be guessed."""

from __future__ import annotations

import csv
import glob
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from riskmodels.core.errors import DataRefused

DELIMITERS = ",;\t|"
LONGEST = 2_000_000
"""Bytes of the longest line DuckDB reads."""
NOT_UTF8 = "cannot be read: found bytes that are not UTF-8, expected UTF-8 text"


@dataclass(frozen=True)
class Head:
    """Column names, the delimiter between them, how many blank lines stand above, and what ends the header line."""

    names: tuple[str, ...]
    delimiter: str
    above: int
    end: str

    def relation(self, path: Path) -> str:
        """The SQL that reads the file's rows as text; a line that doesn't fit the head is an error, never skipped."""
        columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in self.names)
        file = _literal(glob.escape(str(path)))
        # Told, for DuckDB takes the first line break of the file for it, be it within a name: then it finds no rows.
        end = f", new_line='{self.end.encode('unicode_escape').decode()}'" if self.end else ""
        return (
            f"read_csv({file}, auto_detect=false, columns={{{columns}}}, header=true, quote='\"', "
            f"escape='\"', delim={_literal(self.delimiter)}, skip={self.above}, null_padding=false{end})"
        )


def read_head(path: Path) -> Head:
    """The head of a CSV file in UTF-8, with or without a byte order mark."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            lines = iter(lambda: handle.readline(LONGEST), "")
            above, first = next(((n, line) for n, line in enumerate(lines) if line.strip()), (0, ""))
            delimiter = delimiter_of(first)
            taken: list[str] = []
            row = next(csv.reader(_chain(first, lines, taken), delimiter=delimiter), [])
    except UnicodeDecodeError:
        raise DataRefused(f"{path}: line {_undecodable(path)}: {NOT_UTF8}") from None
    except csv.Error as error:
        raise DataRefused(f"{path}: line 1: {error}, expected a header line") from None
    if not row:
        raise DataRefused(f"{path}: found an empty file, expected a header line and rows")
    return Head(tuple(column_names(str(path), row)), delimiter, above, taken[-1][len(taken[-1].rstrip("\r\n")) :])


def column_names(where: str, row: Iterable[Any]) -> list[str]:
    """The names in a header row, an empty one called by its place; a name that stands twice is refused."""
    cells = ["" if cell is None else str(cell).strip() for cell in row]
    names = [cell or f"column {place}" for place, cell in enumerate(cells, 1)]
    twice = [name for name, times in Counter(name.lower() for name in names).items() if times > 1]
    if twice:
        raise DataRefused(f"{where}: found column {twice[0]!r} twice, expected each name once (capitals don't count)")
    return names


def csv_problem(error: duckdb.Error) -> str:
    """Where DuckDB stopped in a CSV file, what it found there and what was expected."""
    text = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", text)
    if not line and "CSV Parser state machine" in text:
        return "found lines that end in two ways, or a quote out of its place, expected CSV"
    return f"line {line[1]}: {_found(text)}" if line else f"cannot be read: {text.strip().splitlines()[0]}"


def _found(text: str) -> str:
    if columns := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text):
        return f"found {columns[2]} cells, expected {columns[1]} as in the header line"
    if "not utf-8" in text:
        return NOT_UTF8
    if "unterminated quote" in text:
        return "found a quote that is never closed"
    if "Maximum line size" in text:
        return f"found a line of more than {LONGEST:,} bytes"
    return "found a line that is not CSV"


def _undecodable(path: Path) -> int:
    """The first line whose bytes are not UTF-8."""
    with path.open("rb") as handle:
        return next((n for n, line in enumerate(handle, 1) if not _decodes(line)), 1)


def _decodes(line: bytes) -> bool:
    try:
        return bool(line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def delimiter_of(line: str) -> str:
    """What stands most often between the names of a header line; what is within quotes doesn't count."""
    outside = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=outside.count)


def _chain(first: str, lines: Iterable[str], taken: list[str]) -> Iterable[str]:
    """The lines, each remembered when it is taken."""
    for line in chain([first], lines):
        taken.append(line)
        yield line


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
