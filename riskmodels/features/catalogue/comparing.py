"""Formulas that compare an invoice at its issue with what was known of its parties: arrays of columns, NaN unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.features.formulas import Array, ratio


def is_none(count: Array) -> Array:
    """1 where there was none so far, else 0."""
    return _flag(count == 0, count)


def is_equal(value: Array, other: Array) -> Array:
    """1 where both are equal, else 0."""
    return _flag(value == other, value, other)


def deviations(value: Array, mean: Array, deviation: Array) -> Array:
    """How many standard deviations the value lies above the mean; NaN where there were none."""
    return ratio(value - mean, deviation)


def share_with(value: Array, level: Array, whole: Array) -> Array:
    """The level with the value added, as a share of the whole."""
    return ratio(level + value, whole)


def used_with(amount: Array, rate: Array, used: Array, limit: Array) -> Array:
    """What is used of a limit once the amount is advanced at the rate."""
    return ratio(used + amount * rate, limit)


def usual_gaps(since: Array, age: Array, count: Array) -> Array:
    """Days from the last of `count` facts to the next, a day after the as-of, in mean days between two of them."""
    return ratio((since + 1) * (count - 1), age - since)


def outlasts(days: Array, left: Array) -> Array:
    """1 where days from the issue are more than those left, which run from the day before, else 0."""
    return _flag(days + 1 > left, days, left)


@dataclass(frozen=True)
class Within:
    """1 where a ratio lies within bounds, else 0."""

    low: float
    high: float

    def __call__(self, part: Array, whole: Array) -> Array:
        """The flag, from the two of which the ratio is."""
        found = ratio(part, whole)
        return _flag((self.low <= found) & (found <= self.high), found)


@dataclass(frozen=True)
class FirstAfter:
    """1 for the first of its kind in a relation of more than `days`, else 0."""

    days: int

    def __call__(self, count: Array, age: Array) -> Array:
        """The flag, from the number of its kind so far and the relation's age."""
        return _flag((count == 0) & (age > self.days), age)


def _flag(holds: NDArray[np.bool_], *read: Array) -> Array:
    """1 or 0; NaN where something read isn't known."""
    return np.where(np.any(np.isnan(read), axis=0), np.nan, holds)
