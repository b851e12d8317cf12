"""The local engine: DuckDB holds the streams of facts and hands out partitions, threads sweep them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from riskmodels.features import rows
from riskmodels.features.feature import Entry, Feature
from riskmodels.features.keys import Keys
from riskmodels.features.linked import Lent
from riskmodels.features.plan import LINKS, Plan
from riskmodels.features.relations import WORK
from riskmodels.features.sweep import AsOf, Partition

Array = Any
Progress = Callable[[int, int], None]
Range = tuple[int, int]
MOST = 64
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Local:
    """How much of this machine may be used: threads, DuckDB's memory, and invoices in one partition of keys.

    Partitions of this size keep the kernel's arrays in the cache; there are at most 64, since each scans the facts.
    """

    threads: int = 2
    memory_limit: str = "4GB"
    partition: int = 65_536


class Facts:
    """The plan's streams as tables of the workspace, fetched one range of keys at a time."""

    def __init__(self, con: Any, plan: Plan, wanted: Mapping[str, Sequence[Entry]]) -> None:
        """Run the queries of the streams that are read for the entries wanted of each subject, once for all."""
        self.plan, self._con = plan, con
        self._reads = {subject: plan.reads(subject, entries) for subject, entries in wanted.items()}
        for name in dict.fromkeys(n for read in self._reads.values() for n in read):
            needed = {column for read in self._reads.values() for column in read.get(name, ())}
            con.execute(f"CREATE TABLE {_place(name)} AS {plan.streams[name].sql(needed)}")

    def fetch(self, subject: str, at: Range) -> dict[str, dict[str, Array]]:
        """The facts of a range of keys, by stream and column; keys are numbered from 0."""
        cursor = self._con.cursor()
        found = {name: self._fetch(cursor, name, subject, at) for name in self._reads[subject]}
        for columns in found.values():
            columns[subject] = columns[subject] - at[0]
        return found

    def _fetch(self, cursor: Any, name: str, subject: str, at: Range) -> dict[str, Array]:
        read = ", ".join(self._reads[subject][name])
        where = f"WHERE {subject} BETWEEN {at[0]} AND {at[1] - 1}"
        return cursor.execute(f"SELECT {read} FROM {_place(name)} {where}").fetchnumpy()


@dataclass(frozen=True)
class Job:
    """One subject's features at its as-of rows, cut into ranges of keys; `lent` is what its keys belong to."""

    facts: Facts
    subject: str
    keys: Keys
    asof: AsOf
    others: int
    engine: Local
    features: tuple[Feature, ...]
    lent: tuple[Lent, ...] = ()

    @property
    def width(self) -> int:
        """How many columns the subject has."""
        return len(self.features) + sum(len(lent.values) for lent in self.lent)

    @property
    def ranges(self) -> list[Range]:
        """Ranges of keys with about equally many invoices."""
        parts = -(-int(self.keys.invoices.sum()) // self.engine.partition)
        return rows.cut(self.keys.invoices, min(max(parts, 1), MOST))

    def blocks(self) -> Iterator[tuple[Range, list[Array]]]:
        """For each range of as-of rows, in order, an array for each of the subject's columns."""
        return in_order(self._sweep, self.ranges, self.engine.threads)

    def whole(self, told: Callable[[], None]) -> Array:
        """All columns at all as-of rows: (columns, rows)."""
        values = np.empty((self.width, len(self.asof.day)))
        for (a, b), found in self.blocks():
            for row, answer in zip(values, found):
                row[a:b] = answer
            told()
        return values

    def _sweep(self, at: Range) -> tuple[Range, list[Array]]:
        from riskmodels.features import kernel

        part = rows.part(self.asof, *at)
        partition = Partition(self.facts.fetch(self.subject, at), self.subject, part, self.others, kernel)
        readings = self.facts.plan.readings
        found = [partition.feature(f, readings) for f in self.features]
        for lent in self.lent:
            found.extend(lent.to(partition.measure(readings[LINKS[lent.of]]), part.day))
        return (int(self.asof.rows[at[0]]), int(self.asof.rows[at[1]])), found


def counterparts(con: Any) -> int:
    """How many counterparts a key may have at most."""
    query = f"SELECT greatest(max(client), max(debtor)) + 1 FROM {WORK}.invoices"
    return int(con.execute(query).fetchall()[0][0] or 0)


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


def _place(stream: str) -> str:
    return f'{WORK}."facts of {stream}"'
