"""Common shocks on the hazard scale that leave every invoice's own survival curve as it is.

Given the effects u of its debtor, industry and period an invoice's hazard is exp(u) times a base hazard; u is normal
with mean 0 and standard deviation s. The base is the one under which the mean over u is the curve of the model:
E exp(-base exp(u)) = open. So a forecast's expectation is that of the model, and shocks only spread it. A shared
log-normal frailty: Duchateau and Janssen (2008), The Frailty Model, chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

LEAST_OPEN = 1e-6
"""Survival probabilities below count as this: the hazard stays finite."""
_LOG_BASE = np.arange(-16.0, 20.0, 0.1)
_NORMAL = np.linspace(-6.0, 6.0, 121)


@dataclass(frozen=True)
class Base:
    """The base hazard of invoices: cumulated up to a point, and the logarithm of its slope in the model's hazard."""

    hazard: np.ndarray
    log_slope: np.ndarray


def base_hazard(hazard: np.ndarray, spread: float) -> Base:
    """The base under which shocks of standard deviation `spread` give the cumulated `hazard` on average.

    `hazard` is -log of the probability of being open, of any shape; without a spread it is its own base.
    """
    capped = np.clip(np.asarray(hazard, dtype=float), 0.0, -np.log(LEAST_OPEN))
    if spread <= 0:
        return Base(capped, np.zeros(capped.shape))
    known, tabulated = _table(spread)
    least = np.log(np.maximum(capped, np.exp(known[0])))
    log_base = np.interp(least, known, tabulated)
    slope = np.interp(least, known, np.gradient(tabulated, known))
    # below the table the base is proportional to the hazard
    base = capped * np.exp(log_base - least)
    return Base(base, log_base - least + np.log(slope))


def _table(spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of -log E exp(-base exp(u)), rising, and of the bases; u has standard deviation `spread`."""
    weight = norm.pdf(_NORMAL) * (_NORMAL[1] - _NORMAL[0])
    given = np.exp(_LOG_BASE[:, None] + spread * _NORMAL)
    is_paid, is_open = ((x * weight).sum(axis=1) for x in (-np.expm1(-given), np.exp(-given)))
    # near 0 the share paid is exact, near 1 the share open is
    hazard = np.where(is_paid < 0.5, -np.log1p(-np.minimum(is_paid, 0.5)), -np.log(np.maximum(is_open, LEAST_OPEN**2)))
    told = hazard < -1.5 * np.log(LEAST_OPEN)
    return np.log(hazard[told]), _LOG_BASE[told]
