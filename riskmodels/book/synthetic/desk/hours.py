"""Working time: hours counted on business days from nine to five, and back to moments of local time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.law import Floats
from riskmodels.core.calendar import Calendar, Days

OPENS, A_DAY = 9, 8.0  # hour at which work begins, hours worked on a business day


@dataclass(frozen=True)
class Hours:
    """`open_days`: the business days in order, numbered since 1970-01-01; working hour 0 is the first one's opening."""

    open_days: Days

    def opening(self, days: Days) -> Floats:
        """The working hour at which the first business day on or after each day opens."""
        return np.asarray(np.searchsorted(self.open_days, days) * A_DAY, dtype=np.float64)

    def day(self, hours: Floats) -> Days:
        """The business day each working hour falls on; beyond the calendar its last day."""
        return self.open_days[np.minimum(hours / A_DAY, self.open_days.size - 1).astype(np.int64)]

    def month(self, hours: Floats) -> NDArray[np.int64]:
        """The calendar month, 1 to 12, each working hour falls in."""
        return self.day(hours).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1

    def moment(self, hours: Floats) -> NDArray[np.datetime64]:
        """Local time to the second of each working hour."""
        seconds = ((OPENS + hours % A_DAY) * 3600).astype(np.int64)
        return (self.day(hours) * 86_400 + seconds).astype("datetime64[s]").astype("datetime64[us]")


def working_hours(calendar: Calendar) -> Hours:
    """The working time of a calendar."""
    numbers = calendar.first + np.arange(calendar.following.size)
    return Hours(numbers[calendar.is_open(numbers)])
