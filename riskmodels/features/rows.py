"""The as-of rows of a frame: which keys at which dates, sorted by key and date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from riskmodels.features.sweep import AsOf

Array = Any
EPOCH = date(1970, 1, 1)


def day_numbers(days: Sequence[date]) -> Array:
    """Dates as days since 1970-01-01, sorted, each once."""
    return np.unique([(d - EPOCH).days for d in days]).astype(np.int64)


def known_at(first: Array, dates: Array) -> Array:
    """At how many of the dates each key was already known."""
    return len(dates) - np.searchsorted(dates, first)


def known_keys(first: Array, dates: Array) -> AsOf:
    """Every key at each date at which it was already known."""
    count = known_at(first, dates)
    start = len(dates) - count
    rows = np.concatenate([[0], np.cumsum(count)])
    within = np.arange(rows[-1]) - np.repeat(rows[:-1], count)
    return AsOf(rows, dates[np.repeat(start, count) + within])


def distinct(key: Array, day: Array, n_keys: int) -> tuple[AsOf, Array]:
    """Each (key, day) once, and for every one asked for the row that answers it."""
    low = int(day.min(initial=0))
    span = int(day.max(initial=0)) - low + 1
    code, where = np.unique(key.astype(np.int64) * span + (day - low), return_inverse=True)
    rows = np.searchsorted(code // span, np.arange(n_keys + 1))
    return AsOf(rows, code % span + low), where


def part(asof: AsOf, a: int, b: int) -> AsOf:
    """The as-of rows of keys a to b - 1."""
    rows = asof.rows[a : b + 1]
    return AsOf(rows - rows[0], asof.day[rows[0] : rows[-1]])


def cut(weight: Array, parts: int) -> list[tuple[int, int]]:
    """Ranges of keys of about equal total weight: at most `parts`, none empty."""
    done = np.cumsum(weight)
    edges = np.searchsorted(done, done[-1] * np.arange(1, parts) / parts) + 1 if len(done) else []
    edges = np.unique(np.concatenate([[0], edges, [len(weight)]])).astype(int)
    return [(int(a), int(b)) for a, b in pairwise(edges)]
