"""The logit's maximum of likelihood by Newton's method, warm-started: what a stepwise search fits hundreds of times.

Reference: McCullagh and Nelder (1989), Generalized Linear Models, chapter 4. A test holds it to statsmodels' figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

MOST_STEPS = 60
TOLERANCE = 1e-14
"""Newton's decrement, as a share of the log-likelihood, below which a step adds nothing a float could show."""


@dataclass(frozen=True)
class Maximum:
    """Estimates (p,) at the maximum, the log-likelihood there and its negative Hessian (p x p)."""

    estimates: np.ndarray
    log_likelihood: float
    information: np.ndarray


def maximise(
    design: np.ndarray,
    y: np.ndarray,
    weight: np.ndarray,
    start: np.ndarray | None = None,
    precision: np.ndarray | float = 0.0,
) -> Maximum:
    """The maximum for a design (n x p) of full rank; separated classes end far out, after so many steps.

    With `precision` (p, or one for all) it is that of log-likelihood - precision / 2 x estimate^2, a normal prior
    about 0; information is then that sum's, the log-likelihood told is the likelihood's alone.
    """
    theta = np.zeros(design.shape[1]) if start is None else start
    precision = np.broadcast_to(precision, theta.shape)
    linear = design @ theta
    value = log_likelihood(linear, y, weight) - _lost(theta, precision)
    for _step in range(MOST_STEPS):
        chance = expit(linear)
        slope = design.T @ (weight * (y - chance)) - precision * theta
        information = (design * (weight * chance * (1 - chance))[:, None]).T @ design + np.diag(precision)
        move = np.linalg.lstsq(information, slope, rcond=None)[0]
        theta, linear, value = _advanced(design, y, weight, theta, move, value, precision)
        if slope @ move <= TOLERANCE * (abs(value) + 1):  # the step just taken squares what error there was
            break
    return Maximum(theta, value + _lost(theta, precision), information)


def log_likelihood(linear: np.ndarray, y: np.ndarray, weight: np.ndarray) -> float:
    """Weighted Bernoulli log-likelihood of y, given log-odds `linear`."""
    return float(weight @ (y * linear - np.logaddexp(0.0, linear)))


def _advanced(
    design: np.ndarray,
    y: np.ndarray,
    weight: np.ndarray,
    theta: np.ndarray,
    move: np.ndarray,
    value: float,
    precision: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, float]:
    """The longest of the steps 1, 1/2, 1/4 ... that doesn't lose; the old place when all do."""
    for size in 0.5 ** np.arange(30):
        tried = theta + size * move
        linear = design @ tried
        found = log_likelihood(linear, y, weight) - _lost(tried, precision)
        if found >= value - TOLERANCE * abs(value):
            return tried, linear, found
    return theta, design @ theta, value


def _lost(theta: np.ndarray, precision: np.ndarray) -> float:
    return float(precision @ theta**2) / 2


def sandwich(fit: Maximum, design: np.ndarray, residual: np.ndarray, cluster: np.ndarray, cases: float) -> np.ndarray:
    """Covariance (p x p) of the estimates that is robust to dependence of rows of one cluster (codes from 0).

    Information^-1 x (sum of the clusters' scores, squared) x information^-1, times G / (G - 1) x (n - 1) / (n - p) of G
    clusters and n cases; `residual` is weight x (y - probability). Reference: Liang and Zeger (1986), Biometrika 73.
    """
    scores = np.stack([np.bincount(cluster, residual * column) for column in design.T], axis=1)
    half = scores @ np.linalg.pinv(fit.information, hermitian=True)
    groups, p = scores.shape
    return (half.T @ half) * groups / (groups - 1) * (cases - 1) / (cases - p)


def design_effect(fit: Maximum, design: np.ndarray, residual: np.ndarray, cluster: np.ndarray, place: int) -> float:
    """How many times the variance of one estimate exceeds what independent rows would give; never below 1.

    The sandwich's variance over the model's, rows of one cluster (codes from 0) being dependent; `residual` is weight
    x (y - probability). A likelihood ratio on that estimate divided by it is chi-square again, to first order.
    Reference: Rao and Scott (1984), Annals of Statistics 12; Varin, Reid and Firth (2011), Statistica Sinica 21.
    """
    scores = np.stack([np.bincount(cluster, residual * column) for column in design.T], axis=1)
    bread = np.linalg.pinv(fit.information, hermitian=True)
    groups = len(scores)
    row = scores @ bread[place]
    return max(1.0, float(row @ row) * groups / max(groups - 1, 1) / float(bread[place, place]))
