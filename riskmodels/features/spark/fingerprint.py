"""What identifies a book on Spark: the same SHA-256 as of the book in a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import pyarrow as pa

from riskmodels.features.spark.views import SparkBook

Batches = Iterable[pa.RecordBatch]
SUMS = "n bigint, upper string, lower string"


def fingerprint(book: SparkBook) -> str:
    """SHA-256 over each table's filled columns, number of rows, and the sums of its rows' MD5 halves."""
    digest = hashlib.sha256()
    for name, filled in book.tables.items():
        columns = [c for c in book.schema[name].names if c in filled]
        frame = book.session.table(book.place(name, False)).select(*columns)
        digest.update(f"{name}:{(columns, _sums(frame, columns))}".encode())
    return digest.hexdigest()


def _sums(frame: Any, columns: list[str]) -> tuple[int, ...]:
    parts = frame.mapInArrow(_summer(columns), SUMS).collect()
    return tuple(sum(int(part[i]) for part in parts) for i in range(3))


def _summer(columns: list[str]) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """What a worker does: DuckDB writes the cells as text and takes their MD5, as it does for a book in a file."""
    cells = ", ".join(f'coalesce(CAST("{c}" AS VARCHAR), chr(0))' for c in columns)
    rows = f"SELECT md5_number(concat_ws(chr(31), {cells})) AS h FROM given"
    halves = "sum(CAST(h >> 64 AS UBIGINT)), sum(CAST(h & 18446744073709551615 AS UBIGINT))"

    def summed(batches: Batches) -> Iterator[pa.RecordBatch]:
        import duckdb

        batches = iter(batches)
        if (first := next(batches, None)) is None:
            return
        with duckdb.connect(config={"threads": 1}) as con:
            given = pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))
            con.register("given", given)
            found = con.execute(f"SELECT count(*), {halves} FROM ({rows})").fetchone()
        yield pa.RecordBatch.from_arrays([[found[0]], [str(found[1])], [str(found[2])]], names=["n", "upper", "lower"])

    return summed
