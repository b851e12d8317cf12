"""Whether estimates put losses in order: the generalised AUC of the ECB with its error, now against the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from riskmodels.models.expert.rank import surplus
from riskmodels.models.lgd.comparison import gauc, segments
from riskmodels.validation.dependence import Clusters, clustered_se

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Order:
    """The generalised AUC of `n` cases, 0.5 is chance, and its standard error."""

    n: int
    value: float
    se: float

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """The normal interval, cut at 0 and 1."""
        half = float(norm.isf((1 - confidence) / 2)) * self.se
        return max(0.0, self.value - half), min(1.0, self.value + half)

    def fall_p(self, initial: float) -> float:
        """p of the ECB's test, H0: not below its value at the start: 1 - Phi((initial - current) / se)."""
        return float(norm.sf((initial - self.value) / self.se)) if self.se > 0 else float("nan")

    def detectable(self, level: float = 0.05, power: float = 0.8) -> float:
        """The smallest distance from the value compared with that is found with that power."""
        return float(norm.isf(level) + norm.isf(1 - power)) * self.se


def order(estimated: ArrayLike, realised: ArrayLike, clusters: Clusters = None) -> Order:
    """The gAUC of estimated (n,) and realised (n,) losses on the ECB's twelve segments, with its error.

    (Somers' D + 1) / 2 with half the asymptotic standard error of D; with clusters that of their summed influences.
    Source: ECB, instructions for reporting the validation results of internal models, 2019, 2.6.3; Goodman and Kruskal
    1972 for the error.
    """
    given, outcome = segments(estimated), segments(realised)
    each = somers_influence(given, outcome)
    alone = clusters is None or (isinstance(clusters, tuple) and not clusters)
    se = float(np.sqrt(each @ each)) if alone else clustered_se(each, clusters)
    return Order(len(given), gauc(realised, estimated), se / 2)


def somers_influence(given: ArrayLike, outcome: ArrayLike) -> Floats:
    """What each case (n,) adds to the error of Somers' D of `outcome` given `given`; its squares sum to the ASE's.

    2 (w (concordant - discordant pairs of the case) - (P - Q)(n - n_i)) / w^2, P - Q over all cases, w = n^2 - sum
    n_i^2, n_i the cases of its own row. nan where all are given alike.
    """
    row, column = (pd.factorize(np.asarray(codes), sort=True)[0] for codes in (given, outcome))
    table = np.zeros((row.max(initial=0) + 1, column.max(initial=0) + 1))
    np.add.at(table, (row, column), 1.0)
    ahead, sizes, n = surplus(table), table.sum(axis=1), float(table.sum())
    w = n**2 - float(sizes @ sizes)
    if w <= 0:
        return np.full(len(row), np.nan)
    each = 2 * (w * ahead - float((table * ahead).sum()) * (n - sizes)[:, None]) / w**2
    return np.asarray(each[row, column])
