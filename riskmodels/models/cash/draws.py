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
class ByBill:
    """Payment of n invoices by bills of K tenors, cash only at maturity.

    chance : n x K, the rest to 1 is paid in cash.
    open_at : n x K x T, probability of not being settled one tenor before the end of each period, falling.
    """

    chance: np.ndarray
    open_at: np.ndarray


@dataclass(frozen=True)
class Claims:
    """Open invoices, one entry each.

    open_at : n x T, probability of not being settled at the end of each period, falling.
    amount : what can be collected, in its currency.
    groups : codes from 0 by level of shock, such as debtor, industry, period.
    bills : how each may be paid by bill; None where nobody pays so.
    """

    open_at: np.ndarray
    amount: np.ndarray
    groups: tuple[np.ndarray, ...]
    bills: ByBill | None = None


def expected(claims: Claims, rows: np.ndarray) -> np.ndarray:
    """Expected collections of the invoices of `rows` by period: T."""
    paid = -np.diff(claims.open_at[rows], axis=1, prepend=1.0)
    if claims.bills:
        chance, matured = claims.bills.chance[rows], -np.diff(claims.bills.open_at[rows], axis=2, prepend=1.0)
        paid = paid * (1 - chance.sum(axis=1, keepdims=True)) + np.einsum("nk,nkt->nt", chance, matured)
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
    exponential draw of its own; where it is drawn to be paid by bill, cash comes in the first such period a tenor on.
    """
    spread = float(np.hypot.reduce(spreads))
    base = _base(claims.open_at[rows], spread)
    ways = (claims.bills.chance[rows].cumsum(axis=1), _base(claims.bills.open_at[rows], spread)) if claims.bills else ()
    found = np.zeros((shocks[0].shape[1], base.shape[1] + 1))
    for begin in range(0, len(rows), BLOCK):
        part = slice(begin, begin + BLOCK)
        least = rng.standard_exponential((len(rows[part]), len(found)), dtype=np.float32)
        for multiplier, codes in zip(shocks, claims.groups):
            least /= multiplier[codes[rows[part]]]
        period = _periods(base[part], least)
        if ways:
            _by_bill(*(way[part] for way in ways), least, rng.random(least.shape, dtype=np.float32), period)
        _add(period, claims.amount[rows[part]], found)
    return found[:, :-1]


def _base(open_at: np.ndarray, spread: float) -> np.ndarray:
    """The base hazard of curves, in single precision."""
    return base_hazard(-np.log(np.maximum(open_at, LEAST_OPEN)), spread).hazard.astype(np.float32)


@njit(cache=True, nogil=True)
def _periods(base: Array, least: Array) -> Array:
    """The period in which the base hazard (n x T) reaches `least` (n x draws), T where none does."""
    period = np.zeros(least.shape, dtype=np.int32)
    for row in range(len(base)):
        for reached in base[row]:
            for draw in range(least.shape[1]):
                period[row, draw] += reached < least[row, draw]
    return period


@njit(cache=True, nogil=True)
def _by_bill(chance: Array, base: Array, least: Array, chosen: Array, period: Array) -> None:
    """Replace the periods of draws whose `chosen` is below the cumulated chance of a bill (n x K): it matures then."""
    for row in range(len(base)):
        for draw in range(least.shape[1]):
            way = np.searchsorted(chance[row], chosen[row, draw], side="right")
            if way < chance.shape[1]:
                period[row, draw] = np.searchsorted(base[row, way], least[row, draw])


@njit(cache=True, nogil=True)
def _add(period: Array, amount: Array, found: Array) -> None:
    """Add each amount, in each draw, to its period; the last is beyond all."""
    for row in range(len(period)):
        for draw in range(period.shape[1]):
            found[draw, period[row, draw]] += amount[row]
