"""A fractional logit on a design matrix: quasi-likelihood estimates and errors that don't trust its variance.

E[y | x] = 1 / (1 + exp(-x'b)) for y in [0, 1]; the Bernoulli likelihood is maximised though y isn't 0 or 1, which is
consistent whenever the mean is right. Source: Papke and Wooldridge, Journal of Applied Econometrics 11, 1996.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit

CERTAIN = 1e-8  # p (1 - p) below this can only come from coefficients on their way to infinity
DEPENDENT = 1e-9  # what is left of a column after those before it, as a share of its length


@dataclass(frozen=True)
class QuasiFit:
    """A fitted fractional logit: `columns` (p) of the design it kept, intercept first in `estimates` (1 + p).

    `covariance` is (1 + p) x (1 + p). `trusted` is False when the rows are no more than the coefficients or some
    fitted values have gone to 0 or 1: errors then mean nothing. `slope` is the mean of p (1 - p): times a coefficient,
    the mean change of the share for one more of the column.
    """

    columns: tuple[int, ...]
    estimates: np.ndarray
    covariance: np.ndarray
    slope: float
    trusted: bool

    def log_odds(self, design: np.ndarray) -> np.ndarray:
        """x'b of each row of a design with all its columns."""
        return self.estimates[0] + design[:, list(self.columns)] @ self.estimates[1:]

    def deviation(self, design: np.ndarray) -> np.ndarray:
        """Standard error of `log_odds`, one per row; nan where errors mean nothing."""
        if not self.trusted:
            return np.full(len(design), np.nan)
        rows = np.column_stack([np.ones(len(design)), design[:, list(self.columns)]])
        return np.sqrt(np.einsum("ij,jk,ik->i", rows, self.covariance, rows))

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same fit."""
        arrays = {"estimates": self.estimates.tolist(), "covariance": self.covariance.tolist()}
        return {**vars(self), "columns": list(self.columns), **arrays}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> QuasiFit:
        """The fit `to_state` described."""
        arrays = {key: np.array(state[key], dtype=float) for key in ("estimates", "covariance")}
        return cls(**{**state, "columns": tuple(state["columns"]), **arrays})


def fit_quasi(design: np.ndarray, y: np.ndarray, weight: np.ndarray, groups: np.ndarray | None = None) -> QuasiFit:
    """The fractional logit of y (n,) on the columns (n x p) that those before them, and the intercept, don't give.

    Errors are robust to a wrong variance, and with `groups` (an obligor per row) to dependence inside obligors.
    """
    if np.ptp(y) == 0:
        return _constant(float(y[0]))
    kept = independent(design)
    rows = np.column_stack([np.ones(len(y)), design[:, kept]])
    estimates = _estimates(rows, y, weight)
    p = expit(rows @ estimates)
    covariance = sandwich(rows, y, weight, p, groups)
    variance = p * (1 - p)
    trusted = len(y) > rows.shape[1] and bool((variance > CERTAIN).all())
    return QuasiFit(tuple(kept), estimates, covariance, float(np.average(variance, weights=weight)), trusted)


def _constant(share: float) -> QuasiFit:
    """The fit of one share in all rows; one of 0 or 1 is as near to it as CERTAIN, for its log-odds are infinite."""
    estimate = logit(np.clip([share], CERTAIN, 1 - CERTAIN))
    return QuasiFit((), estimate, np.zeros((1, 1)), share * (1 - share), trusted=False)


def independent(design: np.ndarray) -> list[int]:
    """Places of the columns that are no linear combination of the intercept and the columns before them."""
    rows = np.column_stack([np.ones(len(design)), design])
    length = np.linalg.norm(rows, axis=0)
    left = np.abs(np.diag(np.linalg.qr(rows, mode="r")))
    told = left > DEPENDENT * np.maximum(length[: len(left)], 1e-300)
    return (np.flatnonzero(told[1:])).tolist()


def sandwich(
    rows: np.ndarray, y: np.ndarray, weight: np.ndarray, p: np.ndarray, groups: np.ndarray | None = None
) -> np.ndarray:
    """Covariance of the estimates, robust to clusters: A^-1 B A^-1 x G/(G-1) x (n-1)/(n-k), each row its own cluster
    without groups. A = X'WX with W = w p (1 - p), B = sum over clusters of the outer product of summed scores."""
    n, k = rows.shape
    codes = np.arange(n) if groups is None else pd.factorize(groups)[0]
    scores = np.zeros((codes.max() + 1, k))
    np.add.at(scores, codes, rows * (weight * (y - p))[:, None])
    bread = np.linalg.pinv(rows.T @ (rows * (weight * p * (1 - p))[:, None]))
    clusters = len(scores)
    correction = clusters / max(clusters - 1, 1) * (n - 1) / max(n - k, 1)
    return correction * bread @ (scores.T @ scores) @ bread


def _estimates(rows: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    # Fitting needs statsmodels, which takes most of a second to import; applying a stored model doesn't.
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    # coefficients on their way to infinity, and as many as rows: said by `trusted`
    with warnings.catch_warnings(), np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        # the mean weight is taken out: exposures of millions would make the stopping rule run for ever
        fit = GLM(y, rows, family=Binomial(), var_weights=weight / weight.mean()).fit(tol=1e-12)
    return np.asarray(fit.params)
