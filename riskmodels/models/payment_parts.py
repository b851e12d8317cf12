"""How the amounts of invoices ended: in parts, each paid, credited or lost on a day, and what is open still."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.models.inputs import SampleError

PAID, CREDITED, DISPUTED, WRITTEN_OFF = "paid", "credited", "disputed", "written_off"
CAUSES = (PAID, CREDITED, DISPUTED, WRITTEN_OFF)
"""Money came; a credit note; a credit note that a dispute left; given up. The first three settle what is owed."""
LOST = frozenset({WRITTEN_OFF})
"""Causes that end an invoice without settling it: it is as late as one that stays open."""
OPEN = -1
COLUMNS = ("row", "day", "cause", "share")
SPAN = 50_000  # invoices that are expanded, or answered for, at once: memory stays bounded


@dataclass(frozen=True)
class Parts:
    """Parts of n invoices, sorted by invoice: its row, day (since issue) it ended, place in `causes`, share of amount.

    The place is OPEN for what was open on its day and of which nothing is known beyond. Shares of an invoice sum to 1.
    """

    n: int
    causes: tuple[str, ...]
    row: np.ndarray
    day: np.ndarray
    cause: np.ndarray
    share: np.ndarray

    def ended(self, cause: int) -> float:
        """Number of invoices, in amount-weighted parts, that ended by a cause."""
        return float(self.share[self.cause == cause].sum())

    def spans(self) -> Iterator[Parts]:
        """The parts of SPAN invoices at a time, whole invoices together."""
        edges = np.searchsorted(self.row, np.arange(0, self.n + SPAN, SPAN))
        for low, high in itertools.pairwise(edges):
            yield self.where(slice(low, high))

    def where(self, rows: Any) -> Parts:
        """Those of the parts that are asked for."""
        return Parts(self.n, self.causes, *(values[rows] for values in (self.row, self.day, self.cause, self.share)))

    def of(self, rows: np.ndarray) -> Parts:
        """The parts of some invoices (sorted positions), which are counted from 0 then."""
        place = np.full(self.n, OPEN)
        place[rows] = np.arange(len(rows))
        kept = place[self.row] >= 0
        values = place[self.row[kept]], self.day[kept], self.cause[kept], self.share[kept]
        return Parts(len(rows), self.causes, *values)

    def seen_until(self, day: np.ndarray) -> Parts:
        """What was known of them earlier, on a `day` (n,) since issue of each: parts that ended later were open."""
        limit = day[self.row]
        later = self.day > limit
        cause = np.where(later, OPEN, self.cause)
        return Parts(self.n, self.causes, self.row, np.where(later, limit, self.day), cause, self.share)


def parts_of(paid: Any, duration: np.ndarray) -> Parts:
    """The parts of n invoices, from a flag of each (paid whole after its duration, else open) or a frame of parts.

    The frame's columns are row (position of the invoice), day (since issue), cause (one of CAUSES) and share of its
    amount; what the shares of an invoice lack to 1 was open for `duration` days.
    """
    if isinstance(paid, pd.DataFrame):
        return _from_frame(paid, duration)
    flags = np.asarray(paid, dtype=bool)
    n = len(flags)
    return Parts(n, (PAID,), np.arange(n), duration, np.where(flags, 0, OPEN), np.ones(n))


def _from_frame(frame: pd.DataFrame, duration: np.ndarray) -> Parts:
    if missing := [name for name in COLUMNS if name not in frame]:
        raise SampleError(f"paid: missing columns {missing}, expected {', '.join(COLUMNS)}; it has {list(frame)}")
    n, row = len(duration), frame["row"].to_numpy(dtype=np.int64)
    day, share = (frame[name].to_numpy(dtype=float) for name in ("day", "share"))
    _check(n, row, day, share, duration)
    causes, cause = _causes(frame["cause"])
    left = 1 - np.bincount(row, share, minlength=n)
    rest = np.flatnonzero(left > 1e-9)
    every = np.concatenate([row, rest])
    order = np.argsort(every, kind="stable")
    values = (
        np.concatenate([day, duration[rest]]),
        np.concatenate([cause, np.full(len(rest), OPEN)]),
        np.concatenate([share, left[rest]]),
    )
    return Parts(n, causes, every[order], *(each[order] for each in values))


def _check(n: int, row: np.ndarray, day: np.ndarray, share: np.ndarray, duration: np.ndarray) -> None:
    if len(row) and not (row.min() >= 0 and row.max() < n):
        raise SampleError(f"paid: found rows {row.min()} to {row.max()}, expected 0 to {n - 1}, positions in X")
    if not (share > 0).all():
        raise SampleError(f"paid: found {int((~(share > 0)).sum())} shares that aren't above 0")
    if over := int((np.bincount(row, share, minlength=n) > 1 + 1e-9).sum()):
        raise SampleError(f"paid: found {over} invoices whose parts come to more than their amount")
    if outside := int((~((day >= 0) & (day <= duration[row]))).sum()):
        raise SampleError(f"paid: found {outside} parts before issue or after their invoice's duration_days")


def _causes(told: pd.Series) -> tuple[tuple[str, ...], np.ndarray]:
    """The causes there are, payment first, and each part's place among them."""
    if strange := sorted(set(map(str, told)) - set(CAUSES)):
        raise SampleError(f"paid: found causes {strange}, expected some of {', '.join(CAUSES)}")
    known = tuple(cause for cause in CAUSES if cause == PAID or (told == cause).any())
    return known, np.asarray(pd.Index(known).get_indexer(pd.Index(told)), dtype=np.int64)
