"""Aalen-Johansen: the matrix between two days as a product over the days of moves, whatever the rates do between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from riskmodels.core.dates import add_months
from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError
from riskmodels.models.transitions.estimated import BOOTSTRAP, Interval, matrix_by_days
from riskmodels.models.transitions.histories import YEAR, Histories, day_number
from riskmodels.models.transitions.intervals import Bounds, Estimate, normal
from riskmodels.models.transitions.matrix import TransitionMatrix
from riskmodels.models.transitions.tallies import absorbing_rows

INTERVALS = ("greenwood", BOOTSTRAP)
MONTHS = 12
Step = tuple[int, np.ndarray, np.ndarray]
"""A day on which somebody moved, those at risk by state (b, K), those who moved (b, K, K)."""


def aalen_johansen_matrix(
    histories: Histories,
    first: date | None = None,
    last: date | None = None,
    interval: str = "greenwood",
    confidence: float = 0.95,
    replicates: int = 500,
    seed: int = 0,
) -> TransitionMatrix:
    """The matrix from the close of `first` to the close of `last`: the product of I + dN_ij / Y_i over days of moves.

    Y_i are the obligors in the grade at the close of the day before; rates may change with time, withdrawn and late
    entered obligors count while they are seen. Without days: the last 12 months of observation, as long as a cohort's
    period; `histories.first` begins the whole of it. interval: greenwood takes the moves of a day as multinomial given
    those at risk, bootstrap draws whole obligors. Raises SampleError where observation is shorter than 12 months and
    no `first` is given.

    Source: Andersen, Borgan, Gill and Keiding 1993, IV.4.
    """
    asked = Interval(interval, confidence, replicates, seed)
    asked.check(INTERVALS)
    begin, end = window = _window(histories, first, last)
    estimate, years = products(histories, begin, [end]), (end - begin) / YEAR

    def greenwood(p: np.ndarray) -> Bounds:
        return normal(p, variances(histories, begin, end), confidence)

    return matrix_by_days("aalen_johansen", histories, window, years, estimate, asked, greenwood)


def products(histories: Histories, begin: int, marks: list[int]) -> Estimate:
    """P from `begin` to each of the rising days `marks` (h,), as a function of weights (b, m): (b, h, K, K).

    The row of a state that nobody was in until the mark is nan.
    """

    def estimate(weights: np.ndarray) -> np.ndarray:
        """The product until each mark, the factor of one day after the other."""
        k = len(histories.states.names)
        p, found, waiting = np.broadcast_to(np.eye(k), (len(weights), k, k)), [], list(marks)
        for day, at_risk, moved in steps(histories, weights, begin, marks[-1]):
            while waiting[0] < day:
                found.append(_seen_rows(histories, weights, p, begin, waiting.pop(0)))
            p = p @ _factor(at_risk, moved)
        found += [_seen_rows(histories, weights, p, begin, mark) for mark in waiting]
        return np.stack(found, axis=1)

    return estimate


def steps(histories: Histories, weights: np.ndarray, begin: int, end: int) -> Iterator[Step]:
    """The days of moves in (begin, end], in order, with those at risk and those who moved, by row of weights."""
    k = len(histories.states.names)
    change_day, change_state, change_obligor, sign = _changes(histories)
    order = np.flatnonzero(histories.moved & (histories.end > begin) & (histories.end <= end))
    order = order[np.argsort(histories.end[order], kind="stable")]
    days, where = np.unique(histories.end[order], return_index=True)
    at_risk, done = np.zeros((len(weights), k)), 0
    for day, events in zip(days, np.split(order, where[1:])):
        until = int(np.searchsorted(change_day, day, side="left"))
        new = slice(done, until)
        at_risk = at_risk + _tally(weights[:, change_obligor[new]] * sign[new], change_state[new], k)
        cell = histories.state[events] * k + histories.to[events]
        yield int(day), at_risk, _tally(weights[:, histories.obligor[events]], cell, k * k).reshape(-1, k, k)
        done = until


def variances(histories: Histories, begin: int, end: int) -> np.ndarray:
    """The variance of each element of the product (K, K), by the recursion of Greenwood's type.

    C_i(t) = Q' C_i(t-) Q + sum_h P_ih(t-)^2 (diag q_h - q_h q_h') / Y_h, C_i (K, K) the covariance of row i, Q = I + dA
    with rows q_h. For one grade and default it is Greenwood's variance of Kaplan-Meier.
    """
    k = len(histories.states.names)
    p, covariance = np.eye(k), np.zeros((k, k, k))
    for _day, at_risk, moved in steps(histories, np.ones((1, len(histories.obligors))), begin, end):
        q = _factor(at_risk, moved)[0]
        spread = (q[:, :, None] * np.eye(k) - q[:, :, None] * q[:, None, :]) / np.maximum(at_risk[0], 1)[:, None, None]
        covariance = q.T @ covariance @ q + np.einsum("ih,hab->iab", p**2, spread)
        p = p @ q
    return np.diagonal(covariance, axis1=1, axis2=2)


def _factor(at_risk: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """I + dA (b, K, K)."""
    rates = np.divide(moved, at_risk[:, :, None], out=np.zeros(moved.shape), where=at_risk[:, :, None] > 0)
    return rates + np.eye(moved.shape[1]) * (1 - rates.sum(axis=2, keepdims=True))


def _changes(histories: Histories) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Day, state, obligor and sign of each entry into a grade and exit from it, by day."""
    rated = histories.rated
    day = np.concatenate([histories.start[rated], histories.end[rated]])
    state, obligor = (np.tile(values[rated], 2) for values in (histories.state, histories.obligor))
    sign = np.repeat([1.0, -1.0], int(rated.sum()))
    order = np.argsort(day, kind="stable")
    return day[order], state[order], obligor[order], sign[order]


def _tally(values: np.ndarray, place: np.ndarray, size: int) -> np.ndarray:
    """Sums of values (b, n) by place (n,): (b, size)."""
    total = np.zeros((size, len(values)))
    np.add.at(total, place, values.T)
    return total.T


def _seen_rows(histories: Histories, weights: np.ndarray, p: np.ndarray, begin: int, end: int) -> np.ndarray:
    """p (b, K, K) with nan in the rows of states that nobody was in within (begin, end]."""
    k, exposed = len(histories.states.names), histories.exposure(begin, end) > 0
    present = _tally(weights[:, histories.obligor[exposed]], histories.state[exposed], k) > 0
    known = present | absorbing_rows(histories.states)
    clean = np.clip(p, 0.0, 1.0)
    return np.where(known[:, :, None], clean / clean.sum(axis=2, keepdims=True), np.nan)


def _window(histories: Histories, first: date | None, last: date | None) -> tuple[int, int]:
    until = last or histories.until
    begin, end = day_number(first or _year_before(histories, until)), day_number(until)
    if not begin < end <= day_number(histories.until):
        raise Misuse(
            f"first, last: found {first}, {last}, expected a window that ends by {histories.until}, "
            "the end of observation"
        )
    return begin, end


def _year_before(histories: Histories, last: date) -> date:
    begin = add_months(last, -MONTHS)
    if begin < histories.first:
        raise SampleError(
            f"ratings: found none before {histories.first}, expected some {MONTHS} months before {last}; "
            "or state the first day of a shorter window"
        )
    return begin
