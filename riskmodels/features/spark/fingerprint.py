"""What identifies a book on Spark: the same SHA-256 as of the book in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa

from riskmodels.book.rowsum import digest, rowsum
from riskmodels.book.schema import Column
from riskmodels.features.spark.views import SparkBook

Batches = Iterable[pa.RecordBatch]


def fingerprint(book: SparkBook) -> str:
    """SHA-256 over each table's filled columns, number of rows, and the sum of its rows' hashes."""
    summed = {}
    for name, filled in book.tables.items():
        columns = [c for c in book.schema[name].columns if c.name in filled]
        frame = book.session.table(book.place(name, False)).select(*(c.name for c in columns))
        summed[name] = ([c.name for c in columns], *_sums(frame, columns))
    return digest(summed)


def _sums(frame: Any, columns: list[Column]) -> tuple[int, int]:
    parts = frame.mapInArrow(_summer([c.kind for c in columns]), "n bigint, total string").collect()
    return sum(part.n for part in parts), sum(int(part.total) for part in parts) % 2**64


def _summer(kinds: list[str]) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """What a worker does: number and sum of its rows."""

    def summed(batches: Batches) -> Iterator[pa.RecordBatch]:
        n, total = rowsum(batches, kinds)
        yield pa.RecordBatch.from_arrays([[n], [str(total)]], names=["n", "total"])

    return summed
