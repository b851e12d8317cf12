"""Draws of the cash that open invoices bring by period, invoices of a group paying earlier or later together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from riskmodels.models.cash.shocks import LEAST_OPEN, base_hazard

Array = Any
BLOCK = 256
"""Invoices drawn at a time, which bounds the memory."""


@dataclass(frozen=True)
class Claims:
    """Open invoices, one entry each.

    open_at : n x T, probability of being open at the end of each period, falling.
    amount : what can be collected, in its currency.
    groups : codes from 0 by level of shock, such as debtor, industry, period.
    """

    open_at: np.ndarray
    amount: np.ndarray
    groups: tuple[np.ndarray, ...]


def expected(claims: Claims, rows: np.ndarray) -> np.ndarray:
    """Expected collections of the invoices of `rows` by period: T."""
    paid = -np.diff(claims.open_at[rows], axis=1, prepend=1.0)
    return (paid * claims.amount[rows, None]).sum(axis=0)


def effects(claims: Claims, spreads: Sequence[float], draws: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Multipliers of the hazard by level: groups x draws, in single precision."""
    sizes = [int(codes.max(initial=-1)) + 1 for codes in claims.groups]
    drawn = [rng.standard_normal((n, draws), dtype=np.float32) for n in sizes]
    return [np.exp(np.float32(spread) * normal) for spread, normal in zip(spreads, drawn)]


def drawn(
    claims: Claims, spreads: Sequence[float], shocks: list[np.ndarray], rows: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Collections of the invoices of `rows` together, by draw and period: draws x T.

    An invoice is paid in the first period by which its base hazard, times the multipliers of its groups, exceeds a unit
    exponential draw of its own.
    """
    hazard = -np.log(np.maximum(claims.open_at[rows], LEAST_OPEN))
    base = base_hazard(hazard, float(np.hypot.reduce(spreads))).hazard.astype(np.float32)
    found = np.zeros((shocks[0].shape[1], base.shape[1] + 1))
    for begin in range(0, len(rows), BLOCK):
        part = slice(begin, begin + BLOCK)
        least = rng.standard_exponential((len(rows[part]), len(found)), dtype=np.float32)
        for multiplier, codes in zip(shocks, claims.groups):
            least /= multiplier[codes[rows[part]]]
        _pay(base[part], least, claims.amount[rows[part]], found)
    return found[:, :-1]


@njit(cache=True, nogil=True)
def _pay(base: Array, least: Array, amount: Array, found: Array) -> None:
    """Add each amount, in each draw, to the period in which the base hazard reaches `least`; beyond: the last."""
    period = np.empty(least.shape[1], dtype=np.int32)
    for row in range(len(base)):
        period[:] = 0
        for reached in base[row]:
            for draw in range(len(period)):
                period[draw] += reached < least[row, draw]
        for draw in range(len(period)):
            found[draw, period[draw]] += amount[row]
