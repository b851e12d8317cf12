"""The kernel said plainly in numpy: prefix sums, searchsorted, loops over as-of rows. Same arguments, same bits."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any


def sort(key: Array, day: Array, n_keys: int, last: int) -> tuple[Array, Array]:
    """The order of facts by (key, day), and each key's offsets in it."""
    order = np.lexsort((np.minimum(day, last + 1), key))
    return order, np.searchsorted(key[order], np.arange(n_keys + 1))


def until(day: Array, first: Array, as_of: Array, rows: Array, lag: int) -> Array:
    """For each as-of row, the end of its key's facts of days up to as_of - lag."""
    ends = [
        a + np.searchsorted(day[a:b], as_of[c:d] - lag, side="right")
        for a, b, c, d in zip(first[:-1], first[1:], rows[:-1], rows[1:])
    ]
    return np.concatenate([np.empty(0, np.int64), *ends])


def running(value: Array, order: Array) -> tuple[Array, float]:
    """Sums of the values before each place in the order (n + 1 whole numbers), and the sum of their sizes."""
    total = np.concatenate([[0], np.cumsum(value[order])]).astype(np.int64)
    return total, float(np.abs(value.astype(float)).sum())


def between(total: Array, low: Array, high: Array) -> Array:
    """Sum of the values of [low, high) for each as-of row, from running sums."""
    return (total[high] - total[low]).astype(float)


def elapsed(total: Array, aged: Array, as_of: Array, low: Array, high: Array) -> Array:
    """Sum of value * (as_of - day) over [low, high) for each as-of row, from running sums of value and value * day."""
    return (as_of * (total[high] - total[low]) - (aged[high] - aged[low])).astype(float)


def peaks(value: Array, low: Array, high: Array, rows: Array) -> Array:
    """Largest of value[low:high] for each as-of row, NaN where it is empty."""
    return np.array([value[a:b].max() if b > a else np.nan for a, b in zip(low, high)], float)


def lasts(value: Array, day: Array, low: Array, high: Array) -> Array:
    """Value of the latest fact in [low, high), the largest of its day; NaN where there is none."""
    return np.array([_last(value[a:b], day[a:b]) for a, b in zip(low, high)], float)


def _last(value: Array, day: Array) -> float:
    return value[day == day[-1]].max() if len(value) else np.nan


def since(day: Array, as_of: Array, at: Array, low: Array, high: Array) -> Array:
    """Days from fact `at` to the as-of date; NaN where there is no fact in [low, high)."""
    return np.array([d - day[i] if b > a else np.nan for d, i, a, b in zip(as_of, at, low, high)], float)


def spreads(value: Array, other: Array, low: Array, high: Array, rows: Array, n_others: int) -> Array:
    """HHI, top share and number of counterparts of value[low:high] for each as-of row: three rows of an array."""
    out = [_spread(value[a:b], other[a:b]) for a, b in zip(low, high)]
    return np.array(out, float).reshape(-1, 3).T


def _spread(value: Array, other: Array) -> tuple[float, float, float]:
    balance = np.zeros(int(other.max()) + 1 if len(other) else 0, np.int64)
    np.add.at(balance, other, value)
    return concentration([int(b) for b in balance])


def concentration(balances: list[int]) -> tuple[float, float, float]:
    """HHI, top share and number of positive balances; the sum of squares is an exact integer, rounded in two parts."""
    positive = [b for b in balances if b > 0]
    total = float(sum(positive))
    if not positive:
        return np.nan, np.nan, 0.0
    upper, lower = divmod(sum(b * b for b in positive), 2**54)
    return (upper * 2.0**54 + lower) / (total * total), max(positive) / total, float(len(positive))
