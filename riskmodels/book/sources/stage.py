"""Any source staged: its tables by name, as text relations on a DuckDB connection."""

from __future__ import annotations

from pathlib import Path

import duckdb

from riskmodels.book.connection import settled
from riskmodels.book.sources.address import PostgresAddress, SparkAddress, located
from riskmodels.book.sources.files import files_at
from riskmodels.book.sources.postgres import postgres_tables
from riskmodels.book.sources.refusal import refusal
from riskmodels.book.sources.spark import spark_tables
from riskmodels.book.sources.staged import Staged
from riskmodels.core.errors import DataRefused


def stage(con: duckdb.DuckDBPyConnection, source: str | Path, encoding: str = "utf-8") -> Staged:
    """For each table, sheet or file of the source: its name and the relation that reads it, all columns as text.

    `encoding` is that of CSV files. Relations of files read the file whenever they are read: wrap that in
    `refusal`. A server's table is fetched when it is first asked for; its rows are numbered as they are delivered,
    an order that a server doesn't promise, so nothing but messages may hang on the number.
    """
    con.execute("SET preserve_insertion_order = true")
    settled(con)
    place = located(source)
    try:
        match place:
            case PostgresAddress():
                found = postgres_tables(con, place)
            case SparkAddress():
                found = spark_tables(con, place)
            case _:
                found = files_at(con, place, encoding)
    except duckdb.Error as error:
        raise refusal(source, error) from None
    if not found:
        raise DataRefused(f"{place}: nothing to read; expected {_expected(place)}")
    return found


def _expected(place: object) -> str:
    match place:
        case Path(suffix=".xlsx" | ".xlsm"):
            return "a sheet with a header row"
        case Path(suffix=suffix) if suffix not in (".duckdb", ".db"):
            return ".csv, .parquet, .xlsx or .duckdb files"
        case _:
            return "tables"
