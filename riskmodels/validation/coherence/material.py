"""The chance that what becomes overdue among a party's invoices is a material part of what it owes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEPS = 200
"""Amounts are counted in so many parts of what is material; one below half a part counts for nothing."""


def independent(probability: Floats, amount: Floats, needed: float) -> float:
    """P(the amounts that become overdue reach `needed`) when each (n,) does by itself.

    The distribution of the sum below `needed`, invoice by invoice: what stays there is the chance that it is not
    reached. With every invoice material by itself this is 1 - prod (1 - p).
    """
    below = np.zeros(STEPS)
    below[0] = 1.0
    for p, step in zip(probability, _steps(amount, needed)):
        moved = np.zeros(STEPS)
        moved[step:] = below[: max(STEPS - step, 0)]
        below = below + p * (moved - below)
    return float(1 - below.sum())


def alike(probability: Floats, amount: Floats, needed: float) -> float:
    """The same when one chance decides for all, the likeliest first: the p at which their amounts reach `needed`."""
    order = np.argsort(-probability, kind="stable")
    reached = np.cumsum(_steps(amount, needed)[order]) >= STEPS
    return float(probability[order][reached.argmax()]) if reached.any() else 0.0


def _steps(amount: Floats, needed: float) -> NDArray[np.int64]:
    return np.minimum(np.rint(amount / needed * STEPS), STEPS).astype(np.int64)
