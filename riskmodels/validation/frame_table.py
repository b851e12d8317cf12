"""A table in a file as cleaned text: every cell stripped, what stands for nothing missing, each row with its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.book.cells import decimal, literal
from riskmodels.book.encoding import encoding_of
from riskmodels.book.mapping import Format
from riskmodels.book.named import listed
from riskmodels.book.sources import ROW, columns_of, located, quoted, refusal, stage
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.nearest import hint

TEXTS, SHEETS = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm")
ENDINGS = (*TEXTS, ".parquet", *SHEETS)
NOTHING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "NaT", ".")
"""What stands for no value, as pandas, R and SAS write it."""
SHOWN = 3
"""Cells that can't be read which a message shows."""


@dataclass(frozen=True)
class FileTable:
    """A file's one table on a connection: its columns' names, what a message calls a row, and how many there are."""

    path: Path
    con: duckdb.DuckDBPyConnection
    names: tuple[str, ...]
    row: str
    rows: int

    def column(self, name: str, role: str) -> str:
        """The name, if the file has such a column; `role` tells what it was to be."""
        if name not in self.names:
            raise Misuse(f"{self.path}: no column {name!r} for the {role}; {hint(name, self.names)}")
        return name

    def text(self, column: str) -> pd.Series:
        """The cells of a column as text (n,), missing where there is nothing."""
        return self._cells(quoted(column)).astype("str")

    def numbers(self, column: str) -> pd.Series:
        """The cells of a column as numbers (n,), missing where there is nothing or no number stands."""
        return self._cells(_number(quoted(column))).astype("float64")

    def typed(self, columns: list[str]) -> pd.DataFrame:
        """Columns (n, m) by their names, as numbers where every cell that isn't missing is one, else as text."""
        if not columns:
            return pd.DataFrame(index=range(self.rows))
        plain = self._plain(columns)
        cells = [_number(quoted(c)) if c in plain else quoted(c) for c in columns]
        named = ", ".join(f"{cell} AS {quoted(c)}" for cell, c in zip(cells, columns))
        found = self.con.execute(f"SELECT {named} FROM cells ORDER BY {ROW}").df()
        return found.astype({c: "float64" if c in plain else "str" for c in columns})

    def _plain(self, columns: list[str]) -> set[str]:
        """Those of the columns in which every cell that isn't missing is a number."""
        wrong = [f"count(*) FILTER (WHERE {quoted(c)} IS NOT NULL AND {_number(quoted(c))} IS NULL)" for c in columns]
        found = self.con.execute(f"SELECT {', '.join(wrong)} FROM cells").fetchone() or ()
        return {column for column, count in zip(columns, found) if count == 0}

    def refuse(self, column: str, wrong: NDArray[np.bool_], expected: str) -> None:
        """Refuse the file when cells of a column are wrong: how many, and the first with their lines."""
        if not wrong.any():
            return
        at = np.flatnonzero(wrong)[:SHOWN]
        lines, texts = self._cells(ROW).iloc[at], self.text(column).iloc[at]
        shown = ", ".join(f"{_short(t)} in {self.row} {line}" for t, line in zip(texts, lines))
        more = f" and {wrong.sum() - len(at):,} more" if wrong.sum() > len(at) else ""
        raise DataRefused(f"{self.path}: {column}: found {shown}{more}, expected {expected}")

    def _cells(self, sql: str) -> pd.Series:
        return self.con.execute(f"SELECT {sql} AS cell FROM cells ORDER BY {ROW}").df()["cell"]


def open_table(path: str | Path, wanted: dict[str, str]) -> FileTable:
    """The table of a CSV (UTF-8 or GB18030), Parquet or Excel file; of several sheets the one with the columns wanted.

    `wanted` names columns by their role.
    """
    file = _file(path)
    con = duckdb.connect()
    staged = stage(con, file, encoding_of(file) if file.suffix.lower() in TEXTS else "utf-8")
    try:
        relation = _one(file, con, dict(staged), set(wanted.values()))
        names = tuple(columns_of(con, relation))
        cells = ", ".join(f"{_cleaned(quoted(name))} AS {quoted(name)}" for name in names)
        con.execute(f"CREATE TEMP TABLE cells AS SELECT {ROW}, {cells} FROM {relation}")
    except duckdb.Error as error:
        raise refusal(file, error) from None
    rows = con.execute("SELECT count(*) FROM cells").fetchall()[0][0]
    if not rows:
        raise DataRefused(f"{file}: found no rows below the header, expected at least one")
    return FileTable(file, con, names, "row" if file.suffix.lower() == ".parquet" else "line", rows)


def _file(path: str | Path) -> Path:
    place, expected = located(path), f"a file that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
    if not isinstance(place, Path):
        raise Misuse(f"{place}: found an address, expected {expected}")
    if "\0" in str(place) or not place.exists():
        raise Misuse(f"{str(place)!r}: no such file, expected {expected}")
    if place.is_dir():
        raise Misuse(f"{place}: found a folder, expected {expected}")
    if place.suffix.lower() not in ENDINGS:
        raise Misuse(f"{place}: found a {place.suffix or 'nameless'} file, expected {expected}")
    if place.stat().st_size == 0:
        raise DataRefused(f"{place}: found an empty file, expected a header and rows")
    return place


def _one(file: Path, con: duckdb.DuckDBPyConnection, staged: dict[str, str], wanted: set[str]) -> str:
    """The only table, or the only one that has all columns wanted."""
    if len(staged) == 1:
        return next(iter(staged.values()))
    fit = [name for name, relation in staged.items() if wanted <= set(columns_of(con, relation))]
    if len(fit) != 1:
        found = listed(fit) or f"none of {listed(staged)}"
        raise Misuse(f"{file}: sheets that have columns {', '.join(sorted(wanted))}: found {found}, expected one")
    return staged[fit[0]]


def _cleaned(cell: str) -> str:
    words = ", ".join(literal(word) for word in NOTHING)
    text = f"trim({cell}, ' \t\r\n\u3000\u00a0')"
    return f"CASE WHEN {text} NOT IN ({words}) THEN {text} END"


def _number(cell: str) -> str:
    """The cell as a number; one plain to DuckDB is read without a second look, full-width or grouped digits with."""
    plain = f"try_cast({cell} AS DOUBLE)"
    return f"CASE WHEN {plain} IS NOT NULL THEN {plain} ELSE try_cast({decimal(cell, Format())} AS DOUBLE) END"


def _short(text: object) -> str:
    if not isinstance(text, str):
        return "nothing"
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
