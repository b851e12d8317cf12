"""The features by this package, and the floor beneath any engine: reading, joining, sorting and writing as much."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from _features_asked import names

from riskmodels import features
from riskmodels.book.book import Book
from riskmodels.features import engine
from riskmodels.features.feature import column
from riskmodels.features.output import Block, Header, write

CATALOGUE = tuple(replace(entry, subjects=("debtor",)) for entry in features.CATALOGUE if entry.name in names())
SORTED = """
    CREATE TABLE facts AS
    SELECT debtor_id, known_on AS day, due_on, amount, NULL::DATE AS paid_on
    FROM read_parquet('{source}/invoices.parquet')
    UNION ALL
    SELECT debtor_id, greatest(p.known_on, i.known_on), due_on, -p.amount, paid_on
    FROM read_parquet('{source}/payments.parquet') p JOIN read_parquet('{source}/invoices.parquet') i USING (invoice_id)
    ORDER BY debtor_id, day"""


def book(source: Path) -> Book:
    """A book whose tables are the Parquet files."""

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        return {name: f"read_parquet('{source / name}.parquet')" for name in ("invoices", "payments")}

    return Book("benchmark", attach)


def build(source: Path, ends: Sequence[date], out: Path) -> Path:
    """Write the features of every debtor known at each date."""
    return features.build(book(source), "debtor", ends, CATALOGUE, out=out)


def at_issue(source: Path, out: Path) -> Path:
    """Write the features of each invoice's debtor at the close of the day before its issue."""
    return features.build(book(source), "invoice", None, CATALOGUE, out=out)


def unwritten(source: Path, ends: Sequence[date], out: Path) -> None:
    """Compute the features of every debtor known at each date, and write nothing."""
    with mock.patch.object(engine, "write", _drain):
        build(source, ends, out)
    if out.exists():
        raise SystemExit("ours, unwritten: found a file written, expected none")


def _drain(header: Header, blocks: Iterator[Block], out: Path, lineage: Callable[[], dict[str, str]]) -> Path:
    for _ in blocks:
        pass
    lineage()
    return out


def written(file: Path) -> list[Block]:
    """What a build wrote, as the blocks that its writer took."""
    return [_block(batch) for batch in pq.ParquetFile(file).iter_batches(1 << 20)]


def _block(batch: pa.RecordBatch) -> Block:
    ids = pa.table({"debtor_id": batch["debtor_id"]})
    as_of = batch["as_of"].to_numpy(zero_copy_only=False).astype("M8[D]").astype(np.int64)
    return Block(ids, as_of, [batch[column(f, "debtor")].to_numpy() for f in CATALOGUE])


def floor(source: Path, blocks: list[Block], out: Path) -> None:
    """Read both files, join payments to invoices, sort all by debtor and day, and write the blocks with our writer."""
    config: dict[str, Any] = {"threads": 2, "memory_limit": "14GB", "temp_directory": str(out.parent)}
    with duckdb.connect(config=config) as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(SORTED.format(source=source))
    write(Header({column(f, "debtor"): f for f in CATALOGUE}, {}), iter(blocks), out, dict)
