"""Who could still have the outcome, and who had it, at each time and in each group: what every survival curve is of.

A case is watched over (entry, duration]: it counts as at risk at a time t when entry < t <= duration, so one known to
be open at the close of a day is not at risk of what happened on that day. A case censored at a time is still at risk
of what happens then. Sums are taken group by group, so that a small group loses no digits beside a large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.models.inputs import SampleError

Floats: TypeAlias = np.ndarray
Ints: TypeAlias = np.ndarray


@dataclass(frozen=True)
class Watched:
    """Cases as they were watched, all arrays (n,): entry, duration, cause, weight, group, owner.

    `cause` is 0 for censored, else 1 to `causes`; `group` numbers from 0 to `groups` - 1; `owner` numbers clusters of
    cases that may depend on each other. Cases without weight, or never at risk, are left out.
    """

    entry: Floats
    duration: Floats
    cause: Ints
    weight: Floats
    group: Ints
    owner: Ints
    causes: int
    groups: int

    @cached_property
    def until(self) -> Floats:
        """The longest time anybody of each group was watched (G,), -inf for a group without cases."""
        longest = np.full(self.groups, -np.inf)
        np.maximum.at(longest, self.group, self.duration)
        return longest


@dataclass(frozen=True)
class RiskSets:
    """One row per group and time at which somebody had an outcome, in that order.

    group (r,), time (r,), at_risk (r,) and events (r, C) by cause, both weighted.
    """

    group: Ints
    time: Floats
    at_risk: Floats
    events: Floats

    @cached_property
    def hazards(self) -> Floats:
        """Events by cause over those at risk (r, C)."""
        return self.events / self.at_risk[:, None]

    @cached_property
    def hazard(self) -> Floats:
        """Events of any cause over those at risk (r,), at most 1."""
        return np.minimum(self.events.sum(axis=1) / self.at_risk, 1.0)

    @cached_property
    def survival(self) -> Floats:
        """Share without any outcome just after each time (r,): the product of 1 - hazard within the group."""
        return pd.Series(1 - self.hazard).groupby(self.group).cumprod().to_numpy()

    @cached_property
    def survival_before(self) -> Floats:
        """Share without any outcome just before each time (r,)."""
        return pd.Series(self.survival).groupby(self.group).shift(fill_value=1.0).to_numpy()

    def within(self, values: Floats) -> Floats:
        """Running sums (r,) of values (r,) within their group."""
        return pd.Series(values).groupby(self.group).cumsum().to_numpy()

    def places(self, group: Ints, time: Floats) -> Ints:
        """The last row of the group at or before the time, -1 without one."""
        levels = np.unique(self.time)
        size = len(levels) + 1
        key = self.group * size + np.searchsorted(levels, self.time) + 1
        found = np.searchsorted(key, group * size + np.searchsorted(levels, time, side="right"), side="right") - 1
        own = (found >= 0) & (self.group[np.maximum(found, 0)] == group) if len(key) else np.zeros(found.shape, bool)
        return np.where(own, found, -1)


def watched(
    duration: ArrayLike,
    cause: ArrayLike,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    group: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    groups: int | None = None,
    causes: int = 1,
) -> Watched:
    """Cases checked and without those that say nothing: weight 0, or over before they were watched."""
    time = np.asarray(duration, float)
    began = np.full(time.shape, -np.inf) if entry is None else np.asarray(entry, float)
    outcome, w = np.asarray(cause, np.int64), np.ones(time.shape) if weight is None else np.asarray(weight, float)
    place = np.zeros(time.shape, np.int64) if group is None else np.asarray(group, np.int64)
    owner = np.arange(len(time)) if cluster is None else pd.factorize(np.asarray(cluster), use_na_sentinel=False)[0]
    _check(time, began, outcome, w, place, owner, causes)
    size = (int(place.max(initial=0)) + 1) if groups is None else groups
    used = (w > 0) & (began < time)
    return Watched(began[used], time[used], outcome[used], w[used], place[used], owner[used], causes, size)


def risk_sets(cases: Watched) -> RiskSets:
    """The risk sets of cases: at_risk(t) = weight with duration >= t less weight with entry >= t."""
    levels, code = np.unique(np.concatenate([cases.duration, cases.entry]), return_inverse=True)
    left, came = np.split(code, 2)
    size = len(levels)
    key, row = np.unique(cases.group * size + left, return_inverse=True)
    events = np.zeros((len(key), cases.causes))
    hit = cases.cause > 0
    np.add.at(events, (row[hit], cases.cause[hit] - 1), cases.weight[hit])
    group, level = key // max(size, 1), key % max(size, 1)
    at_risk = _from_here_on(group, np.bincount(row, cases.weight, len(key)))
    at_risk = at_risk - _later_entries(cases, cases.group * size + came, key, size)
    total = events.sum(axis=1)
    kept = total > 0
    return RiskSets(group[kept], levels[level[kept]], np.maximum(at_risk, total)[kept], events[kept])


def _later_entries(cases: Watched, entered: Ints, key: Ints, size: int) -> Floats:
    """Weight of each group's cases that entered at or after each key (group x time)."""
    late = np.isfinite(cases.entry)
    if not late.any():
        return np.zeros(len(key))
    keys, row = np.unique(entered[late], return_inverse=True)
    later = _from_here_on(keys // size, np.bincount(row, cases.weight[late], len(keys)))
    place = np.searchsorted(keys, key, side="left")
    own = (place < len(keys)) & (keys[np.minimum(place, len(keys) - 1)] // size == key // size)
    return np.where(own, later[np.minimum(place, len(keys) - 1)], 0.0)


def _from_here_on(group: Ints, values: Floats) -> Floats:
    """Sum of the values from each row to the last of its group; rows are sorted by group."""
    return pd.Series(values[::-1]).groupby(group[::-1]).cumsum().to_numpy()[::-1]


def _check(time: Floats, entry: Floats, cause: Ints, weight: Floats, group: Ints, owner: Ints, causes: int) -> None:
    given = {"entry": entry, "cause": cause, "weight": weight, "group": group, "cluster": owner}
    for name, values in given.items():
        if values.shape != time.shape:
            raise SampleError(f"{name}: found {len(values)} values, expected {len(time)}, one per duration")
    wrong = {
        "duration": (~np.isfinite(time), "finite times"),
        "entry": (np.isnan(entry) | (entry == np.inf), "times before the end, or none"),
        "weight": (~(np.isfinite(weight) & (weight >= 0)), "finite weights of 0 or more"),
        "cause": ((cause < 0) | (cause > causes), f"0 (censored) to {causes}"),
        "group": (group < 0, "numbers from 0 on"),
    }
    for name, (bad, expected) in wrong.items():
        if bad.any():
            raise SampleError(f"{name}: found {int(bad.sum())} values that can't be used, expected {expected}")
