"""The formulas that features are made of: pure functions of arrays, one array per measure."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Pace:
    """What flowed per day in the recent window as a multiple of the long window's; NaN when nothing did."""

    recent_days: int
    long_days: int

    def __call__(self, recent: Array, long: Array) -> Array:
        """The multiple, from the sums of the two windows."""
        return ratio(recent * self.long_days, long * self.recent_days)
