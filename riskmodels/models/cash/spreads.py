"""How strong common shocks were: standard deviations of effects on the log hazard, from what became of past forecasts.

At earlier origins the model's curves said how much hazard each open invoice would meet by the day it was paid, or by
the end of the horizon: its Cox-Snell residual, of unit exponential law if the model is right and invoices are
independent. Where debtors, industries or periods pay together, residuals of a group are long or short together. The
estimates are those of maximum likelihood under the shocks of `shocks`: a group's likelihood given its effect u is
Poisson's, exp(paid u - exposure exp(u)), and is integrated over u on a grid, debtors within industries within periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import minimize

from riskmodels.core.errors import DataRefused
from riskmodels.models.cash.shocks import base_hazard

LEVELS = ("debtor", "industry", "period")
FEWEST_PAID = 20
"""Fewest payments that strengths are estimated from."""
_STEP, _HALF = 0.05, 80
_GRID = _STEP * np.arange(-_HALF, _HALF + 1)
_MOST = 1.5


@dataclass(frozen=True)
class Residuals:
    """What became of invoices open at past origins, one entry each.

    hazard : the model's cumulated hazard from the origin to payment, or to the end of what was seen.
    paid : whether that end was the payment.
    groups : codes by level, `LEVELS` from the finest: a debtor, an industry and a period at one origin; each debtor of
        one industry, each industry of one period.
    """

    hazard: np.ndarray
    paid: np.ndarray
    groups: tuple[np.ndarray, ...]


def spreads(past: Residuals) -> tuple[float, ...]:
    """Standard deviation of the effect of each level on the log hazard, finest first, to two decimals."""
    found = int(np.sum(past.paid))
    if found < FEWEST_PAID:
        raise DataRefused(f"cash: found {found} payments at past origins, expected at least {FEWEST_PAID}")
    known = _nested(past)
    depth = len(past.groups)
    best = minimize(
        lambda s: -_log_likelihood(s, past, known),
        np.full(depth, 0.2),
        method="Nelder-Mead",
        bounds=[(0.0, _MOST)] * depth,
        options={"xatol": 5e-3, "fatol": 1e-2, "initial_simplex": 0.2 + 0.3 * np.eye(depth + 1, depth)},
    )
    return tuple(round(float(s), 2) for s in best.x)


def log_likelihood(strengths: np.ndarray, past: Residuals) -> float:
    """The log-likelihood of past residuals at standard deviations by level, up to a constant."""
    return _log_likelihood(np.asarray(strengths, dtype=float), past, _nested(past))


def _log_likelihood(strengths: np.ndarray, past: Residuals, nested: list[np.ndarray]) -> float:
    base = base_hazard(past.hazard, float(np.sqrt(np.sum(strengths**2))))
    finest, *above = nested
    paid, exposure = (np.bincount(finest, values) for values in (past.paid, base.hazard))
    given = np.outer(paid, _GRID) - np.outer(exposure, np.exp(_GRID))
    for strength, parent in zip(strengths, above):
        given = _summed(_integrated(given, strength), parent)
    whole = _integrated(given, strengths[-1])[:, _HALF]
    return float(whole.sum() + (base.log_slope * past.paid).sum())


def _nested(past: Residuals) -> list[np.ndarray]:
    """Codes of the finest level by invoice, then of each level's groups in the next."""
    codes = [np.unique(level, return_inverse=True)[1] for level in past.groups]
    parents = []
    for fine, coarse in pairwise(codes):
        parent = np.zeros(fine.max() + 1, dtype=np.int64)
        parent[fine] = coarse
        parents.append(parent)
    return [codes[0], *parents]


def _integrated(given: np.ndarray, strength: float) -> np.ndarray:
    """Log of the mean of exp(given) over an effect of this standard deviation about each point of the grid."""
    if strength < _STEP / 5:
        return given
    top = given.max(axis=1, keepdims=True)
    mean = np.exp(given - top) @ _kernel(strength / _STEP)
    return np.log(np.maximum(mean, 1e-300)) + top


def _kernel(spread: float) -> np.ndarray:
    """Weights of each point of the grid about each, normal with a standard deviation of `spread` steps, to 4 of it."""
    away = np.abs(np.subtract.outer(np.arange(len(_GRID)), np.arange(len(_GRID))))
    reach = int(4 * spread + 0.5)
    whole = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2).sum()
    return np.where(away <= reach, np.exp(-0.5 * (away / spread) ** 2) / whole, 0.0)


def _summed(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Rows summed by group."""
    order = np.argsort(group, kind="stable")
    return np.asarray(np.add.reduceat(values[order], np.searchsorted(group[order], np.arange(group.max() + 1))))
