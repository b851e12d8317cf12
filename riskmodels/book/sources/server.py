"""Tables of a server brought over as Arrow batches: one stretch of rows in memory, the rest in DuckDB's hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import duckdb
import pyarrow as pa

from riskmodels.book.csv_head import column_names
from riskmodels.book.sources.relation import as_text, counted, fresh_name
from riskmodels.core.errors import Misuse

BATCH = 10_000
"""Rows that are held as Python values at once."""


def needed(module: str, extra: str, where: object) -> Any:
    """The module of an optional extra, or what to install."""
    try:
        return import_module(module)
    except ImportError:
        raise Misuse(f"{where}: needs an extra that is not installed: pip install 'riskmodels[{extra}]'") from None


def readable(table: Any, native: Callable[[Any], bool]) -> Any:
    """The table's columns as an Ibis expression: of a `native` type as they are, others as the server writes them."""
    cells = (table[name] for name in table.columns)
    return table.select([cell if native(cell.type()) else cell.cast("string").name(cell.get_name()) for cell in cells])


def keep(
    con: duckdb.DuckDBPyConnection, where: str, name: str, schema: pa.Schema, batches: Iterator[pa.RecordBatch]
) -> str:
    """The relation with the rows of the batches, in a temporary table of their own types (`schema` if none comes)."""
    first = next(batches, None)
    empty = (schema if first is None else first.schema).empty_table()
    names, table = column_names(where, empty.column_names), fresh_name(name)
    _run(con, f"CREATE TEMP TABLE {table} AS SELECT * FROM batch", empty.rename_columns(names))
    while first is not None:
        _run(con, f"INSERT INTO {table} SELECT * FROM batch", pa.Table.from_batches([first]).rename_columns(names))
        first = next(batches, None)
    return as_text(con, where, name, table, counted())


def _run(con: duckdb.DuckDBPyConnection, query: str, batch: pa.Table) -> None:
    con.register("batch", batch)
    con.execute(query)
    con.unregister("batch")
