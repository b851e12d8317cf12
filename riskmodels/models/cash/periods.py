"""The days, weeks or months of a horizon, and the business days on which their cash comes in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from riskmodels.core.calendar import calendar
from riskmodels.core.dates import add_months
from riskmodels.core.errors import Misuse

LONGEST_DAYS = 731
LEAST_LEARNT = 28
"""Fewest days whose outcomes a forecast learns from: shorter ones see too few payments."""
UNITS = {"d": "day", "w": "week", "m": "month"}


@dataclass(frozen=True)
class Horizon:
    """Periods after the close of `as_of`: `ends` are their last days, rising; `unit` is day, week or month."""

    as_of: date
    ends: tuple[date, ...]
    unit: str

    @property
    def begins(self) -> tuple[date, ...]:
        """The first day of each period."""
        return tuple(day + timedelta(days=1) for day in (self.as_of, *self.ends[:-1]))

    @property
    def days(self) -> int:
        """Days from the as-of date to the end."""
        return (self.ends[-1] - self.as_of).days

    @property
    def learnt_days(self) -> int:
        """Days of the past horizons that strengths of shocks and dilution are learnt from."""
        return max(self.days, LEAST_LEARNT)

    def cash_days(self) -> np.ndarray:
        """Days from the as-of date to the last business day of each period: what is due later comes in afterwards.

        A period without a business day has that of the one before, and so brings nothing; the first such has 0.
        """
        zero = date(1970, 1, 1)
        ends = np.array([(day - zero).days for day in self.ends], dtype=np.int64)
        start = (self.as_of - zero).days
        return np.maximum(calendar(start, int(ends[-1])).last(ends) - start, 0)


def horizon(text: str, as_of: date) -> Horizon:
    """The periods that a text such as 13w, 6m or 30d asks for: so many weeks, months or days after `as_of`."""
    found = re.fullmatch(r"([1-9]\d{0,2})([dwm])", text.strip())
    if not found:
        raise Misuse(f"--horizon: found {text!r}, expected days, weeks or months such as 30d, 13w or 6m")
    number, letter = int(found[1]), found[2]
    ends = tuple(_end(as_of, k, letter) for k in range(1, number + 1))
    if (ends[-1] - as_of).days > LONGEST_DAYS:
        raise Misuse(f"--horizon: found {text!r}, expected two years or less")
    return Horizon(as_of, ends, UNITS[letter])


def origins_of(text: str, as_of: date, number: int) -> list[date]:
    """The dates, rising, that lie 1 to `number` such horizons before `as_of`: the last one's is over by then."""
    ahead = horizon(text, as_of)
    months = -len(ahead.ends) if ahead.unit == "month" else 0
    back = range(number, 0, -1)
    return [add_months(as_of, months * k) if months else as_of - timedelta(days=ahead.days * k) for k in back]


def _end(as_of: date, k: int, letter: str) -> date:
    return add_months(as_of, k) if letter == "m" else as_of + timedelta(days=k * (7 if letter == "w" else 1))
