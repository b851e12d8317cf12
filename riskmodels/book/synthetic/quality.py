"""Latent debtor quality: an autoregression on a grid, so that expectations over its future are matrix products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import stream
from riskmodels.book.synthetic.law import Floats, Law

STATES = 11


@dataclass(frozen=True)
class Quality:
    """Quality of each debtor in each month: `level[d, m] + grid[state[d, m]]`.

    `level` (debtors x months) is known in advance: base and industry cycle. `state` moves by `step` (states x states).
    """

    level: Floats
    state: NDArray[np.int64]
    grid: Floats
    step: Floats

    @property
    def value(self) -> Floats:
        """Quality, debtors x months."""
        return self.level + self.grid[self.state]


def draw_quality(law: Law, seed: int, base: Floats, industry: NDArray[np.int64], months: int) -> Quality:
    """Quality paths of debtors with the given base quality and industry."""
    rng = stream(seed, "quality")
    grid, step = rouwenhorst(STATES, law.drift.persistence, law.drift.spread)
    level = base[:, None] + _cycles(law, rng, int(industry.max()) + 1, months)[industry]
    return Quality(level, _paths(rng, step, base.size, months), grid, step)


def rouwenhorst(states: int, persistence: float, spread: float) -> tuple[Floats, Floats]:
    """Grid and transition matrix of an AR(1) with the given autocorrelation and stationary standard deviation.

    Kopecky and Suen (2010), Review of Economic Dynamics 13: mean, variance and autocorrelation are exact.
    """
    stay = (1.0 + persistence) / 2.0
    step = np.array([[stay, 1 - stay], [1 - stay, stay]])
    for _ in range(states - 2):
        wide = np.zeros((len(step) + 1, len(step) + 1))
        wide[:-1, :-1] += stay * step
        wide[:-1, 1:] += (1 - stay) * step
        wide[1:, :-1] += (1 - stay) * step
        wide[1:, 1:] += stay * step
        wide[1:-1] /= 2.0
        step = wide
    edge = spread * np.sqrt(states - 1)
    return np.linspace(-edge, edge, states), step


def _cycles(law: Law, rng: np.random.Generator, industries: int, months: int) -> Floats:
    period, phase = rng.uniform(30, 48, (industries, 1)), rng.uniform(0, 1, (industries, 1))
    return law.drift.cycle_height * np.sin(2 * np.pi * (np.arange(months) / period + phase))


def _paths(rng: np.random.Generator, step: Floats, debtors: int, months: int) -> NDArray[np.int64]:
    cumulative = step.cumsum(axis=1)
    state = np.empty((debtors, months), dtype=np.int64)
    # the stationary law of Rouwenhorst's chain is binomial
    state[:, 0] = rng.binomial(len(step) - 1, 0.5, debtors)
    for m in range(1, months):
        above = rng.random((debtors, 1)) > cumulative[state[:, m - 1], :-1]
        state[:, m] = above.sum(axis=1)
    return state
