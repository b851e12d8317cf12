"""Dates as the trade uses them: an as-of is the close of business of a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from riskmodels.core.errors import Misuse

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Dates outside are misread, not meant."""


def parse_date(value: str | date, where: str = "date") -> date:
    """The date an ISO text (2026-06-30) names."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        day = datetime.strptime(value.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise Misuse(f"{where}: found {value!r}, expected a date like 2026-06-30") from None
    if not EARLIEST <= day <= LATEST:
        raise Misuse(f"{where}: found {value!r}, expected a date between {EARLIEST} and {LATEST}")
    return day


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    first_of_next = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first_of_next - timedelta(days=1)


def month_ends(first: date, last: date) -> list[date]:
    """The month ends from `first` to `last`, both included if they are month ends."""
    ends, end = [], month_end(first)
    while end <= last:
        ends.append(end)
        end = month_end(end + timedelta(days=1))
    return ends


def add_months(day: date, months: int) -> date:
    """The same day `months` later; month ends stay month ends."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    last = month_end(first)
    return last if day == month_end(day) else first.replace(day=min(day.day, last.day))
