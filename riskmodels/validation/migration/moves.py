"""Obligors by the grade they were in and where they were twelve months later: the table every test of grades starts on.

After the grades come three columns that hold who left them: default, another model, terminated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.core.errors import Misuse
from riskmodels.models.transitions import Cohorts, Histories, cohorts

Floats = NDArray[np.float64]
LEFT = ("default", "other_model", "terminated")
"""Where obligors are that have no grade of this model any more."""


@dataclass(frozen=True)
class Moves:
    """Counts (T, K, K + 3) by period, grade at its beginning and state at its end: the grades, then LEFT.

    grades: best first. days: the beginning of the first period and the end of each, or none where they aren't known.
    """

    grades: tuple[str, ...]
    counts: Floats
    days: tuple[pd.Timestamp, ...] = ()

    @property
    def total(self) -> Floats:
        """Counts (K, K + 3) of all periods."""
        return self.counts.sum(axis=0)

    @property
    def among(self) -> Floats:
        """Moves (K, K) from grade to grade of all periods."""
        return self.total[:, : len(self.grades)]

    @property
    def settled(self) -> Floats:
        """Counts (T, K, K + 1) of those whose state is known: the grades and default."""
        return self.counts[:, :, : len(self.grades) + 1]

    @property
    def n(self) -> int:
        """Obligor-periods."""
        return int(self.counts.sum())

    @property
    def shares(self) -> Floats:
        """Row shares (K, K + 3) of all periods; nan for a grade nobody began in."""
        return shares(self.total)

    def frame(self) -> pd.DataFrame:
        """The counts of all periods as a table, grades in rows, states in columns."""
        return pd.DataFrame(self.total, index=pd.Index(self.grades, name="grade"), columns=[*self.grades, *LEFT])


def shares(counts: Floats) -> Floats:
    """Counts (K, J) over their row sums; nan in a row of zeros."""
    n = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, n, out=np.full(counts.shape, np.nan), where=n > 0)


def moves_of(seen: Any) -> Moves:
    """Moves from what tells them: themselves, rating histories or their yearly cohorts, a frame, or an array of counts.

    A frame has grades in rows, best first, and the same in columns, then any of LEFT; an array has K rows and K to
    K + 3 columns, of periods (T) first where it has three dimensions. Withdrawn ratings of histories are terminated.
    """
    if isinstance(seen, Moves):
        return seen
    if isinstance(seen, Histories):
        return moves_of(cohorts(seen))
    if isinstance(seen, Cohorts):
        return _of_cohorts(seen)
    if isinstance(seen, pd.DataFrame):
        return _of_frame(seen)
    counts = np.asarray(seen, dtype=float)
    return _checked(tuple(str(i + 1) for i in range(counts.shape[-2] if counts.ndim > 1 else 0)), counts)


def _of_cohorts(seen: Cohorts) -> Moves:
    k = len(seen.states.grades)
    counts = seen.counts()[:, :k]
    default = counts[:, :, k : k + 1] if seen.states.default is not None else np.zeros((*counts.shape[:2], 1))
    parts = [counts[:, :, :k], default, np.zeros_like(default), counts[:, :, -1:]]
    days = tuple(pd.Timestamp(day) for day in seen.dates)
    return Moves(seen.states.grades, np.concatenate(parts, axis=2), days)


def _of_frame(seen: pd.DataFrame) -> Moves:
    grades = [str(grade) for grade in seen.index]
    table = seen.set_axis([str(name) for name in seen.columns], axis=1)
    if len(set(grades)) < len(grades) or {str(name) for name in table} - set(LEFT) != set(grades):
        raise Misuse(
            f"moves: found rows {grades} and columns {list(table)}, expected the same grades in both, "
            f"then any of {', '.join(LEFT)}"
        )
    return _checked(tuple(grades), table.reindex(columns=[*grades, *LEFT], fill_value=0).to_numpy(dtype=float))


def _checked(grades: tuple[str, ...], counts: Floats) -> Moves:
    by_period = counts[None] if counts.ndim == 2 else counts
    k = len(grades)
    if by_period.ndim != 3 or k < 2 or not k <= by_period.shape[2] <= k + len(LEFT):
        raise Misuse(f"moves: found an array of shape {counts.shape}, expected counts (T, K, K to K + {len(LEFT)})")
    if not (np.isfinite(by_period).all() and (by_period >= 0).all() and (by_period == np.rint(by_period)).all()):
        raise Misuse("moves: found values below 0, broken or missing, expected counts of obligors")
    missing = k + len(LEFT) - by_period.shape[2]
    return Moves(grades, np.pad(by_period, ((0, 0), (0, 0), (0, missing))))
