"""A transition matrix with what it rests on: moves counted, time or cases at risk, intervals."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _

ARRAYS = ("p", "low", "high", "counts", "at_risk", "withdrawn")


@dataclass(frozen=True)
class TransitionMatrix:
    """Probabilities p (K, K) of moving from a state (row) to another (column) within `years`.

    A row is nan where the data can't say: nobody was at risk in it, or its path leads through such a state. The row of
    an absorbing state is known without data. low, high (K, K): the interval at `confidence`, found as `interval` says.
    counts (K, K): moves seen; at_risk (K,): what they are counted among, obligor-periods for cohorts, else
    obligor-years; withdrawn (K,): ratings withdrawn. first, last: the window of observation.
    """

    estimator: str
    states: tuple[str, ...]
    absorbing: tuple[str, ...]
    years: float
    p: np.ndarray
    low: np.ndarray
    high: np.ndarray
    counts: np.ndarray
    at_risk: np.ndarray
    withdrawn: np.ndarray
    obligors: int
    first: date
    last: date
    interval: str
    confidence: float

    def frame(self) -> pd.DataFrame:
        """The probabilities as a table, states from in rows, states to in columns."""
        index = pd.Index(self.states, name=_("from"))
        return pd.DataFrame(self.p, index=index, columns=pd.Index(self.states, name=_("to")))

    def summary(self) -> pd.DataFrame:
        """One row per pair of states, absorbing ones no origin: horizon, at risk, moves, probability, interval."""
        rows = [i for i, name in enumerate(self.states) if name not in self.absorbing]
        pairs = [(i, j) for i in rows for j in range(len(self.states))]
        i, j = (np.array([pair[side] for pair in pairs], dtype=int) for side in (0, 1))
        names = np.array(self.states, dtype=object)
        columns = {
            _("from"): names[i],
            _("to"): names[j],
            _("years"): self.years,
            _("at risk"): self.at_risk[i],
            _("moves"): self.counts[i, j],
            _("probability"): self.p[i, j],
            _("low"): self.low[i, j],
            _("high"): self.high[i, j],
        }
        return pd.DataFrame(columns)

    def card(self) -> dict[str, Any]:
        """What the matrix is and what it was estimated on, as plain values."""
        moves = float(self.counts.sum() - np.trace(self.counts))
        return {
            "model": "transitions",
            **{name: getattr(self, name) for name in ("estimator", "years", "obligors", "interval", "confidence")},
            "states": list(self.states),
            "absorbing": list(self.absorbing),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "moves": moves,
            "withdrawn": float(self.withdrawn.sum()),
        }

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same matrix; an undefined number is None."""
        state = {f.name: getattr(self, f.name) for f in fields(self)}
        days = {name: state[name].isoformat() for name in ("first", "last")}
        arrays = {name: plain(state[name]) for name in ARRAYS}
        return {**state, "states": list(self.states), "absorbing": list(self.absorbing), **days, **arrays}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> TransitionMatrix:
        """The matrix `to_state` described."""
        arrays = {name: np.array(state[name], dtype=float) for name in ARRAYS}
        days = {name: parse_date(state[name], name) for name in ("first", "last")}
        return cls(
            **{**state, "states": tuple(state["states"]), "absorbing": tuple(state["absorbing"]), **days, **arrays}
        )


def plain(values: np.ndarray) -> list[Any]:
    """An array as nested lists of floats, None for nan."""
    nested = values.astype(object)
    nested[np.isnan(values)] = None
    return nested.tolist()


def normalised(p: np.ndarray) -> np.ndarray:
    """The matrix (..., K, K) with rows scaled to sum to 1; rows of nan stay. Published matrices are rounded.

    Where a row leaves out withdrawn ratings, to scale it up assumes that withdrawals say nothing.
    """
    total = np.asarray(p, float).sum(axis=-1, keepdims=True)
    if (np.asarray(p) < 0).any() or (total <= 0).any():
        raise Misuse("transition matrix: found a negative probability or a row of zeros, expected rows that sum to 1")
    return p / total


def square(p: Any) -> np.ndarray:
    """The values of a square matrix (K, K), of a frame or an array; others are refused."""
    values = np.asarray(p, dtype=float)
    if values.ndim != 2 or values.shape[0] != values.shape[1] or len(values) < 2:
        raise Misuse(f"transition matrix: found shape {values.shape}, expected as many rows as columns, two or more")
    return values


def known_rows(step: np.ndarray, idle: float) -> np.ndarray:
    """The matrices (b, K, K) with undefined rows as states that nobody leaves: `idle`, 1 or 0 of rates, for staying."""
    unknown = np.isnan(step).any(axis=2)
    return np.where(unknown[:, :, None], idle * np.eye(step.shape[1]), step)


def without_lost(result: np.ndarray, step: np.ndarray, moves: int) -> np.ndarray:
    """Matrices (b, K, K) with nan in the rows that lead, in at most `moves` moves, to an undefined row of `step`."""
    lost = np.isnan(step).any(axis=2)
    edges = np.nan_to_num(step) > 0
    for _move in range(moves if lost.any() else 0):
        lost = lost | (edges & lost[:, None, :]).any(axis=2)
    return np.where(lost[:, :, None], np.nan, result)
