"""Newton's method for the logit hazard, on sums per invoice: all rows of an invoice share its covariates.

The person-period sample of a million invoices has ten million rows. Their covariates are those of the invoices, so the
Hessian needs weights summed per invoice and per interval only, never a design of ten million rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit, xlog1py, xlogy

from riskmodels.models.person_period import Periods

TOLERANCE, MOST_STEPS = 1e-9, 100


@dataclass(frozen=True)
class Fit:
    """Intercept, interval effects (K,), effects (p,), their changes past due (p,), and errors of the last two (2p,)."""

    intercept: float
    intervals: np.ndarray
    before: np.ndarray
    after: np.ndarray
    errors: np.ndarray


def fit_hazard(z: np.ndarray, past: np.ndarray, rows: Periods, ridge: float, cluster: np.ndarray | None = None) -> Fit:
    """Maximise the weighted log-likelihood less ridge/2 x the squared coefficients; the intercept is free.

    `z` (n, p) are covariates by invoice, `past` (K,) is 1 for intervals past due, else 0. With `cluster` codes (n,) the
    errors are those of the sandwich, robust to dependence inside a cluster; without they trust the model.
    """
    k, p = len(past), z.shape[1]
    penalty = np.concatenate([[0.0], np.full(k + 2 * p, ridge)])
    theta = np.zeros(len(penalty))
    value = _value(theta, z, past, rows, penalty)
    for _step in range(MOST_STEPS):
        gradient, hessian = _slopes(theta, z, past, rows, penalty)
        move = np.linalg.solve(hessian, gradient)
        theta, value, gained = _line_search(theta, move, value, z, past, rows, penalty)
        if gained <= TOLERANCE * (abs(value) + 1):
            break
    _gradient, hessian = _slopes(theta, z, past, rows, penalty)
    # Errors are for a given level: the intercept is the sum of what the interval effects share.
    covariance = np.linalg.inv(hessian[1:, 1:])
    if cluster is not None:
        covariance = covariance @ _meat(theta, z, past, rows, cluster) @ covariance
    errors = np.sqrt(np.diag(covariance))[k:]
    return Fit(float(theta[0]), theta[1 : k + 1], theta[k + 1 : k + 1 + p], theta[k + 1 + p :], errors)


def _line_search(
    theta: np.ndarray,
    move: np.ndarray,
    value: float,
    z: np.ndarray,
    past: np.ndarray,
    rows: Periods,
    penalty: np.ndarray,
) -> tuple[np.ndarray, float, float]:
    """The longest of the steps 1, 1/2, 1/4 ... that gains; the old place when none does."""
    for size in 0.5 ** np.arange(20):
        tried = theta + size * move
        found = _value(tried, z, past, rows, penalty)
        if found >= value:
            return tried, found, found - value
    return theta, value, 0.0


def _linear(theta: np.ndarray, z: np.ndarray, past: np.ndarray, rows: Periods) -> np.ndarray:
    k, p = len(past), z.shape[1]
    level = theta[0] + theta[1 : k + 1]
    before, after = z @ theta[k + 1 : k + 1 + p], z @ theta[k + 1 + p :]
    return level[rows.interval] + before[rows.invoice] + (past[rows.interval] * after[rows.invoice])


def _value(theta: np.ndarray, z: np.ndarray, past: np.ndarray, rows: Periods, penalty: np.ndarray) -> float:
    chance = expit(_linear(theta, z, past, rows))
    likelihood = rows.weight @ (xlogy(rows.event, chance) + xlog1py(1 - rows.event, -chance))
    return float(likelihood - 0.5 * penalty @ theta**2)


def _slopes(
    theta: np.ndarray, z: np.ndarray, past: np.ndarray, rows: Periods, penalty: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient (1 + K + 2p,) and negative Hessian of the penalised log-likelihood."""
    chance = expit(_linear(theta, z, past, rows))
    residual, weight = rows.weight * (rows.event - chance), rows.weight * chance * (1 - chance)
    shape = (len(past), len(z))
    by_interval = csr_array((residual, (rows.interval, rows.invoice)), shape=shape)
    curve = csr_array((weight, (rows.interval, rows.invoice)), shape=shape)
    level, effect = by_interval.sum(axis=1), by_interval @ z
    gradient = np.concatenate([[level.sum()], level, effect.sum(axis=0), past @ effect])
    return gradient - penalty * theta, _hessian(curve, z, past) + np.diag(penalty)


def _meat(theta: np.ndarray, z: np.ndarray, past: np.ndarray, rows: Periods, cluster: np.ndarray) -> np.ndarray:
    """Sum over clusters of the outer product of their scores, times G / (G - 1): (K + 2p, K + 2p)."""
    residual = rows.weight * (rows.event - expit(_linear(theta, z, past, rows)))
    n, groups = len(z), int(cluster.max()) + 1
    by_invoice = csr_array((residual, (rows.invoice, rows.interval)), shape=(n, len(past)))
    together = csr_array((np.ones(n), (cluster, np.arange(n))), shape=(groups, n))
    whole, late = by_invoice.sum(axis=1), by_invoice @ past
    parts = ((together @ by_invoice).toarray(), together @ (z * whole[:, None]), together @ (z * late[:, None]))
    scores = np.hstack(parts)
    return scores.T @ scores * (groups / max(groups - 1, 1))


def _hessian(curve: csr_array, z: np.ndarray, past: np.ndarray) -> np.ndarray:
    level, mixed = curve.sum(axis=1), curve @ z
    late = mixed * past[:, None]
    whole, past_due = (z * (share @ curve)[:, None] for share in (np.ones(len(past)), past))
    zz, za = z.T @ whole, z.T @ past_due
    cross = np.hstack([mixed, late])
    effects = np.block([[zz, za], [za, za]])
    inner = np.block([[np.diag(level), cross], [cross.T, effects]])
    edge = np.concatenate([level, mixed.sum(axis=0), late.sum(axis=0)])
    return np.block([[np.array([[level.sum()]]), edge[None, :]], [edge[:, None], inner]])
