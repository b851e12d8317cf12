"""Balances carried forward by rates: what stands in each state month after month, and what leaves.

Rates have a row for each state and one for new business, a column for each state and each exit; rows sum to 1. So what
stood open and what was issued is what stands open and what left, exactly.
"""

from __future__ import annotations

import numpy as np

from riskmodels.models.ageing_transitions.draws import shares
from riskmodels.models.ageing_transitions.states import EXITS, ORIGINS, STATES

SHAPE = (len(ORIGINS), len(STATES) + len(EXITS))


def carried(start: np.ndarray, rates: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Balances by state (..., months, states) and exits (..., months, 3) at the ends of the months to come.

    `start` (states,) stands open today, `rates` are (..., months, *SHAPE), `new` (..., months) is issued in each month.
    """
    balance = np.broadcast_to(start, (*rates.shape[:-3], len(STATES)))
    ends = []
    for month in range(rates.shape[-3]):
        begun = np.concatenate([balance, new[..., month, None]], axis=-1)
        ends.append(np.einsum("...o,...od->...d", begun, rates[..., month, :, :]))
        balance = ends[-1][..., : len(STATES)]
    every = np.stack(ends, axis=-2)
    return every[..., : len(STATES)], every[..., len(STATES) :]


def rates_of(tallies: np.ndarray, instead: np.ndarray) -> np.ndarray:
    """The rates of tallies (..., *SHAPE), the rows that nothing began in taken from `instead`."""
    own = shares(tallies)
    return np.where(np.isnan(own), np.broadcast_to(instead, own.shape), own)


def waiting() -> np.ndarray:
    """Rates of a book in which nothing is ever settled: each state a month further, new business due within one."""
    table = np.zeros(SHAPE)
    places = np.arange(len(STATES))
    table[places, np.minimum(places + 1, len(STATES) - 1)] = 1.0
    table[-1, STATES.index(0)] = 1.0
    return table
