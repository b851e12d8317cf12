"""Formulas that compare: with a year before, with what is normal, with a limit, over several things at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.features.formulas import Array, deviation, growth, ratio


def plus(value: Array, other: Array) -> Array:
    """value + other."""
    return value + other


def rest(part: Array, whole: Array) -> Array:
    """1 less the share of the part: what else there is in the whole."""
    return 1 - ratio(part, whole)


def days_of_year(part: Array, whole: Array) -> Array:
    """A share of a year in days."""
    return ratio(part, whole) * 365


def days_of_year_change(part: Array, whole: Array, other_part: Array, other_whole: Array) -> Array:
    """A share of a year in days less another."""
    return days_of_year(part, whole) - days_of_year(other_part, other_whole)


def mean_growth(total: Array, count: Array, other: Array, other_count: Array) -> Array:
    """One mean over another less 1, from their sums and numbers of facts; NaN where the other isn't above 0."""
    return ratio(total * other_count, other * count) - 1


def place(number: Array) -> Array:
    """A place on a scale that begins with 1; NaN for 0, no place."""
    return np.where(number > 0, number, np.nan)


def places_lost(now: Array, before: Array) -> Array:
    """How many places down a scale; NaN without a place now or before."""
    return place(now) - place(before)


def mean_of_growths(*values: Array) -> Array:
    """Mean of the relative changes of several things, from now and before of each; of those that have both."""
    return _mean([growth(*values[i : i + 2]) for i in range(0, len(values), 2)])


def mean_of_deviations(*values: Array) -> Array:
    """Mean of the standard deviations of several things, from number, sum and sum of squares of each."""
    return _mean([deviation(*values[i : i + 3]) for i in range(0, len(values), 3)])


def _mean(found: list[Array]) -> Array:
    stacked = np.array(found)
    return ratio(np.nansum(stacked, axis=0), (~np.isnan(stacked)).sum(axis=0))


@dataclass(frozen=True)
class Abnormal:
    """How many standard deviations a value lies above the mean of others; NaN below `least` others, or all alike."""

    least: int

    def __call__(self, value: Array, count: Array, total: Array, squares: Array) -> Array:
        """The distance, from the value and the others' number, sum and sum of squares."""
        spread = deviation(np.where(count < self.least, 0, count), total, squares)
        return ratio(value - ratio(total, count), spread)


@dataclass(frozen=True)
class Fading:
    """Sum of values whose weights fall evenly from 1 on their own day to 0 `days` later."""

    days: int

    def __call__(self, total: Array, elapsed: Array) -> Array:
        """The sum, from the plain one and that of value times days since."""
        return (self.days * total - elapsed) / self.days


@dataclass(frozen=True)
class Below:
    """1 where a value lies below the limit, else 0; NaN where there is none."""

    limit: float

    def __call__(self, value: Array) -> Array:
        """The flag."""
        return np.where(np.isnan(value), np.nan, value < self.limit)
