"""Durations: the rate at which each grade is left for each other state, constant in time, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.linalg import expm, expm_frechet
from scipy.sparse import csr_array

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.transitions.estimated import BOOTSTRAP, Interval, matrix_by_days
from riskmodels.models.transitions.histories import Histories, day_number
from riskmodels.models.transitions.intervals import Bounds, Estimate, normal, poisson
from riskmodels.models.transitions.matrix import TransitionMatrix, known_rows, plain, without_lost
from riskmodels.models.transitions.states import States
from riskmodels.models.transitions.tallies import absorbing_rows, moves_seen, years_at_risk

INTERVALS = (BOOTSTRAP, "delta")


@dataclass(frozen=True)
class Generator:
    """Rates a year (K, K), rows summing to 0, from moves (K, K) and obligor-years (K,).

    Rows of states without exposure are nan, absorbing ones 0.
    """

    states: States
    rates: np.ndarray
    moves: np.ndarray
    years: np.ndarray

    def summary(self, confidence: float = 0.95) -> pd.DataFrame:
        """One row per pair of different states: years at risk, moves, rate a year and its exact Poisson interval."""
        names, grades = np.array(self.states.names, dtype=object), len(self.states.grades)
        pairs = [(i, j) for i in range(grades) for j in range(len(names)) if i != j]
        i, j = (np.array([pair[side] for pair in pairs], dtype=int) for side in (0, 1))
        low, high = poisson(self.moves[i, j], self.years[i], confidence)
        columns = {
            _("from"): names[i],
            _("to"): names[j],
            _("years at risk"): self.years[i],
            _("moves"): self.moves[i, j],
            _("rate a year"): self.rates[i, j],
            _("low"): low,
            _("high"): high,
        }
        return pd.DataFrame(columns)

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same generator."""
        arrays = {name: plain(getattr(self, name)) for name in ("rates", "moves", "years")}
        return {"states": self.states.to_state(), **arrays}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Generator:
        """The generator `to_state` described."""
        arrays = {name: np.array(state[name], dtype=float) for name in ("rates", "moves", "years")}
        return cls(States.from_state(state["states"]), **arrays)


def generator(histories: Histories) -> Generator:
    """The rates lambda_ij = N_ij / integral of Y_i: moves seen over the obligor-years spent in the grade.

    A withdrawal ends the exposure and is no move. Source: Lando and Skodeberg 2002.
    """
    moves, years = moves_seen(histories), years_at_risk(histories)
    return Generator(histories.states, rates_of(moves[None], years[None], histories.states)[0], moves, years)


def duration_matrix(
    histories: Histories,
    years: float = 1.0,
    interval: str = "bootstrap",
    confidence: float = 0.95,
    replicates: int = 500,
    seed: int = 0,
) -> TransitionMatrix:
    """The matrix over `years` by durations, P = expm(rates x years); moves within the period count too.

    interval: bootstrap draws whole obligors; delta takes the moves as independent Poisson counts, var lambda_ij =
    N_ij / R_i^2, carried through the derivative of the exponential and made symmetric in the logit.
    """
    asked = Interval(interval, confidence, replicates, seed)
    asked.check(INTERVALS)
    if not years > 0:
        raise Misuse(f"years: found {years}, expected above 0")
    window = (day_number(histories.first), day_number(histories.until))
    estimate = exponentials(histories, np.array([years]))

    def delta(p: np.ndarray) -> Bounds:
        return _delta(generator(histories), p, years, confidence)

    return matrix_by_days("duration", histories, window, years, estimate, asked, delta)


def exponentials(histories: Histories, years: np.ndarray) -> Estimate:
    """P over each horizon of `years` (h,), as a function of weights (b, m): (b, h, K, K)."""
    k, states = len(histories.states.names), histories.states
    moved, rated, size = histories.moved, histories.rated, len(histories.obligors)
    cell = histories.state[moved] * k + histories.to[moved]
    cells = csr_array((np.ones(len(cell)), (cell, histories.obligor[moved])), shape=(k * k, size))
    place = (histories.state[rated], histories.obligor[rated])
    exposure = csr_array((histories.exposure()[rated], place), shape=(k, size))

    def estimate(weights: np.ndarray) -> np.ndarray:
        """The exponential of the rates that these weights give, at each horizon."""
        rates = rates_of((cells @ weights.T).T.reshape(-1, k, k), (exposure @ weights.T).T, states)
        known = known_rows(rates, idle=0.0)
        return np.stack([without_lost(exponential(known * t), rates, k) for t in years], axis=1)

    return estimate


def rates_of(moves: np.ndarray, years: np.ndarray, states: States) -> np.ndarray:
    """The generators (b, K, K) of moves (b, K, K) and years (b, K), by the rules of `Generator`."""
    exposed = np.broadcast_to(years[:, :, None] > 0, moves.shape)
    rates = np.divide(moves, years[:, :, None], out=np.full(moves.shape, np.nan), where=exposed)
    rates = np.where(absorbing_rows(states)[:, None], 0.0, rates)
    return rates - np.eye(moves.shape[1]) * rates.sum(axis=2, keepdims=True)


def exponential(rates: np.ndarray) -> np.ndarray:
    """The exponentials of matrices (b, K, K) whose rows sum to 0: rows that sum to 1."""
    p = np.clip(expm(rates), 0.0, 1.0)
    return p / p.sum(axis=-1, keepdims=True)


def _delta(known: Generator, p: np.ndarray, years: float, confidence: float) -> Bounds:
    rates = np.nan_to_num(known.rates)
    variance = np.zeros_like(p)
    for i, j in np.argwhere(known.moves > 0):
        if known.years[i] > 0:
            direction = np.zeros_like(p)
            direction[i, j], direction[i, i] = years, -years
            slope = expm_frechet(rates * years, direction, compute_expm=False)
            variance += slope**2 * known.moves[i, j] / known.years[i] ** 2
    return normal(p, variance, confidence)
