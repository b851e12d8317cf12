"""Rows put into partitions of keys: written to disk once, as they come, and read back one partition at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from riskmodels.features import kernel

Array = Any
Range = tuple[int, int]


class Shuffle:
    """A file of batches, each sorted by partition: what a partition holds of a batch is one slice of each column.

    Batches may be added by one thread while none reads; then any number of threads may read.
    """

    def __init__(self, key: str, ranges: Sequence[Range]) -> None:
        """`key` is the column of key numbers, `ranges` are the partitions' keys, from 0 on without a gap."""
        self._key = key
        self._partition = np.repeat(np.arange(len(ranges), dtype=np.int32), [b - a for a, b in ranges])
        self._partitions = len(ranges)
        self._batches: list[tuple[Array, dict[str, int]]] = []
        self._types: dict[str, np.dtype[Any]] = {}
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, columns: dict[str, Array]) -> None:
        """Write a batch; rows whose key is negative concern nobody and are dropped."""
        order, first = kernel.grouped(columns[self._key], self._partition, self._partitions)
        self._batches.append((first, {name: self._write(values[order]) for name, values in columns.items()}))
        self._types = {name: values.dtype for name, values in columns.items()}
        self._file.flush()

    def read(self, partition: int) -> dict[str, Array]:
        """The columns of a partition's rows, in the order of the batches."""
        sizes = [int(first[partition + 1] - first[partition]) for first, _ in self._batches]
        return {name: self._read(name, kind, partition, sizes) for name, kind in self._types.items()}

    def _write(self, values: Array) -> int:
        start = self._end
        self._end += self._file.write(values.data)
        return start

    def _read(self, name: str, kind: np.dtype[Any], partition: int, sizes: list[int]) -> Array:
        values = np.empty(sum(sizes), kind)
        into = values.view(np.uint8).data
        done = 0
        for (first, starts), size in zip(self._batches, sizes):
            begin, end = done, done + size * kind.itemsize
            while begin < end:
                at = starts[name] + int(first[partition]) * kind.itemsize + begin - done
                begin += os.preadv(self._file.fileno(), [into[begin:end]], at)
            done = end
        return values
