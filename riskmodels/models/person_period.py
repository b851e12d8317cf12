"""Invoices as rows per interval of days past due: the sample of a discrete-time hazard.

Interval j of a grid g is (g[j-1], g[j]]; the first begins at the invoice's issue. An invoice with terms of t days
enters at -t. Of each interval it is said how much of the invoice was exposed there and how much of that ended by one
cause. What passes the interval is exposed by the share of the interval in which it was seen: less than 1 where it
entered late, was censored, or ended by another cause. That is the actuarial treatment of censoring within an interval
(Kalbfleisch and Prentice 2002, section 1.3) and of several decrements (Bowers et al. 1997, chapter 10).

An invoice that ends in parts counts as its parts would, each by its share of the amount. So nothing is longer than the
grid: a million invoices on nineteen intervals have some eight million rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.models.payment_parts import Parts


@dataclass(frozen=True)
class Periods:
    """Rows of a person-period sample, sorted by invoice: the invoice's row, its interval, exposed (0 to 1], events.

    Events are how much of what was exposed ended there, 0 to `exposed`.
    """

    invoice: np.ndarray
    interval: np.ndarray
    exposed: np.ndarray
    events: np.ndarray


def exposure(grid: np.ndarray, start: np.ndarray, end: np.ndarray | float = np.inf) -> np.ndarray:
    """Share of each interval that lies within (start, end], in days past due: n x intervals, 0 to 1."""
    start, end = np.asarray(start, dtype=float)[:, None], np.broadcast_to(end, len(start))[:, None]
    low, high = lows(grid, start[:, 0]), grid[None, :]
    open_days = np.minimum(high, end) - np.maximum(low, start)
    return np.clip(np.divide(open_days, high - low, out=np.zeros(low.shape), where=high > low), 0.0, 1.0)


def lows(grid: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Lower end of each interval, in days past due: n x intervals; the first interval begins at issue."""
    low = np.broadcast_to(np.concatenate([[0.0], grid[:-1]]), (len(start), len(grid))).copy()
    low[:, 0] = np.minimum(start, grid[0])
    return low


def reached(grid: np.ndarray, terms: np.ndarray, parts: Parts) -> np.ndarray:
    """The grid as far as anybody was seen open."""
    start = -terms[parts.row]
    last = np.maximum(parts.day + start, np.nextafter(start, np.inf)).max()
    return grid[: np.searchsorted(grid, last, side="left") + 1]


def periods(grid: np.ndarray, terms: np.ndarray, parts: Parts, cause: int = 0) -> Periods:
    """The rows of n invoices with `terms` days (n,) whose parts end by `cause`, or else are seen no longer."""
    found = [_rows(grid, terms, span, cause) for span in parts.spans()]
    return Periods(*(np.concatenate(columns) for columns in zip(*found)))


def _rows(grid: np.ndarray, terms: np.ndarray, parts: Parts, cause: int) -> tuple[np.ndarray, ...]:
    start = -terms[parts.row]
    end, ended = parts.day + start, (parts.cause == cause)[:, None]
    entered = exposure(grid, start)
    final = np.maximum(np.searchsorted(grid, end, side="left"), (entered > 0).argmax(axis=1))[:, None]
    place = np.arange(len(grid))
    share = parts.share[:, None]
    events = (ended & (place == final)) * share
    exposed = np.where(ended, entered * (place < final), exposure(grid, start, end)) * share + events
    row, first = np.unique(parts.row, return_index=True)
    if len(row) < len(parts.row):
        events, exposed = (np.add.reduceat(values, first, axis=0) for values in (events, exposed))
    at, interval = np.nonzero(exposed)
    return row[at], interval.astype(np.int32), exposed[at, interval], events[at, interval]
