"""One run of the local engine: what it builds of which book, and the facts it takes them from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from riskmodels.book.book import Book
from riskmodels.features.brought import brought, invoices
from riskmodels.features.feature import Entry, Feature
from riskmodels.features.keys import Keys, drop, keys, workspace
from riskmodels.features.local import Facts, Job, Local, Progress, counterparts
from riskmodels.features.plan import Plan
from riskmodels.features.sweep import AsOf

Array = Any


@dataclass(frozen=True)
class Run:
    """What is built: the plan's columns of some keys at dates (day numbers), amounts of `currency` only if given."""

    book: Book
    keys: tuple[str, ...]
    dates: Array
    plan: Plan
    currency: str | None
    engine: Local
    progress: Progress | None

    @property
    def wanted(self) -> dict[str, list[Entry]]:
        """What the frames of the keys take of each subject."""
        found: dict[str, dict[Entry, None]] = {}
        for key in self.keys:
            for subject, entries in self.plan.wanted(key).items():
                found.setdefault(subject, {}).update(dict.fromkeys(entries))
        return {subject: list(entries) for subject, entries in found.items()}


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
    """The facts in partitions, the keys of each subject, how many counterparts a key may have, the invoices asked for.

    `asked` (for key invoice): invoice_id, key numbers, as_of (day number), then each own feature.
    """

    run: Run
    facts: Facts
    keys: Mapping[str, Keys]
    others: int
    steps: Steps
    asked: pa.Table

    def job(self, subject: str, asof: AsOf, entries: Sequence[Entry]) -> Job:
        """The job of a subject's own features among the entries, at as-of rows."""
        features = tuple(e for e in entries if isinstance(e, Feature))
        return Job(self.facts, subject, self.keys[subject], asof, self.others, self.run.engine.threads, features)


@contextmanager
def ground(run: Run) -> Iterator[Ground]:
    """The ground for a run, gone afterwards."""
    wanted = run.wanted
    own = brought(run.plan, run.book.schema, run.currency) if "invoice" in run.keys else None
    reads = run.plan.reads(wanted, own)
    with workspace(run.book, run.engine.memory_limit, run.plan.stored, reads.kept, {*reads.numbers, *wanted}) as con:
        found = {subject: keys(con, subject) for subject in wanted}
        ranges = {subject: run.engine.ranges(its, run.dates) for subject, its in found.items()}
        asked = invoices(con, own) if own is not None else None
        steps = Steps(run.progress, len(reads.queries), sum(map(len, ranges.values())))
        with Facts(con, run.plan, reads, ranges, steps.read) as facts:
            drop(con, reads.kept)
            yield Ground(run, facts, found, counterparts(con), steps, asked)
