"""A book opened from wherever it is: a DuckDB file as it stands, other files through the same contract as a load."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from riskmodels.book.book import Attach, Book
from riskmodels.book.defects import EXPECTED
from riskmodels.book.load import main_currency, parse_source
from riskmodels.book.schema import REQUIRED_TABLES, TABLES, Column
from riskmodels.book.sources import columns_of, quoted, unreadable
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
    tables, currency = _parsed(path)
    return Book(path.stem, _attach_arrow(tables), meta={"source": path.name, "currency": currency})


def _duckdb_book(path: Path) -> Book:
    attach = _attach_file(path)
    try:
        with duckdb.connect() as con:
            found = attach(con)
            meta = dict(con.execute("SELECT * FROM book_file.meta").fetchall()) if _has_meta(con) else {}
            missing = [t for t in REQUIRED_TABLES if t not in found]
            if missing:
                raise DataRefused(f"{path}: no table {missing[0]}; found {', '.join(found) or 'no table of a book'}")
            for table, relation in found.items():
                _check(con, str(path), table, relation)
    except duckdb.Error as error:
        raise unreadable(path, error) from None
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


def _check(con: duckdb.DuckDBPyConnection, where: str, table: str, relation: str) -> None:
    """Refuse a table that lacks a column, has cells of another kind than the schema's, or is needed and empty."""
    found = columns_of(con, relation)
    if missing := [c for c in TABLES[table].required if c not in found and c != "known_on"]:
        raise DataRefused(f"{where}: {table}: missing columns {', '.join(missing)}")
    if table in REQUIRED_TABLES and not con.execute(f"SELECT 1 FROM {relation} LIMIT 1").fetchone():
        raise DataRefused(f"{where}: {table}: found no rows, expected at least one")
    for column in (c for c in TABLES[table].columns if c.name in found):
        _check_kind(con, f"{where}: {table}.{column.name}", relation, column)


def _check_kind(con: duckdb.DuckDBPyConnection, where: str, relation: str, column: Column) -> None:
    """Refuse cells that can't be of the column's type; a column that has that type already is not looked through."""
    name = quoted(column.name)
    row = con.execute(
        f"SELECT CAST({name} AS VARCHAR) FROM {relation} WHERE typeof({name}) <> '{column.sql_type}' "
        f"AND {name} IS NOT NULL AND try_cast({name} AS {column.sql_type}) IS NULL LIMIT 1"
    ).fetchone()
    if row:
        raise DataRefused(f"{where}: found {row[0][:80]!r}, expected {EXPECTED[column.kind]}")


def _parsed(path: Path) -> tuple[dict[str, pa.Table], str]:
    with duckdb.connect() as con:
        loaded = parse_source(con, path, None)
        return {t: _arrow(con, t) for t in loaded.rows}, main_currency(con)


def _arrow(con: duckdb.DuckDBPyConnection, table: str) -> pa.Table:
    cells = ", ".join(quoted(c) for c in columns_of(con, f"parsed_{table}") if c in TABLES[table].names)
    return con.sql(f"SELECT {cells} FROM parsed_{table}").to_arrow_table()


def _attach_arrow(tables: dict[str, pa.Table]) -> Attach:
    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        for name, table in tables.items():
            con.register(f"given_{name}", table)
        return {name: f"given_{name}" for name in tables}

    return attach
