"""Survival curves of open invoices, and by which cause they end: conditioning on age, probabilities, means, quantiles.

A curve is given by `grid` (days past due, K), a height at the end of each grid day (n x K, a probability that falls)
and `start` (n, the days past due at which the invoice is known to be open, with height 1). Between those points
payments are spread evenly: the curve is linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskmodels.models.person_period import exposure, lows


@dataclass(frozen=True)
class Curves:
    """`grid` (K,), `start` (n,), `open_at` (n, K): P(open) at each grid day; `ended` (C, n, K): P(ended by cause)."""

    grid: np.ndarray
    start: np.ndarray
    open_at: np.ndarray
    ended: np.ndarray

    def unsettled(self, lost: np.ndarray) -> np.ndarray:
        """Probability of being open, or ended by one of the causes (C,) that settle nothing, at each grid day."""
        return self.open_at + self.ended[lost].sum(axis=0) if lost.any() else self.open_at


def curves_of(hazards: Sequence[np.ndarray], grid: np.ndarray, start: np.ndarray) -> Curves:
    """The curves of n invoices from the hazards (n, K) of each cause.

    P(open) is the product of the causes' own survivals. What ends in an interval is shared out by the logarithms of
    these, as forces that are proportional within the interval have it (Bowers et al. 1997, section 10.5).
    """
    exposed = exposure(grid, start)
    open_at = np.prod([survival_curve(hazard, exposed) for hazard in hazards], axis=0)
    if len(hazards) == 1:
        return _with_first(grid, start, open_at, [])
    left = -np.diff(open_at, axis=1, prepend=1.0)
    force = np.stack([-np.log1p(-np.minimum(hazard, 1 - 1e-15)) for hazard in hazards])
    share = force[1:] / np.maximum(force.sum(axis=0), np.finfo(float).tiny)
    return _with_first(grid, start, open_at, list(np.cumsum(left * share, axis=2)))


def given_open(curves: Curves, day: np.ndarray) -> Curves:
    """The curves of invoices known to be open at `day` (n, days past due): nothing ended by then."""
    now = open_on(curves.grid, curves.open_at, curves.start, day)
    gone = [1 - open_on(curves.grid, 1 - ended, curves.start, day) for ended in curves.ended[1:]]
    after = (curves.grid[None, :] > day[:, None]) & (now[:, None] > 0)
    others = [_share(ended - past[:, None], now, after) for ended, past in zip(curves.ended[1:], gone)]
    open_at = still_open(curves.grid, curves.open_at, curves.start, day)
    return _with_first(curves.grid, np.maximum(day, curves.start), open_at, others)


def _share(part: np.ndarray, whole: np.ndarray, where: np.ndarray) -> np.ndarray:
    return np.clip(np.divide(part, whole[:, None], out=np.zeros(part.shape), where=where), 0.0, 1.0)


def _with_first(grid: np.ndarray, start: np.ndarray, open_at: np.ndarray, others: list[np.ndarray]) -> Curves:
    """The curves, where the first cause ended what isn't open and the others didn't end."""
    first = np.maximum(1 - open_at - sum(others), 0.0)
    return Curves(grid, start, open_at, np.stack([first, *others]))


def survival_curve(hazards: np.ndarray, exposed: np.ndarray) -> np.ndarray:
    """Probability of being open at each grid day, from hazards and the share of each interval lived: n x K."""
    return np.cumprod((1 - hazards) ** exposed, axis=1)


def open_on(grid: np.ndarray, open_at: np.ndarray, start: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Probability of being open at the end of `day` (n, days past due, none beyond the grid)."""
    knots, heights = _knots(grid, open_at, start)
    place = np.clip((knots < day[:, None]).sum(axis=1) - 1, 0, len(grid) - 1)
    rows = np.arange(len(day))
    low, high = knots[rows, place], knots[rows, place + 1]
    share = np.clip(np.divide(day - low, high - low, out=np.zeros(len(day)), where=high > low), 0.0, 1.0)
    return heights[rows, place] * (1 - share) + heights[rows, place + 1] * share


def still_open(grid: np.ndarray, open_at: np.ndarray, start: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The curve of invoices known to be open at `day`: open_at divided by its value there, 1 before it."""
    now = open_on(grid, open_at, start, day)[:, None]
    later = np.divide(open_at, now, out=np.zeros(open_at.shape), where=now > 0)
    return np.where(grid[None, :] <= day[:, None], 1.0, np.minimum(later, 1.0))


def mean_wait(grid: np.ndarray, open_at: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Mean days from `start` to payment, those still open at the end of the grid counted as paid there."""
    knots, heights = _knots(grid, open_at, start)
    return (np.diff(knots, axis=1) * (heights[:, 1:] + heights[:, :-1]) / 2).sum(axis=1)


def quantile_wait(grid: np.ndarray, open_at: np.ndarray, start: np.ndarray, q: float) -> np.ndarray:
    """Days from `start` by which a share `q` is paid; nan where the grid ends before that."""
    knots, heights = _knots(grid, open_at, start)
    reached = heights <= 1 - q
    place = np.maximum(reached.argmax(axis=1), 1)
    rows = np.arange(len(start))
    above, below = heights[rows, place - 1], heights[rows, place]
    share = np.divide(above - (1 - q), above - below, out=np.zeros(len(start)), where=above > below)
    day = knots[rows, place - 1] + share * (knots[rows, place] - knots[rows, place - 1])
    return np.where(reached.any(axis=1), day - start, np.nan)


def _knots(grid: np.ndarray, open_at: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days and heights of the curve's corners: n x (K + 1), grid days before the start moved to it."""
    ends = np.maximum(grid[None, :], start[:, None])
    first = np.maximum(lows(grid, start)[:, :1], start[:, None])
    return np.hstack([first, ends]), np.hstack([np.ones((len(start), 1)), open_at])
