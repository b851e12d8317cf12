"""One run of the local engine: what it builds of which book, and the facts it takes them from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from riskmodels.book.book import Book
from riskmodels.features.feature import Entry, Feature
from riskmodels.features.keys import Keys, keys, workspace
from riskmodels.features.local import Facts, Job, Local, Progress, counterparts
from riskmodels.features.plan import Plan
from riskmodels.features.relations import WORK
from riskmodels.features.sweep import AsOf


@dataclass(frozen=True)
class Run:
    """What is built: the plan's columns of a key, amounts of `currency` only if given."""

    book: Book
    key: str
    plan: Plan
    currency: str | None
    engine: Local
    progress: Progress | None


class Steps:
    """What is done of a run, told after each step: reading the streams is half of the way, sweeping the other half."""

    def __init__(self, progress: Progress | None, streams: int, partitions: int) -> None:
        self._progress, self._streams, self._partitions = progress, max(streams, 1), partitions
        self._done = 0

    def read(self) -> None:
        """A stream was read."""
        self._tell(self._partitions)

    def swept(self) -> None:
        """A partition was swept."""
        self._tell(self._streams)

    def _tell(self, weight: int) -> None:
        self._done += weight
        if self._progress:
            self._progress(self._done, 2 * self._streams * self._partitions)


@dataclass(frozen=True)
class Ground:
    """The facts in partitions, the keys of each subject, and how many counterparts a key may have."""

    run: Run
    facts: Facts
    keys: Mapping[str, Keys]
    wanted: Mapping[str, Sequence[Entry]]
    others: int
    steps: Steps

    def job(self, subject: str, asof: AsOf) -> Job:
        """The job of a subject's own features at as-of rows."""
        features = tuple(e for e in self.wanted[subject] if isinstance(e, Feature))
        return Job(self.facts, subject, self.keys[subject], asof, self.others, self.run.engine.threads, features)


@contextmanager
def ground(run: Run, ask: Callable[[Any], None] | None = None, queries: Sequence[str] = ()) -> Iterator[Ground]:
    """The ground for a run; `ask` is called with the connection while its invoices, as `queries` read them, stand."""
    wanted = run.plan.wanted(run.key)
    reads = run.plan.reads(wanted)
    numbers = {*reads.numbers, *wanted}
    with workspace(run.book, run.engine.memory_limit, [*reads.queries.values(), *queries], numbers) as con:
        found = {subject: keys(con, subject) for subject in wanted}
        if ask:
            ask(con)
        ranges = {subject: run.engine.ranges(its) for subject, its in found.items()}
        steps = Steps(run.progress, len(reads.queries), sum(map(len, ranges.values())))
        with Facts(con, run.plan, reads, ranges, steps.read) as facts:
            con.execute(f"DROP TABLE {WORK}.invoices")
            yield Ground(run, facts, found, wanted, counterparts(con), steps)
