"""How much of a column the others already say: weighted correlations and variance inflation factors.

VIF of column j is the j-th diagonal element of the inverse of the correlation matrix, 1 / (1 - R2) of the column on all
others; it is infinite where the others give the column exactly.
Reference: Belsley, Kuh and Welsch (1980), Regression Diagnostics, chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

BLOCK = 65_536
"""Rows taken at a time, so that no second copy of the sample is needed."""
DIGITS = 9
"""Factors equal to so many digits are equal."""
NULL, PART = 1e-10, 1e-8  # an eigenvalue, and a share in its direction, below these are rounding


def correlation(columns: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted correlations of the columns (n x p): p x p; a constant column correlates with nothing."""
    mean = weight @ columns / weight.sum()
    cross = np.zeros((columns.shape[1], columns.shape[1]))
    for start in range(0, len(columns), BLOCK):
        part = columns[start : start + BLOCK] - mean
        cross += (part * weight[start : start + BLOCK, None]).T @ part
    flat = np.ptp(columns, axis=0) == 0 if len(columns) else np.ones(len(cross), dtype=bool)
    spread = np.sqrt(np.where(flat, 1.0, np.diag(cross)))
    cross[flat], cross[:, flat] = 0.0, 0.0
    found = np.clip(cross / np.outer(spread, spread), -1, 1)
    np.fill_diagonal(found, 1.0)
    return found


def repeated(correlations: np.ndarray) -> np.ndarray:
    """Whether a column is given exactly by those before it, from the correlations of all (p x p): p flags."""
    left, found = correlations.copy(), np.zeros(len(correlations), dtype=bool)
    for i in range(len(left)):
        found[i] = left[i, i] < NULL
        if not found[i]:
            left -= np.outer(left[:, i], left[i]) / left[i, i]
    return found


def vif(correlations: np.ndarray) -> np.ndarray:
    """Variance inflation factor of each column, from the correlations of all (p x p); inf when the others give it."""
    values, directions = np.linalg.eigh(correlations)
    shares, null = directions**2, values < NULL * max(len(values), 1)
    factors = shares @ np.divide(1.0, values, out=np.zeros_like(values), where=~null)
    return np.where(shares[:, null].sum(axis=1) > PART, np.inf, np.maximum(factors, 1.0))


def inflated(
    correlations: np.ndarray, most: float, fixed: Iterable[int] = ()
) -> tuple[dict[int, float], dict[int, float]]:
    """Columns left out until no VIF is above `most`, and those kept, each with its VIF when that was decided.

    The highest VIF goes first, of equal ones the last column; `fixed` columns stay.
    """
    kept, stay = list(range(len(correlations))), set(fixed)
    out: dict[int, float] = {}
    while True:
        found = dict(zip(kept, vif(correlations[np.ix_(kept, kept)]).tolist()))
        high = [column for column in kept if found[column] > most and column not in stay]
        if not high:
            return out, found
        worst = max(high, key=lambda column: (round(found[column], DIGITS), column))
        out[worst] = found[worst]
        kept.remove(worst)
