"""How far the level of a monthly series may have wandered, and may yet: a random walk seen through monthly noise.

y_t = level_t + e_t, level_t = level_{t-1} + u_t, var u = q var e, the first level unknown (the local level model;
Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter, 2.3). Whether and how fast levels wander
is itself uncertain over a few dozen months: q is drawn from its restricted likelihood over a grid, which holds 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RATIOS = np.array([0.0, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0])
"""Variance of a month's step over that of its noise: from a fixed level to one that wanders as much as it is noisy."""


@dataclass(frozen=True)
class Levels:
    """What is known of the levels of n months and of those ahead, for each of K ratios.

    weight (K,): likelihood of the ratio, summing to 1; mean (K, n + ahead); root (K, n + ahead, n + ahead): root @ its
    transpose is the covariance.
    """

    weight: np.ndarray
    mean: np.ndarray
    root: np.ndarray

    def expected(self) -> np.ndarray:
        """The mean level of each month: (n + ahead,)."""
        return self.weight @ self.mean

    @staticmethod
    def parted(series: np.ndarray, ahead: int) -> tuple[np.ndarray, np.ndarray]:
        """Past months, the last first, and those ahead, of series (b, n + ahead)."""
        return series[:, :-ahead][:, ::-1], series[:, -ahead:]

    def drawn(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Levels drawn: (size, n + ahead)."""
        ratio = rng.choice(len(self.weight), size=size, p=self.weight)
        normal = rng.standard_normal((size, self.mean.shape[1]))
        return self.mean[ratio] + np.einsum("bij,bj->bi", self.root[ratio], normal)


def levels(y: np.ndarray, ahead: int) -> Levels:
    """The levels of a series (n,), oldest first, nan where nothing was seen, and of the months ahead of it."""
    seen, total = np.flatnonzero(~np.isnan(y)), len(y) + ahead
    if len(seen) < 3 or np.ptp(y[seen]) < 1e-9:
        flat = np.full((1, total), np.mean(y[seen]) if len(seen) else 0.0)
        return Levels(np.ones(1), flat, np.zeros((1, total, total)))
    fits = [_fit(y[seen], seen, total, ratio) for ratio in RATIOS]
    likelihood = np.array([fit[0] for fit in fits])
    weight = np.exp(likelihood - likelihood.max())
    return Levels(weight / weight.sum(), np.stack([fit[1] for fit in fits]), np.stack([fit[2] for fit in fits]))


def _fit(y: np.ndarray, seen: np.ndarray, total: int, ratio: float) -> tuple[float, np.ndarray, np.ndarray]:
    """Restricted log-likelihood of a ratio, and the mean and root of the covariance of all levels given y."""
    months = np.arange(total)
    walk = ratio * np.minimum.outer(months, months).astype(float)
    solve = np.linalg.inv(walk[np.ix_(seen, seen)] + np.eye(len(seen)))
    cross = walk[:, seen] @ solve
    precision = solve.sum()
    first = (solve @ y).sum() / precision
    scale = (y - first) @ solve @ (y - first) / (len(y) - 1)
    slack = 1.0 - cross.sum(axis=1)
    spread = scale * (walk - cross @ walk[seen] + np.outer(slack, slack) / precision)
    likelihood = -0.5 * ((len(y) - 1) * np.log(scale) - np.linalg.slogdet(solve)[1] + np.log(precision))
    return likelihood, first + cross @ (y - first), _root(spread)


def _root(covariance: np.ndarray) -> np.ndarray:
    """A square root of a covariance that may be of less than full rank."""
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0.0))
