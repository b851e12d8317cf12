"""A book opened from wherever it is: a DuckDB file as it stands, other files through the same contract as a load."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from riskmodels.book.book import Attach, Book
from riskmodels.book.load import parse_source
from riskmodels.book.schema import REQUIRED_TABLES, TABLES
from riskmodels.book.sources import columns_of, one_line, quoted
from riskmodels.core.errors import DataRefused, Misuse


def open_book(path: str | Path) -> Book:
    """The book at `path`: a DuckDB file, or a folder of Parquet or CSV files, or an Excel file with our table names."""
    path = Path(path)
    if not path.exists():
        raise Misuse(
            f"{path}: no such book; expected a .duckdb file, an .xlsx file or a folder of .csv or .parquet files"
        )
    if path.suffix.lower() in (".duckdb", ".db"):
        return _duckdb_book(path)
    return Book(path.stem, _attach_arrow(_parsed(path)), meta={"source": path.name})


def _duckdb_book(path: Path) -> Book:
    attach = _attach_file(path)
    try:
        with duckdb.connect() as con:
            found = attach(con)
            meta = dict(con.execute("SELECT * FROM book_file.meta").fetchall()) if _has_meta(con) else {}
            missing = [t for t in REQUIRED_TABLES if t not in found]
            gaps = {t: _gaps(con, t, relation) for t, relation in found.items()}
    except duckdb.Error as error:
        raise DataRefused(f"{path}: not a DuckDB file: {one_line(error)}") from None
    if missing:
        raise DataRefused(f"{path}: no table {missing[0]}; found {', '.join(found) or 'no table of a book'}")
    for table, columns in gaps.items():
        if columns:
            raise DataRefused(f"{path}: {table}: missing columns {', '.join(columns)}")
    return Book(path.stem, attach, meta=meta)


def _attach_file(path: Path) -> Attach:
    place = str(path.resolve()).replace("'", "''")

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        con.execute(f"ATTACH '{place}' AS book_file (READ_ONLY)")
        names = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'book_file'").fetchall()
        return {name: f"book_file.{quoted(name)}" for (name,) in names if name in TABLES}

    return attach


def _has_meta(con: duckdb.DuckDBPyConnection) -> bool:
    query = "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'book_file' AND table_name = 'meta'"
    return bool((con.execute(query).fetchone() or (0,))[0])


def _gaps(con: duckdb.DuckDBPyConnection, table: str, relation: str) -> list[str]:
    found = columns_of(con, relation)
    return [c for c in TABLES[table].required if c not in found and c != "known_on"]


def _parsed(path: Path) -> dict[str, pa.Table]:
    with duckdb.connect() as con:
        loaded = parse_source(con, path, None)
        return {t: _arrow(con, t) for t in loaded.rows}


def _arrow(con: duckdb.DuckDBPyConnection, table: str) -> pa.Table:
    cells = ", ".join(quoted(c) for c in columns_of(con, f"parsed_{table}") if c in TABLES[table].names)
    return con.sql(f"SELECT {cells} FROM parsed_{table}").to_arrow_table()


def _attach_arrow(tables: dict[str, pa.Table]) -> Attach:
    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        for name, table in tables.items():
            con.register(f"given_{name}", table)
        return {name: f"given_{name}" for name in tables}

    return attach
