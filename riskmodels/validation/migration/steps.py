"""Whether nearer grades are likelier than farther ones: the ECB's z-tests of a matrix of moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from riskmodels.core.errors import Misuse
from riskmodels.validation.grades import holm

Floats = NDArray[np.float64]
POWER = 0.8


@dataclass(frozen=True)
class Steps:
    """Each cell off the diagonal against its neighbour one step nearer to it; arrays (K, K), nan where undefined.

    gap: probability of the nearer cell less that of the cell. se: its standard error. H0 of z = gap / se: the nearer
    cell is at least as likely; p = Phi(z), small where the farther one is likelier.
    """

    gap: Floats
    se: Floats

    @property
    def z(self) -> Floats:
        """The statistics."""
        return np.divide(self.gap, self.se, out=np.full(self.gap.shape, np.nan), where=self.se > 0)

    @property
    def p(self) -> Floats:
        """The p-values, each by itself."""
        return np.asarray(norm.cdf(self.z))

    @property
    def holm_p(self) -> Floats:
        """The p-values adjusted over all cells that are defined."""
        found = np.full(self.z.shape, np.nan)
        told = ~np.isnan(self.z)
        found[told] = holm(self.p[told])
        return found

    @property
    def tests(self) -> int:
        """How many cells are defined."""
        return int((~np.isnan(self.z)).sum())

    def detectable(self, level: float = 0.05) -> float:
        """The excess of a farther cell found with 80 % power in the median cell, at the level Holm holds it to."""
        if not self.tests:
            return float("nan")
        quantiles = norm.isf(level / self.tests) + norm.isf(1 - POWER)
        return float(quantiles * np.median(self.se[~np.isnan(self.z)]))


def steps(counts: ArrayLike) -> Steps:
    """The tests of counts (K, J), J >= K, of obligors by grade and state after; states beyond the grades only count.

    z_ij = (p_near - p_ij) / sqrt(p_ij (1 - p_ij) / N_i + p_near (1 - p_near) / N_i + 2 p_ij p_near / N_i), p_near one
    column nearer to the diagonal. Undefined on the diagonal, for a grade nobody began in, and where nobody went to
    either cell.

    Source: ECB, instructions for reporting the validation results of internal models, 2019, 2.5.5.2.
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or table.shape[1] < len(table) or len(table) < 2:
        raise Misuse(f"counts: found shape {table.shape}, expected grades in rows and at least as many columns")
    k = len(table)
    n = table.sum(axis=1, keepdims=True)
    p = np.divide(table, n, out=np.full(table.shape, np.nan), where=n > 0)[:, :k]
    row, column = np.indices((k, k))
    near = np.take_along_axis(p, column + np.sign(row - column), axis=1)
    off = row != column
    with np.errstate(invalid="ignore"):
        variance = (p * (1 - p) + near * (1 - near) + 2 * p * near) / np.where(n > 0, n, np.nan)
    defined = off & (variance > 0)
    return Steps(np.where(defined, near - p, np.nan), np.where(defined, np.sqrt(variance), np.nan))
