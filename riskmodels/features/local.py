"""The local engine: DuckDB gives the facts, which go to disk by partition of keys; threads sweep the partitions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self, TypeVar

import numpy as np
import pyarrow as pa

from riskmodels.features import rows
from riskmodels.features.feature import Feature
from riskmodels.features.keys import Keys
from riskmodels.features.linked import Lent
from riskmodels.features.needs import LINKS
from riskmodels.features.plan import Plan, Reads
from riskmodels.features.relations import WORK
from riskmodels.features.shuffle import Range, Shuffle
from riskmodels.features.sweep import AsOf, Partition

Array = Any
Progress = Callable[[int, int], None]
PIECE = 2048
"""Rows that a partition gets at once of a stream, about: reading fewer at a time costs more than they do."""
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Local:
    """How much of this machine may be used: threads, DuckDB's memory, and what one partition of keys may hold.

    A partition's invoices and as-of rows are `partition` together: so many keep the kernel's arrays in the cache.
    Facts wait for their sweep in the system's temporary folder (`TMPDIR`), some hundred bytes each.
    """

    threads: int = 2
    memory_limit: str = "600MB"
    partition: int = 131_072

    def ranges(self, keys: Keys, dates: Array) -> list[Range]:
        """Ranges of keys with about equally much to do: invoices, and as-of rows at the dates."""
        weight = keys.invoices + rows.known_at(keys.first, dates)
        return rows.cut(weight, max(-(-int(weight.sum()) // self.partition), 1))


class Facts:
    """What is read of the facts, by subject and partition of its keys."""

    def __init__(
        self, con: Any, plan: Plan, reads: Reads, ranges: Mapping[str, list[Range]], told: Callable[[], None]
    ) -> None:
        """Run the queries of the streams, once for all subjects, and put what they give into partitions.

        `told` is called after each.
        """
        self.plan, self.ranges = plan, ranges
        self._open = ExitStack()
        self._shuffles: dict[str, dict[str, Shuffle]] = {subject: {} for subject in ranges}
        batch = PIECE * max(map(len, ranges.values()))
        for stream, query in reads.queries.items():
            self._store(stream, con.sql(query).to_arrow_reader(batch), reads)
            told()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def fetch(self, subject: str, partition: int) -> dict[str, dict[str, Array]]:
        """The facts of a partition, by stream and column; keys are numbered from 0."""
        found = {name: shuffle.read(partition) for name, shuffle in self._shuffles[subject].items()}
        for columns in found.values():
            columns[subject] -= self.ranges[subject][partition][0]
        return found

    def _store(self, stream: str, batches: pa.RecordBatchReader, reads: Reads) -> None:
        columns = {s: read[stream] for s, read in reads.of.items() if stream in read}
        stores = {s: self._open.enter_context(Shuffle(s, self.ranges[s])) for s in columns}
        # The empty batch gives a stream without a fact its columns.
        for batch in chain([pa.RecordBatch.from_pylist([], batches.schema)], batches):
            arrays = {name: _whole(column) for name, column in zip(batch.schema.names, batch.columns)}
            for subject, names in columns.items():
                stores[subject].add({name: arrays[name] for name in names})
        for subject, store in stores.items():
            self._shuffles[subject][stream] = store


def _whole(column: pa.Array) -> Array:
    """A column as numpy; DuckDB's widest whole numbers, which Arrow knows as decimals, as int64."""
    return (column.cast(pa.int64()) if pa.types.is_decimal(column.type) else column).to_numpy(zero_copy_only=False)


@dataclass(frozen=True)
class Job:
    """One subject's features at its as-of rows, by partition of its keys; `lent` is what its keys belong to."""

    facts: Facts
    subject: str
    keys: Keys
    asof: AsOf
    others: int
    threads: int
    features: tuple[Feature, ...]
    lent: tuple[Lent, ...] = ()

    @property
    def width(self) -> int:
        """How many columns the subject has."""
        return len(self.features) + sum(len(lent.values) for lent in self.lent)

    @property
    def partitions(self) -> int:
        """How many partitions there are."""
        return len(self.facts.ranges[self.subject])

    def blocks(self) -> Iterator[tuple[Range, list[Array]]]:
        """For each partition's range of as-of rows, in order, an array for each of the subject's columns."""
        return in_order(self._sweep, range(self.partitions), self.threads)

    def whole(self, told: Callable[[], None]) -> Array:
        """All columns at all as-of rows: (columns, rows)."""
        values = np.empty((self.width, len(self.asof.day)))
        for (a, b), found in self.blocks():
            for row, answer in zip(values, found):
                row[a:b] = answer
            told()
        return values

    def _sweep(self, partition: int) -> tuple[Range, list[Array]]:
        from riskmodels.features import kernel

        a, b = self.facts.ranges[self.subject][partition]
        part, readings = rows.part(self.asof, a, b), self.facts.plan.readings
        swept = Partition(self.facts.fetch(self.subject, partition), self.subject, part, self.others, kernel)
        found = [swept.feature(f, readings) for f in self.features]
        for lent in self.lent:
            found.extend(lent.to(swept.measure(readings[LINKS[lent.of]]), part.day))
        return (int(self.asof.rows[a]), int(self.asof.rows[b])), found


def counterparts(con: Any) -> int:
    """How many counterparts a key may have at most."""
    query = f"SELECT greatest((SELECT count(*) FROM {WORK}.clients), (SELECT count(*) FROM {WORK}.debtors))"
    return int(con.execute(query).fetchall()[0][0])


def in_order(work: Callable[[A], B], items: Iterable[A], threads: int) -> Iterator[B]:
    """work(item) for each item in order, computed in threads that run at most one item ahead of the reader each."""
    ahead: deque[Future[B]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            ahead.append(pool.submit(work, item))
            if len(ahead) > threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
