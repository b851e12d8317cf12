"""Flows summed with debtors counted more or less often: what a bootstrap of debtors asks for."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from riskmodels.models.ageing_transitions.flows import PARTS, Flows
from riskmodels.models.transitions.intervals import Estimate

ROUNDING = 1e-6
"""What a sum of differences keeps of nothing, in currency units; a cent is more."""


def summed(flows: Flows, group: np.ndarray, shape: tuple[int, ...], measure: str) -> Estimate:
    """Sums (b, *shape) of the flows by group, as a function of weights of debtors (b, debtors).

    `group` (parts x cells) is the place in the flattened shape that each part of each cell counts in, -1 for none.
    """
    debtor, debtors = flows.debtors()
    kept = group.ravel() >= 0
    owner, value = np.tile(debtor, len(PARTS))[kept], flows.values(measure).ravel()[kept]
    size = int(np.prod(shape))
    table = csr_array((value, (group.ravel()[kept], owner)), shape=(size, debtors))
    return lambda weights: (table @ weights.T).T.reshape(-1, *shape)


def shares(sums: np.ndarray) -> np.ndarray:
    """Sums along the last axis over their total, nan where that is 0.

    What is below zero counts as zero: a payment taken back in a month without others is no share of anything.
    """
    real = np.where(sums > ROUNDING, sums, 0.0)
    total = real.sum(axis=-1, keepdims=True)
    return np.divide(real, total, out=np.full(real.shape, np.nan), where=total > 0)
