"""Facts on their way to the partition of their key: Arrow batches as bytes, so that Spark moves few, large rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

PACKED = "subject int, part int, stream int, facts binary"
CHUNK = 500_000
"""Rows that are split among the partitions at once: so many that each partition gets a good piece."""
PIECE = 10_000
"""Rows that go back to Spark at once."""
MOST = 2**15
"""The most partitions there may be."""
Array = Any
Batches = Iterable[pa.RecordBatch]


@dataclass(frozen=True)
class Parcel:
    """What one subject gets of a stream: numbers of both, the column of its keys, the columns it reads with types."""

    subject: int
    stream: int
    key: str
    schema: pa.Schema


def packer(parcels: list[Parcel], parts: int) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """What a worker does with a stream's rows: a row of bytes for each parcel and partition."""

    def pack(batches: Batches) -> Iterator[pa.RecordBatch]:
        for table in _chunks(batches):
            for parcel in parcels:
                key = table[parcel.key].to_numpy()
                part = np.where(key < 0, parts, key % parts)
                yield packed(parcel.subject, parcel.stream, _typed(table, parcel.schema), part, parts)

    return pack


def packed(subject: int, stream: int, table: pa.Table, part: Array, parts: int) -> pa.RecordBatch:
    """A packed row for each partition that has some of a table's rows; those of partition `parts` are dropped."""
    order = np.argsort(part.astype(np.uint16), kind="stable")
    edges = np.searchsorted(part[order], np.arange(parts + 1))
    whole = pa.RecordBatch.from_arrays(
        [column.combine_chunks().take(pa.array(order)) for column in table.columns], schema=table.schema
    )
    there = [(p, whole.slice(a, b - a).serialize()) for p, (a, b) in enumerate(pairwise(edges)) if b > a]
    numbers = ([subject] * len(there), [p for p, _ in there], [stream] * len(there))
    columns = [*(pa.array(n, pa.int32()) for n in numbers), pa.array([f.to_pybytes() for _, f in there], pa.binary())]
    return pa.RecordBatch.from_arrays(columns, names=["subject", "part", "stream", "facts"])


def in_pieces(table: pa.Table) -> pa.Table:
    """The table in batches of some thousand rows, which is how Spark takes them back."""
    return pa.Table.from_batches(table.to_batches(max_chunksize=PIECE), table.schema)


def unpacked(group: pa.Table, stream: int, schema: pa.Schema) -> pa.Table:
    """The facts of a stream in packed rows."""
    import pyarrow.compute as pc

    found = group.filter(pc.equal(group["stream"], stream))["facts"]
    return pa.Table.from_batches((pa.ipc.read_record_batch(one.as_buffer(), schema) for one in found), schema)


def _typed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    return table.select(schema.names).cast(schema)


def _chunks(batches: Batches) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(b.num_rows for b in held) >= CHUNK:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)
