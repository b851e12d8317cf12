"""A book opened from wherever it is: a DuckDB file as it stands, other files through the same contract as a load."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from riskmodels.book.book import Attach, Book
from riskmodels.book.defects import EXPECTED
from riskmodels.book.load import load
from riskmodels.book.schema import REQUIRED_TABLES, Column, HasTables, Table, with_packs
from riskmodels.book.sources import columns_of, located, quoted, stem_of, unreadable
from riskmodels.book.sources.files import FILES
from riskmodels.book.sources.relation import literal
from riskmodels.core.errors import DataRefused, Misuse

TABLES_OF_FILE = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'book_file' AND schema_name = 'main'"


def open_book(source: str | Path, packs: Sequence[HasTables] = ()) -> Book:
    """The book of a source: a DuckDB file, a folder of Parquet or CSV files, an Excel file, or an address of a server.

    A DuckDB file is read where it is, so it may be a book of any size; whatever else it is, it must have our table
    names and is loaded into a temporary DuckDB file that goes with the book. `packs` add their tables to the house's;
    without its pack such a table isn't looked at.
    """
    place = located(source)
    if not isinstance(place, Path):
        return _loaded_book(source, packs)
    if not place.exists():
        raise Misuse(f"{place}: no such book; expected a .duckdb book, {FILES}, or an address")
    if place.suffix.lower() in (".duckdb", ".db"):
        return _duckdb_book(place, with_packs(packs))
    return _loaded_book(source, packs)


def _loaded_book(source: str | Path, packs: Sequence[HasTables]) -> Book:
    """A book of tables that were parsed into a file of ours; the last of the book and its cuts takes the file along."""
    folder = Path(tempfile.mkdtemp(prefix="riskmodels-"))
    try:
        load(source, folder / "book.duckdb", packs=packs)
        book = _duckdb_book(folder / "book.duckdb", with_packs(packs))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(book.attach, shutil.rmtree, folder, ignore_errors=True)
    return replace(book, name=stem_of(source))


def _duckdb_book(path: Path, schema: Mapping[str, Table]) -> Book:
    attach = _attach_file(path, schema)
    try:
        with duckdb.connect() as con:
            found = attach(con)
            meta = dict(con.execute("SELECT * FROM book_file.meta").fetchall()) if _has_meta(con) else {}
            missing = [t for t in REQUIRED_TABLES if t not in found]
            if missing:
                raise DataRefused(f"{path}: no table {missing[0]}; found {', '.join(found) or 'no table of a book'}")
            for table, relation in found.items():
                _check(con, str(path), schema[table], relation)
    except duckdb.Error as error:
        raise unreadable(path, error) from None
    return Book(path.stem, attach, meta=meta, schema=schema)


def _attach_file(path: Path, schema: Mapping[str, Table]) -> Attach:
    place = literal(path.resolve())

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        """The schema's tables that the file holds, read where they are."""
        con.execute(f"ATTACH {place} AS book_file (READ_ONLY)")
        names = con.execute(TABLES_OF_FILE).fetchall()
        return {name: f"book_file.{quoted(name)}" for (name,) in names if name in schema}

    return attach


def _has_meta(con: duckdb.DuckDBPyConnection) -> bool:
    return ("meta",) in con.execute(TABLES_OF_FILE).fetchall()


def _check(con: duckdb.DuckDBPyConnection, where: str, table: Table, relation: str) -> None:
    """Refuse a table that lacks a column, has cells of another kind than the schema's, or is needed and empty."""
    found = columns_of(con, relation)
    if missing := [c for c in table.required if c not in found and c != "known_on"]:
        raise DataRefused(f"{where}: {table.name}: missing columns {', '.join(missing)}")
    if table.name in REQUIRED_TABLES and not con.execute(f"SELECT 1 FROM {relation} LIMIT 1").fetchone():
        raise DataRefused(f"{where}: {table.name}: found no rows, expected at least one")
    for column in (c for c in table.columns if c.name in found):
        _check_kind(con, f"{where}: {table.name}.{column.name}", relation, column)


def _check_kind(con: duckdb.DuckDBPyConnection, where: str, relation: str, column: Column) -> None:
    """Refuse cells that can't be of the column's type; a column that has that type already is not looked through."""
    name = quoted(column.name)
    row = con.execute(
        f"SELECT CAST({name} AS VARCHAR) FROM {relation} WHERE typeof({name}) <> '{column.sql_type}' "
        f"AND {name} IS NOT NULL AND try_cast({name} AS {column.sql_type}) IS NULL LIMIT 1"
    ).fetchone()
    if row:
        raise DataRefused(f"{where}: found {row[0][:80]!r}, expected {EXPECTED[column.kind]}")
