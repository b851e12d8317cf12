"""Survival curves of open invoices: conditioning on age, probabilities, means and quantiles.

A curve is given by `grid` (days past due, K), `open_at` (n x K, probability that the invoice is still open at the
end of each grid day) and `start` (n, the days past due at which it is known to be open, with probability 1).
Between those points payments are spread evenly: the curve is linear.
"""

from __future__ import annotations

import numpy as np

from riskmodels.models.person_period import lows


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
