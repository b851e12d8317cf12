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


def maximise(design: np.ndarray, y: np.ndarray, weight: np.ndarray, start: np.ndarray | None = None) -> Maximum:
    """The maximum for a design (n x p) of full rank; separated classes end far out, after so many steps."""
    theta = np.zeros(design.shape[1]) if start is None else start
    linear = design @ theta
    value = log_likelihood(linear, y, weight)
    for _step in range(MOST_STEPS):
        chance = expit(linear)
        slope = design.T @ (weight * (y - chance))
        information = (design * (weight * chance * (1 - chance))[:, None]).T @ design
        move = np.linalg.lstsq(information, slope, rcond=None)[0]
        theta, linear, value = _advanced(design, y, weight, theta, move, value)
        if slope @ move <= TOLERANCE * (abs(value) + 1):  # the step just taken squares what error there was
            break
    return Maximum(theta, value, information)


def log_likelihood(linear: np.ndarray, y: np.ndarray, weight: np.ndarray) -> float:
    """Weighted Bernoulli log-likelihood of y, given log-odds `linear`."""
    return float(weight @ (y * linear - np.logaddexp(0.0, linear)))


def _advanced(
    design: np.ndarray, y: np.ndarray, weight: np.ndarray, theta: np.ndarray, move: np.ndarray, value: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """The longest of the steps 1, 1/2, 1/4 ... that doesn't lose; the old place when all do."""
    for size in 0.5 ** np.arange(30):
        tried = theta + size * move
        linear = design @ tried
        found = log_likelihood(linear, y, weight)
        if found >= value - TOLERANCE * abs(value):
            return tried, linear, found
    return theta, design @ theta, value


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
