"""The formulas that features are made of: pure functions of arrays, one array per measure."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MINOR = 100.0
"""Minor units in one unit of money."""


def total(value: Array) -> Array:
    """The measure itself."""
    return value


def money(minor: Array) -> Array:
    """An amount in units of currency, from minor units."""
    return minor / MINOR


def ratio(part: Array, whole: Array) -> Array:
    """part / whole; NaN where the whole is 0 or less, as reversals can make it."""
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


def plus_four(part: Array, whole: Array) -> Array:
    """The share, as if two more of the part and two others had been seen; 1/2 without any (Agresti and Coull, 1998)."""
    whole = np.maximum(whole, 0)
    return (np.clip(part, 0, whole) + 2) / (whole + 4)


def mean_with_four_zeros(whole: Array, count: Array) -> Array:
    """The mean, as if four facts of nothing had been seen besides; 0 without any."""
    return whole / (np.maximum(count, 0) + 4)


def mean_money(minor: Array, count: Array) -> Array:
    """Amount per fact in units of currency; NaN without facts."""
    return ratio(minor, count) / MINOR


def less(value: Array, other: Array) -> Array:
    """value - other."""
    return value - other


def ratio_change(part: Array, whole: Array, long_part: Array, long_whole: Array) -> Array:
    """The ratio of the recent window less that of the long one."""
    return ratio(part, whole) - ratio(long_part, long_whole)


def share_less(part: Array, part_left: Array, whole: Array, whole_left: Array) -> Array:
    """What remains of the part as a share of what remains of the whole."""
    return ratio(part - part_left, whole - whole_left)


def so_far_in(state: Array, since: Array) -> Array:
    """Days since a state was entered; NaN where it was left, its last sign below 0."""
    return np.where(state > 0, since, np.nan)


@dataclass(frozen=True)
class Pace:
    """What flowed per day in the recent window as a multiple of the long window's; NaN when nothing did."""

    recent_days: int
    long_days: int

    def __call__(self, recent: Array, long: Array) -> Array:
        """The multiple, from the sums of the two windows."""
        return ratio(recent * self.long_days, long * self.recent_days)


def growth(now: Array, before: Array) -> Array:
    """now / before - 1; NaN where there was nothing before."""
    return ratio(now, before) - 1


def share_of_active(some: Array, before: Array, came: Array) -> Array:
    """Some of those that were there before or came since, as a share of these."""
    return ratio(some, before + came)


def money_change(minor: Array, before: Array) -> Array:
    """An amount less another in units of currency, from minor units."""
    return (minor - before) / MINOR


def mean_step(first: Array, last: Array, count: Array) -> Array:
    """Mean days from one fact to the next, from the days since the first and the last; NaN of fewer than two."""
    return ratio(first - last, count - 1)


def silence(first: Array, last: Array, count: Array) -> Array:
    """Days since the last fact as a multiple of the mean step; NaN without a step of a day or more."""
    return ratio(last * (count - 1), first - last)


def share_of_both(part: Array, other: Array) -> Array:
    """The part as a share of part and other together."""
    return ratio(part, part + other)


def deviation(count: Array, total: Array, squares: Array) -> Array:
    """Sample standard deviation from the sums of 1, x and x squared; NaN of fewer than two."""
    squared = ratio(count * squares - total * total, np.where(count > 1, count * (count - 1), 0))
    return np.sqrt(squared, out=np.full(len(count), np.nan), where=squared >= 0)


@dataclass(frozen=True)
class Mean:
    """Mean of values that were summed as whole parts of a unit, `parts` of them; NaN without facts."""

    parts: int

    def __call__(self, total: Array, count: Array) -> Array:
        """The mean, from the sum and the number of facts."""
        return ratio(total, count) / self.parts


@dataclass(frozen=True)
class MeanChange:
    """Mean of one sum less that of another, both in whole parts of a unit."""

    parts: int

    def __call__(self, total: Array, count: Array, other: Array, other_count: Array) -> Array:
        """The difference, from the two sums and the numbers of facts."""
        return ratio(total, count) / self.parts - ratio(other, other_count) / self.parts


@dataclass(frozen=True)
class Deviation:
    """Sample standard deviation of values that were summed as whole parts of a unit; NaN of fewer than two."""

    parts: int

    def __call__(self, count: Array, total: Array, squares: Array) -> Array:
        """The deviation, from the number of facts, their sum and the sum of their squares."""
        return deviation(count, total, squares) / self.parts


@dataclass(frozen=True)
class StillToCome:
    """Days still to run, of which there were so many at a fact; NaN where they were without end (`endless`)."""

    endless: int

    def __call__(self, at_fact: Array, since: Array) -> Array:
        """The days at the fact less those since."""
        return np.where(at_fact == self.endless, np.nan, at_fact - since)


@dataclass(frozen=True)
class FirstDigits:
    """Mean distance between the shares of first digits 1 to 9 and Benford's; NaN below `least` facts."""

    least: int

    def __call__(self, *counts: Array) -> Array:
        """The distance, from how many facts begin with each digit."""
        every = sum(counts, start=np.zeros(len(counts[0])))
        shares = [ratio(c, np.where(every < self.least, 0, every)) for c in counts]
        away = [np.abs(share - log10(1 + 1 / digit)) for digit, share in enumerate(shares, 1)]
        return sum(away, start=np.zeros(len(every))) / len(counts)
