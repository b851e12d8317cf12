"""One partition: facts in, one array per feature out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np

from riskmodels.core.errors import DataRefused
from riskmodels.features.feature import Feature
from riskmodels.features.measures import Measure
from riskmodels.features.stream import Reading

Array = Any
EXACT = 2**53
_HOW = {"hhi": 0, "top": 1, "count": 2}
OTHER = {"debtor": "client", "client": "debtor", "chain": "client", "industry": "debtor"}
"""Over which counterparts a subject's concentration is measured."""


@dataclass(frozen=True)
class AsOf:
    """The as-of rows of a partition, sorted by (key, date): each key's offsets (n_keys + 1), and day numbers."""

    rows: Array
    day: Array

    @property
    def keys(self) -> Array:
        """The key of each row."""
        return np.repeat(np.arange(len(self.rows) - 1), np.diff(self.rows))

    @property
    def last(self) -> int:
        """The latest as-of date."""
        return int(self.day.max(initial=0))


@dataclass(frozen=True)
class Lane:
    """Some facts of a stream in the order of key and day, with the ends of windows found once for all measures."""

    columns: Mapping[str, Array]
    key: Array
    day: Array
    asof: AsOf
    kernel: ModuleType
    _cuts: dict[int, Array] = field(default_factory=dict)
    _values: dict[str, Array] = field(default_factory=dict)
    _running: dict[str, Array] = field(default_factory=dict)

    @cached_property
    def _sorted(self) -> tuple[Array, Array]:
        return self.kernel.sort(self.key, self.day, len(self.asof.rows) - 1, self.asof.last)

    @cached_property
    def days(self) -> Array:
        """Day numbers of the facts in order."""
        return self.day[self._sorted[0]]

    def values(self, name: str) -> Array:
        """A column of the facts in order."""
        if name not in self._values:
            self._values[name] = self.columns[name][self._sorted[0]]
        return self._values[name]

    def running(self, name: str) -> Array:
        """Sums of a column before each fact in order, checked to be exact."""
        if name not in self._running:
            total, size = self.kernel.running(self.columns[name], self._sorted[0])
            if size >= EXACT:
                self._check_keys(name)
            self._running[name] = total
        return self._running[name]

    def aged(self, name: str) -> Array:
        """Sums of a column times the fact's day before each fact in order, whole numbers that may wrap around."""
        days = np.minimum(self.days, self.asof.last + 1)
        return np.concatenate([[0], np.cumsum(self.values(name) * days.astype(np.int64))])

    def _check_keys(self, name: str) -> None:
        """Refuse a key whose sums could leave the whole numbers that a float holds exactly."""
        size = np.concatenate([[0.0], np.cumsum(np.abs(self.values(name).astype(float)))])
        if np.diff(size[self._sorted[1]]).max() >= EXACT:
            raise DataRefused("features: found a key whose amounts sum to 2^53 minor units or more, expected less")

    def bounds(self, window: int | None, ago: int) -> tuple[Array, Array]:
        """For each as-of row, where the facts begin and end of a window that closes `ago` days before."""
        end = self._until(ago)
        first = self._sorted[1]
        low = np.repeat(first[:-1], np.diff(self.asof.rows)) if window is None else self._until(ago + window)
        return low, end

    def _until(self, lag: int) -> Array:
        if lag not in self._cuts:
            self._cuts[lag] = self.kernel.until(self.days, self._sorted[1], self.asof.day, self.asof.rows, lag)
        return self._cuts[lag]


class Partition:
    """The measures of one partition, computed on first use and shared between features."""

    def __init__(
        self,
        streams: Mapping[str, Mapping[str, Array]],
        subject: str,
        asof: AsOf,
        others: int,
        kernel: ModuleType,
    ) -> None:
        """`streams`: columns by stream, keys numbered from 0; `others`: how many counterparts there may be."""
        self.streams, self.subject, self.asof, self.others, self.kernel = streams, subject, asof, others, kernel
        self._lanes: dict[tuple[str, str, str], Lane] = {}
        self._done: dict[Reading, Array] = {}

    def feature(self, feature: Feature, readings: Mapping[Measure, Reading]) -> Array:
        """The feature at each as-of row."""
        return feature.formula(*(self.measure(readings[m]) for m in feature.measures))

    def measure(self, reading: Reading) -> Array:
        """The measure at each as-of row, as floats."""
        if reading not in self._done:
            self._done[reading] = getattr(self, f"_{reading.kind}")(reading, self._lane(reading))
        return self._done[reading]

    def _lane(self, r: Reading) -> Lane:
        name = (r.stream, r.day, r.keep)
        if name not in self._lanes:
            self._lanes[name] = self._new_lane(self.streams[r.stream], r)
        return self._lanes[name]

    def _new_lane(self, columns: Mapping[str, Array], r: Reading) -> Lane:
        if r.keep:
            kept = columns[r.keep]
            columns = {name: c[kept] for name, c in columns.items()}
        return Lane(columns, columns[self.subject], columns[r.day], self.asof, self.kernel)

    def _sum(self, r: Reading, lane: Lane) -> Array:
        return self.kernel.between(lane.running(r.value), *lane.bounds(r.window, r.ago))

    def _elapsed(self, r: Reading, lane: Lane) -> Array:
        low, high = lane.bounds(r.window, r.ago)
        return self.kernel.elapsed(lane.running(r.value), lane.aged(r.value), self.asof.day - r.ago, low, high)

    def _peak(self, r: Reading, lane: Lane) -> Array:
        return self.kernel.peaks(lane.values(r.value), *lane.bounds(r.window, r.ago), self.asof.rows)

    def _last(self, r: Reading, lane: Lane) -> Array:
        return self.kernel.lasts(lane.values(r.value), lane.days, *lane.bounds(r.window, r.ago))

    def _since(self, r: Reading, lane: Lane) -> Array:
        low, high = lane.bounds(r.window, r.ago)
        return self.kernel.since(lane.days, self.asof.day - r.ago, high - 1, low, high)

    def _age(self, r: Reading, lane: Lane) -> Array:
        low, high = lane.bounds(r.window, r.ago)
        return self.kernel.since(lane.days, self.asof.day - r.ago, low, low, high)

    def _spread(self, r: Reading, lane: Lane) -> Array:
        every = [Reading("spread", r.stream, r.day, r.value, r.keep, r.window, r.ago, how) for how in _HOW]
        lane.running(r.value)
        other = lane.values(OTHER[self.subject])
        found = self.kernel.spreads(
            lane.values(r.value), other, *lane.bounds(r.window, r.ago), self.asof.rows, self.others
        )
        self._done.update(zip(every, found))
        return self._done[r]
