"""Latent quality: an autoregression on a grid, so that expectations over its future are matrix products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import stream
from riskmodels.book.synthetic.law import Floats, Law

STATES = 11


@dataclass(frozen=True)
class Quality:
    """Quality of each party in each month: `level[d, m] + grid[state[d, m]]`.

    `level` (parties x months) is known in advance: base, cycles and shock. `state` moves by `step` (states x states).
    """

    level: Floats
    state: NDArray[np.int64]
    grid: Floats
    step: Floats

    @property
    def value(self) -> Floats:
        """Quality, parties x months."""
        return self.level + self.grid[self.state]


def draw_quality(law: Law, seed: int, subject: str, level: Floats) -> Quality:
    """Quality paths of parties with the given level (parties x months); `subject` names the stream of draws."""
    rng = stream(seed, subject)
    grid, step = rouwenhorst(STATES, law.drift.persistence, law.drift.spread)
    return Quality(level, _paths(rng, step, *level.shape), grid, step)


def joined(own: Quality, other: Quality, same: NDArray[np.int64]) -> Quality:
    """The quality of parties of which some (`same`, a row of `other`, -1 for most) are the same party as another."""
    both = np.flatnonzero(same >= 0)
    level, state = own.level.copy(), own.state.copy()
    level[both], state[both] = other.level[same[both]], other.state[same[both]]
    return Quality(level, state, own.grid, own.step)


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


def _paths(rng: np.random.Generator, step: Floats, parties: int, months: int) -> NDArray[np.int64]:
    cumulative = step.cumsum(axis=1)
    state = np.empty((parties, months), dtype=np.int64)
    # the stationary law of Rouwenhorst's chain is binomial
    state[:, 0] = rng.binomial(len(step) - 1, 0.5, parties)
    for m in range(1, months):
        above = rng.random((parties, 1)) > cumulative[state[:, m - 1], :-1]
        state[:, m] = above.sum(axis=1)
    return state
