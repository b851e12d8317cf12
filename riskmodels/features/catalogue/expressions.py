"""Row-wise expressions that measures of contracts and papers read: signed amounts, scaled rates, days between."""

from __future__ import annotations

from typing import Any

from riskmodels.features.measures import Value, minor

MILLION = 1_000_000


def signed(column: str) -> Value:
    """An amount in minor units, taken back where the fact's sign is below 0."""
    return lambda r: r.sign * minor(r[column])


def scaled(value: Any, scale: int) -> Any:
    """A rate as the nearest whole number of parts of a unit, so that sums of it are exact."""
    return (value * scale + 0.5).floor().cast("int64")


def signed_rate(column: str) -> Value:
    """A rate in millionths, taken back where the fact's sign is below 0."""
    return lambda r: r.sign * scaled(r[column], MILLION)


def signed_cover(column: str) -> Value:
    """The same of a rate that is 0 where the cell is empty."""
    return lambda r: r.sign * scaled(r[column].fill_null(0.0), MILLION)


def stated(column: str) -> Value:
    """Whether a cell holds a value."""
    return lambda r: r[column].notnull()


def after(column: str, days: int) -> Value:
    """The day that lies `days` after that of a column."""
    return lambda r: _later(r[column], days)


def days_between(start: str, end: str) -> Value:
    """Days from one date to another, negative where it comes before."""
    return lambda r: r[end].epoch_days() - r[start].epoch_days()


def days_squared(start: str, end: str) -> Value:
    """The square of the days from one date to another."""
    return lambda r: _squared(days_between(start, end)(r))


def within(start: str, end: str, days: int) -> Value:
    """Whether one date came at most `days` after another."""
    return lambda r: r[end] <= _later(r[start], days)


def _later(day: Any, days: int) -> Any:
    import ibis

    return day + ibis.interval(days=days)


def _squared(n: Any) -> Any:
    return n * n
