"""Whether one order follows another in a table of counts: Somers' D and the generalised AUC, with their errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from riskmodels.models.expert.rank import surplus
from riskmodels.validation.discrimination import Estimate


def somers_d(table: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Somers' D of the columns given the rows of a table of counts (K, L), both ordered; -1 to 1, 1 is the same order.

    D = (concordant - discordant pairs) / pairs that differ in their row; for D of the rows transpose the table. The
    error is the asymptotic one that doesn't suppose D to be 0:
    2 sqrt(sum n_ij (w d_ij - (P - Q)(n - n_i.))^2) / w^2 with w = n^2 - sum n_i.^2 and d_ij the cases in order with the
    cell less those out of it. NaN when all cases share a row. Reference: Goodman, Kruskal 1972; SAS PROC FREQ.
    """
    counts = np.asarray(table, float)
    rows, n = counts.sum(axis=1, keepdims=True), counts.sum()
    differing = float(n**2 - np.sum(rows**2))
    if not differing > 0:
        return Estimate(*[float("nan")] * 4)
    ahead = surplus(counts)
    value = float(np.sum(counts * ahead)) / differing
    se = 2 / differing * float(np.sqrt(np.sum(counts * (ahead - value * (n - rows)) ** 2)))
    half = float(norm.ppf(0.5 + confidence / 2)) * se
    return Estimate(value, se, max(-1.0, value - half), min(1.0, value + half))


def generalised_auc(table: ArrayLike, confidence: float = 0.95) -> Estimate:
    """(D + 1) / 2 of the columns given the rows, its error half of D's; the AUC where the columns are good and bad.

    For a loss the rows are estimated and the columns realised segments. Reference: ECB, Instructions for reporting the
    validation results of internal models, 2019.
    """
    d = somers_d(table, confidence)
    return Estimate((d.value + 1) / 2, d.se / 2, (d.low + 1) / 2, (d.high + 1) / 2)
