"""Which days are open for business in China, so that money moves and papers are booked on those only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]

FIRST_YEAR, LAST_YEAR = 2006, 2026  # years whose holidays and swapped workdays were published; others: weekends only
LONGEST_BREAK = 10  # days without a business day in a row, at most (Spring Festival 2020)


@dataclass(frozen=True)
class Calendar:
    """Business days from day number `first` on: each day's next open day and its last, itself where it is open."""

    first: int
    following: Days
    preceding: Days

    def next(self, days: Days) -> Days:
        """The first business day on or after each day."""
        return self.following[days - self.first]

    def last(self, days: Days) -> Days:
        """The last business day on or before each day."""
        return self.preceding[days - self.first]

    def is_open(self, days: Days) -> NDArray[np.bool_]:
        """Whether each day is a business day."""
        return self.following[days - self.first] == days


def calendar(first: int, last: int) -> Calendar:
    """The calendar of the days numbered `first` to `last` since 1970-01-01."""
    from_day, to_day = first - LONGEST_BREAK, last + LONGEST_BREAK
    numbers = np.arange(from_day, to_day + 1)
    start = date(1970, 1, 1)
    is_open = np.array([_is_open(start + timedelta(days=int(n))) for n in numbers])
    preceding = np.maximum.accumulate(np.where(is_open, numbers, from_day))
    following = np.minimum.accumulate(np.where(is_open, numbers, to_day)[::-1])[::-1]
    return Calendar(from_day, following, preceding)


def _is_open(day: date) -> bool:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return _year(day.year).is_working_day(day)
    return day.weekday() < 5


@cache
def _year(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)
