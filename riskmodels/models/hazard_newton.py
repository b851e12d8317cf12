"""Newton's method for the logit hazard, on sums per invoice: all rows of an invoice share its covariates.

The person-period sample of a million invoices has ten million rows. Their covariates are those of the invoices, so the
Hessian needs weights summed per invoice and per interval only, never a design of ten million rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from scipy.optimize import lsq_linear
from scipy.sparse import csr_array
from scipy.special import expit
from threadpoolctl import ThreadpoolController

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


def fit_hazard(
    z: np.ndarray,
    past: np.ndarray,
    rows: Periods,
    ridge: float,
    cluster: np.ndarray | None = None,
    signs: np.ndarray | None = None,
) -> Fit:
    """Maximise the weighted log-likelihood less ridge/2 x the squared coefficients; the intercept is free.

    `z` (n, p) are covariates by invoice, `past` (K,) is 1 for intervals past due, else 0. With `cluster` codes (n,) the
    errors are those of the sandwich, robust to dependence inside a cluster; without they trust the model. Where `signs`
    (p,) is +1 or -1 the effect is held to it, before the due date and past it; errors are then those of the free fit's
    formula, and say little where an effect is held at 0.
    """
    design = Design(z, past, rows, np.concatenate([[0.0], np.full(len(past) + 2 * z.shape[1], ridge)]))
    with _libraries().limit(limits=1, user_api="blas"):
        return _fit(design, cluster, None if signs is None or not signs.any() else np.asarray(signs, dtype=float))


@cache
def _libraries() -> ThreadpoolController:
    """The libraries of linear algebra: in sums this narrow their threads wait for each other longer than they work."""
    return ThreadpoolController()


@dataclass(frozen=True)
class Design:
    """What is fitted: covariates (n, p), which intervals are past due (K,), the rows, the penalty (1 + K + 2p,)."""

    z: np.ndarray
    past: np.ndarray
    rows: Periods
    penalty: np.ndarray

    def by_invoice(self, values: np.ndarray) -> csr_array:
        """A value per row as an n x K matrix."""
        return csr_array((values, self.rows.interval, self._edges), shape=(len(self.z), len(self.past)))

    @cached_property
    def _edges(self) -> np.ndarray:
        """Where the rows of each invoice begin, and where the last's end."""
        ends = np.cumsum(np.bincount(self.rows.invoice, minlength=len(self.z)))
        return np.concatenate([[0], ends]).astype(np.int32)


def _fit(design: Design, cluster: np.ndarray | None, signs: np.ndarray | None) -> Fit:
    k, p, theta = len(design.past), design.z.shape[1], _fitted(design, signs)
    hessian = _slopes(theta, design)[1]
    # Errors are for a given level: the intercept is the sum of what the interval effects share.
    covariance = np.linalg.inv(hessian[1:, 1:])
    if cluster is not None:
        covariance = covariance @ _meat(theta, design, cluster) @ covariance
    errors = np.sqrt(np.diag(covariance))[k:]
    return Fit(float(theta[0]), theta[1 : k + 1], theta[k + 1 : k + 1 + p], theta[k + 1 + p :], errors)


def _fitted(design: Design, signs: np.ndarray | None) -> np.ndarray:
    theta = np.zeros(len(design.penalty))
    value = _value(theta, design)
    for _step in range(MOST_STEPS):
        gradient, hessian = _slopes(theta, design)
        move = np.linalg.solve(hessian, gradient) if signs is None else _held(theta, gradient, hessian, signs)
        theta, value, gained = _line_search(theta, move, value, design)
        if gained <= TOLERANCE * (abs(value) + 1):
            break
    return theta


def _held(theta: np.ndarray, gradient: np.ndarray, hessian: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Newton's move to the best place at which effects before and past due have their signs.

    In effects before and past due (instead of the change past due) the signs are bounds, and the move d is a problem of
    least squares with bounds: |L'd - L^-1 g|^2, where LL' is the Hessian.
    """
    p, change = len(signs), np.eye(len(theta))
    change[-p:, -2 * p : -p] -= np.eye(p)
    place = theta.copy()
    place[-p:] += theta[-2 * p : -p]
    root = np.linalg.cholesky(change.T @ hessian @ change)
    target = np.linalg.solve(root, change.T @ gradient)
    both = np.concatenate([np.zeros(len(theta) - 2 * p), signs, signs])
    bounds = np.where(both > 0, -place, -np.inf), np.where(both < 0, -place, np.inf)
    return np.asarray(change @ lsq_linear(root.T, target, bounds, method="bvls").x)


def _line_search(theta: np.ndarray, move: np.ndarray, value: float, design: Design) -> tuple[np.ndarray, float, float]:
    """The longest of the steps 1, 1/2, 1/4 ... that gains; the old place when none does."""
    for size in 0.5 ** np.arange(20):
        tried = theta + size * move
        found = _value(tried, design)
        if found >= value:
            return tried, found, found - value
    return theta, value, 0.0


def _linear(theta: np.ndarray, design: Design) -> np.ndarray:
    past, rows, p = design.past, design.rows, design.z.shape[1]
    k = len(past)
    level = theta[0] + theta[1 : k + 1]
    both = design.z @ theta[k + 1 :].reshape(2, p).T
    table = level + both[:, :1] + past * both[:, 1:]
    return table[rows.invoice, rows.interval]


def _value(theta: np.ndarray, design: Design) -> float:
    linear, rows = _linear(theta, design), design.rows
    # log(1 + e^x) without overflow, and quicker than logaddexp
    softplus = np.maximum(linear, 0) + np.log1p(np.exp(-np.abs(linear)))
    return float(rows.events @ linear - rows.exposed @ softplus - 0.5 * design.penalty @ theta**2)


def _slopes(theta: np.ndarray, design: Design) -> tuple[np.ndarray, np.ndarray]:
    """Gradient (1 + K + 2p,) and negative Hessian of the penalised log-likelihood."""
    chance, rows, past = expit(_linear(theta, design)), design.rows, design.past
    residual = design.by_invoice(rows.events - rows.exposed * chance)
    curve = design.by_invoice(rows.exposed * chance * (1 - chance))
    level, effect = residual.sum(axis=0), residual.T @ design.z
    gradient = np.concatenate([[level.sum()], level, effect.sum(axis=0), past @ effect])
    return gradient - design.penalty * theta, _hessian(curve, design.z, past) + np.diag(design.penalty)


def _meat(theta: np.ndarray, design: Design, cluster: np.ndarray) -> np.ndarray:
    """Sum over clusters of the outer product of their scores, times G / (G - 1): (K + 2p, K + 2p)."""
    z, rows = design.z, design.rows
    residual = design.by_invoice(rows.events - rows.exposed * expit(_linear(theta, design)))
    n, groups = len(z), int(cluster.max()) + 1
    together = csr_array((np.ones(n), (cluster, np.arange(n))), shape=(groups, n))
    whole, late = residual.sum(axis=1), residual @ design.past
    parts = ((together @ residual).toarray(), together @ (z * whole[:, None]), together @ (z * late[:, None]))
    scores = np.hstack(parts)
    return scores.T @ scores * (groups / max(groups - 1, 1))


def _hessian(curve: csr_array, z: np.ndarray, past: np.ndarray) -> np.ndarray:
    level, mixed = curve.sum(axis=0), curve.T @ z
    late = mixed * past[:, None]
    whole, past_due = (z * (curve @ share)[:, None] for share in (np.ones(len(past)), past))
    zz, za = z.T @ whole, z.T @ past_due
    cross = np.hstack([mixed, late])
    effects = np.block([[zz, za], [za, za]])
    inner = np.block([[np.diag(level), cross], [cross.T, effects]])
    edge = np.concatenate([level, mixed.sum(axis=0), late.sum(axis=0)])
    return np.block([[np.array([[level.sum()]]), edge[None, :]], [edge[:, None], inner]])
