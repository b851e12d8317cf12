"""The months a book covers, and the months beyond it that outcomes need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from riskmodels.core.calendar import Calendar, Days, calendar
from riskmodels.core.dates import add_months, month_end

NEVER = int(np.datetime64("NaT", "D").astype(np.int64))
OUTLOOK = 10  # months of business planned beyond the book, so that its last 12-month outcomes are decided
LONGEST_TERM = 5  # months in which the last of them falls due
BEFORE, AFTER = 1200, 1500  # days around the months in which anything may happen: contracts before, recoveries after


@dataclass(frozen=True)
class Clock:
    """Months numbered from 0; days are whole numbers since 1970-01-01.

    `starts` holds the first day of each month, one more than there are months; the book ends on `last`. `calendar`
    tells business days.
    """

    last: int
    months: int
    starts: Days
    calendar: Calendar

    @property
    def planned(self) -> int:
        """Months in which invoices are planned."""
        return self.months + OUTLOOK

    @property
    def total(self) -> int:
        """Months in which anything may fall due."""
        return self.starts.size - 1

    @property
    def ends(self) -> Days:
        """The last day of each month."""
        return self.starts[1:] - 1

    def month(self, days: Days) -> Days:
        """The month each day lies in."""
        return np.searchsorted(self.starts, days, side="right") - 1

    def calendar_month(self, months: Days) -> Days:
        """1 to 12 for each month."""
        return self.starts.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)[months] % 12 + 1


def clock(last: date, months: int) -> Clock:
    """The months up to the one of `last`, and the outlook."""
    newest = month_end(last)
    total = months + OUTLOOK + LONGEST_TERM
    ends = [add_months(newest, k) for k in range(-months, total - months + 1)]
    starts = np.array([day_number(e) + 1 for e in ends], dtype=np.int64)
    days = calendar(int(starts[0]) - BEFORE, int(starts[-1]) + AFTER)
    return Clock(day_number(last), months, starts, days)


def day_number(day: date) -> int:
    """Days from 1970-01-01 to `day`."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def by_day(rng: np.random.Generator, days: Days) -> Days:
    """The rows by day, those of one day by lot: the order in which rows were made must tell nothing of why."""
    return np.lexsort((rng.random(days.size), days))


def stream(seed: int, subject: str) -> np.random.Generator:
    """A random generator of its own for each subject, so that one subject's draws never shift another's."""
    return np.random.default_rng([seed, *subject.encode()])
