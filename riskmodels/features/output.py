"""What a build hands over: a frame, or a Parquet file with units, meanings and lineage in its schema."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from riskmodels.features.feature import Entry

Array = Any


@dataclass(frozen=True)
class Block:
    """Consecutive rows of the result: id columns, as-of dates (day numbers), and an array for each feature."""

    ids: pa.Table
    as_of: Array
    values: Array

    def chunks(self, size: int) -> Iterator[Block]:
        """The block in pieces of at most `size` rows."""
        for a in range(0, max(len(self.as_of), 1), size):
            b = a + size
            yield Block(self.ids.slice(a, size), self.as_of[a:b], [v[a:b] for v in self.values])


@dataclass(frozen=True)
class Header:
    """The result's columns after the ids and as_of, with what each is, and what is said of the whole."""

    columns: dict[str, Entry]
    attrs: dict[str, Any]


@contextmanager
def spilled(shape: tuple[int, int]) -> Iterator[Array]:
    """An array of floats that lives in a temporary file, gone afterwards."""
    with tempfile.TemporaryFile() as file:
        yield np.memmap(file, np.float64, "w+", shape=shape) if all(shape) else np.empty(shape)


def frame(header: Header, block: Block) -> pd.DataFrame:
    """The block as a frame: ids as text, as_of as datetime64, every feature a float; `attrs` as in the header."""
    index = block.ids.to_pandas()
    index["as_of"] = block.as_of.astype("M8[D]").astype("M8[us]")
    found = pd.concat([index, pd.DataFrame(block.values.T, columns=list(header.columns), copy=False)], axis=1)
    found.attrs = header.attrs
    return found


def write(header: Header, blocks: Iterator[Block], out: Path, lineage: Callable[[], dict[str, str]]) -> Path:
    """The blocks streamed into a Parquet file, which appears under its name only when it is whole.

    `lineage` is worked out beside the writing, which leaves a processor idle, and stands in the file's metadata.
    """
    scratch = out.with_name(f".{out.name}.{os.getpid()}")
    first = next(blocks)
    try:
        with ThreadPoolExecutor(1) as beside, _writer(scratch, header, first) as writer:
            told = beside.submit(lineage)
            for block in chain([first], blocks):
                writer.write_table(_table(header, block))
            writer.add_key_value_metadata(_named(told.result()))
        scratch.replace(out)
    finally:
        scratch.unlink(missing_ok=True)
    return out


def _writer(out: Path, header: Header, block: Block) -> pq.ParquetWriter:
    """A writer of such blocks: dictionaries and statistics pay for ids and dates, for features they cost half."""
    repeated = [*block.ids.column_names, "as_of"]
    return pq.ParquetWriter(
        out,
        _table(header, block).schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=repeated,
        write_statistics=repeated,
    )


def _table(header: Header, block: Block) -> pa.Table:
    as_of = pa.array(block.as_of.astype("M8[D]"))
    fields = [*block.ids.schema, pa.field("as_of", pa.date32()), *map(_field, header.columns.items())]
    columns = [*block.ids.columns, as_of, *(pa.array(v) for v in block.values)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=_named(header.attrs)))


def _named(told: dict[str, Any]) -> dict[str, str]:
    """Facts as metadata under the package's name: text as it is, anything else as JSON."""
    return {f"riskmodels.{k}": v if isinstance(v, str) else json.dumps(v) for k, v in told.items()}


def _field(item: tuple[str, Entry]) -> pa.Field:
    name, entry = item
    return pa.field(name, pa.float64(), metadata={"unit": entry.unit, "meaning": entry.meaning})
