"""What histories hold, by state (K,): moves, obligor-years, obligors, withdrawals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from riskmodels.models.transitions.histories import Histories, day_of
from riskmodels.models.transitions.states import States


def absorbing_rows(states: States) -> np.ndarray:
    """Whether each state is absorbing."""
    return np.isin(states.names, states.absorbing)


def moves_seen(histories: Histories, first: int | None = None, last: int | None = None) -> np.ndarray:
    """Moves from state to state (K, K) on the days in (first, last]."""
    k, counted = len(histories.states.names), histories.moved & _within(histories, first, last)
    cell = histories.state[counted] * k + histories.to[counted]
    return np.bincount(cell, minlength=k * k).reshape(k, k).astype(float)


def withdrawals(histories: Histories, first: int | None = None, last: int | None = None) -> np.ndarray:
    """Ratings withdrawn in each state on the days in (first, last]."""
    gone = histories.rated & (histories.to == histories.states.withdrawn_code) & _within(histories, first, last)
    return np.bincount(histories.state[gone], minlength=len(histories.states.names)).astype(float)


def years_at_risk(histories: Histories, first: int | None = None, last: int | None = None) -> np.ndarray:
    """Obligor-years spent in each state within (first, last]."""
    rated, k = histories.rated, len(histories.states.names)
    return np.bincount(histories.state[rated], histories.exposure(first, last)[rated], minlength=k)


def trials(histories: Histories, years: float, first: int | None = None, last: int | None = None) -> np.ndarray:
    """Independent cases behind each row over a horizon: its obligors, or obligor-years over the horizon if fewer."""
    k, exposed = len(histories.states.names), histories.exposure(first, last) > 0
    pairs = np.unique(histories.obligor[exposed] * k + histories.state[exposed])
    return np.minimum(np.bincount(pairs % k, minlength=k), years_at_risk(histories, first, last) / years)


@dataclass(frozen=True)
class Evidence:
    """What a matrix rests on, under the names `TransitionMatrix` has for it."""

    counts: np.ndarray
    at_risk: np.ndarray
    withdrawn: np.ndarray
    obligors: int
    first: date
    last: date


def evidence(histories: Histories, first: int, last: int) -> Evidence:
    """Moves, obligor-years, withdrawals and obligors in (first, last]."""
    return Evidence(
        moves_seen(histories, first, last),
        years_at_risk(histories, first, last),
        withdrawals(histories, first, last),
        len(np.unique(histories.obligor[histories.exposure(first, last) > 0])),
        day_of(first),
        day_of(last),
    )


def _within(histories: Histories, first: int | None, last: int | None) -> np.ndarray:
    after = True if first is None else histories.end > first
    before = True if last is None else histories.end <= last
    return np.full(len(histories.end), True) & after & before
