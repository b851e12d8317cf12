"""Lines of a card as they stand in a file or a table, and what each says: what falls there, what it is worth."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodels.book.encoding import encoding_of
from riskmodels.core.errors import DataRefused
from riskmodels.models.cards.labels import MISSING, UNSEEN, interval


@dataclass(frozen=True)
class Line:
    """Cells of one line by column, and where it stands, for messages."""

    place: str
    cells: Mapping[str, Any]

    def label(self, column: str) -> str:
        """The cell as it is written, empty where there is nothing: categories may begin or end with spaces."""
        value = self.cells.get(column)
        return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)

    def text(self, column: str) -> str:
        """The cell as text without the spaces around it."""
        return self.label(column).strip()

    def number(self, column: str) -> float | None:
        """The cell as a number, None where it is empty; anything else is refused."""
        if not (text := self.text(column)):
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise DataRefused(f"{self.place}: {column}: found {text!r}, expected a number")
        return value

    def required(self, column: str) -> str:
        """The cell as text; refused where it is empty."""
        if not (text := self.text(column)):
            raise DataRefused(f"{self.place}: {column}: found nothing, expected a value")
        return text


@dataclass(frozen=True)
class BinRow:
    """A bin of a driver: what falls there (ranges, listed values, missing, unseen) and what it is worth."""

    place: str
    driver: str
    label: str
    points: float | None = None
    woe: float | None = None
    ranges: tuple[tuple[float, float], ...] = ()
    values: tuple[str, ...] = ()
    missing: bool = False
    unseen: bool = False

    @property
    def where(self) -> str:
        """Its place with its driver, for messages: a place without line numbers names the driver itself."""
        return self.place if self.place.endswith(f": {self.driver}") else f"{self.place}: {self.driver}"


@dataclass(frozen=True)
class Parsed:
    """What a reader found in a file: bins in order, base points, and what a user must know."""

    rows: tuple[BinRow, ...]
    base: float = 0
    notes: tuple[str, ...] = ()


def bin_row(
    line: Line,
    driver: str,
    tokens: Iterable[str],
    label: str,
    points: str = "points",
    woe: str = "woe",
    missing: frozenset[str] = MISSING,
    unseen: frozenset[str] = UNSEEN,
) -> BinRow:
    """The bin of a line whose label was taken apart: intervals, the words for missing and unseen, values."""
    words = list(tokens)
    ranges = {word: found for word in words if (found := interval(word))}
    special = {word for word in words if word in missing | unseen}
    return BinRow(
        line.place,
        driver,
        label,
        line.number(points),
        line.number(woe),
        tuple(ranges.values()),
        tuple(word for word in words if word not in ranges and word not in special),
        not special.isdisjoint(missing),
        not special.isdisjoint(unseen),
    )


def lines_of_csv(path: Path) -> list[Line]:
    """Lines of a delimited file (comma, semicolon or tab; UTF-8 or GB18030) under its header."""
    if not path.is_file():
        raise DataRefused(f"{path}: found no such file")
    encoding = encoding_of(path)
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as handle:
        header = handle.readline()
        handle.seek(0)
        reader = csv.reader(handle, delimiter=max(",;\t", key=header.count))
        try:
            columns = _header(path, next(reader, []))
            return [_line(path, reader.line_num, columns, cells) for cells in reader if any(map(str.strip, cells))]
        except csv.Error as error:
            raise DataRefused(f"{path}: line {reader.line_num}: found no CSV: {error}") from None


def lines_of_frame(frame: pd.DataFrame, name: str) -> list[Line]:
    """Rows of a table, numbered from 1."""
    columns = [str(column) for column in frame.columns]
    rows = frame.itertuples(index=False, name=None)
    return [Line(f"{name}: row {i}", dict(zip(columns, row))) for i, row in enumerate(rows, start=1)]


def _header(path: Path, cells: list[str]) -> list[str]:
    columns = [name.strip() for name in cells]
    if twice := sorted({name for name in columns if name and columns.count(name) > 1}):
        raise DataRefused(f"{path}: found columns twice: {twice}")
    return columns


def _line(path: Path, number: int, columns: list[str], cells: list[str]) -> Line:
    if len(cells) > len(columns):
        raise DataRefused(f"{path}: line {number}: found {len(cells)} cells, expected {len(columns)}, as in the header")
    return Line(f"{path}: line {number}", dict(zip(columns, cells)))
