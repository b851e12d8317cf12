"""Invoices as rows per interval of days past due: the sample of a discrete-time hazard.

Interval j of a grid g is (g[j-1], g[j]]; the first begins at the invoice's issue. An invoice with terms of t days
enters at -t. The row in which it is paid has event 1 and weight 1; a row it passes unpaid has event 0 and, as
weight, the share of the interval in which it was seen open: less than 1 where it entered late or was censored.
That is the actuarial treatment of censoring within an interval (Kalbfleisch and Prentice 2002, section 1.3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Periods:
    """Rows of a person-period sample: the invoice's row, its interval, event (0 or 1) and weight (0 to 1]."""

    invoice: np.ndarray
    interval: np.ndarray
    event: np.ndarray
    weight: np.ndarray


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


def periods(grid: np.ndarray, terms: np.ndarray, duration: np.ndarray, paid: np.ndarray) -> Periods:
    """The rows of n invoices with `terms` days, seen `duration` days from issue until paid or censored."""
    start, end = -terms, duration - terms
    entered = exposure(grid, start)
    first = (entered > 0).argmax(axis=1)
    final = np.maximum(np.searchsorted(grid, end, side="left"), first)
    place = np.arange(len(grid))
    passed_unpaid = np.where(paid[:, None], entered * (place < final[:, None]), exposure(grid, start, end))
    event = paid[:, None] & (place == final[:, None])
    weight = np.where(event, 1.0, passed_unpaid)
    invoice, interval = np.nonzero(weight)
    return Periods(invoice, interval, event[invoice, interval].astype(float), weight[invoice, interval])
