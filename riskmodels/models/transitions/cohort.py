"""Cohorts: who was in which grade at the beginning of a period, and where it was at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from riskmodels.core.dates import add_months
from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError
from riskmodels.models.transitions.estimated import BOOTSTRAP, Interval, matrix
from riskmodels.models.transitions.histories import Histories, day_number
from riskmodels.models.transitions.intervals import Bounds, Estimate, jeffreys, once, wilson, with_empty
from riskmodels.models.transitions.matrix import TransitionMatrix
from riskmodels.models.transitions.states import States
from riskmodels.models.transitions.tallies import Evidence, absorbing_rows

INTERVALS = (BOOTSTRAP, "jeffreys", "wilson")


@dataclass(frozen=True)
class Cohorts:
    """Obligor-periods, one per entry of the arrays (n,), sorted by period and obligor.

    dates: the ends of the periods, and before them the beginning of the first. origin: grade at the beginning.
    destination: state at the end; default if it happened within the period, whatever the rating was then; K for a
    withdrawn rating.
    """

    states: States
    dates: tuple[date, ...]
    months: int
    obligors: int
    obligor: np.ndarray
    period: np.ndarray
    origin: np.ndarray
    destination: np.ndarray

    def counts(self) -> np.ndarray:
        """Obligor-periods by period, origin and destination: (T, K, K + 1), the last column withdrawn."""
        k, periods = len(self.states.names), len(self.dates) - 1
        cell = (self.period * k + self.origin) * (k + 1) + self.destination
        return np.bincount(cell, minlength=periods * k * (k + 1)).reshape(periods, k, k + 1).astype(float)


def cohorts(histories: Histories, months: int = 12, last: date | None = None) -> Cohorts:
    """Consecutive periods of `months`, back from `last` (the end of observation) while somebody was rated.

    Raises SampleError where observation is shorter than one period.
    """
    if months < 1:
        raise Misuse(f"months: found {months}, expected 1 or more")
    dates = _dates(histories, months, last or histories.until)
    days = [day_number(day) for day in dates]
    parts = [_period(histories, begin, end) for begin, end in pairwise(days)]
    period = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    obligor, origin, destination = (np.concatenate([part[i] for part in parts]) for i in range(3))
    size = len(histories.obligors)
    return Cohorts(histories.states, dates, months, size, obligor, period, origin, destination)


def cohort_matrix(
    histories: Histories,
    months: int = 12,
    last: date | None = None,
    interval: str = "bootstrap",
    confidence: float = 0.95,
    replicates: int = 500,
    seed: int = 0,
) -> TransitionMatrix:
    """The matrix over `months` by cohorts, pooled over periods: p_ij = N_ij / N_i.

    A default in the period counts, whatever the rating at its end. Obligors whose rating is withdrawn at the end leave
    both N_ij and N_i, as if withdrawal said nothing; `withdrawn` counts them. interval: bootstrap draws whole obligors
    `replicates` times, since they stay for several periods; jeffreys and wilson take obligor-periods as independent.
    """
    asked = Interval(interval, confidence, replicates, seed)
    asked.check(INTERVALS)
    seen = cohorts(histories, months, last)
    p, rests_on = once(pooled(seen), seen.obligors), _evidence(seen)
    if interval == BOOTSTRAP:
        spread = asked.drawn(pooled(seen), seen.obligors)
        bounds = with_empty(p, spread, obligors_at_risk(seen)[:, None], confidence)
    else:
        bounds = _closed(interval, rests_on.counts, confidence)
    return matrix("cohort", histories.states, months / 12, p, bounds, asked, rests_on)


def pooled(seen: Cohorts) -> Estimate:
    """The pooled matrices (b, K, K) as a function of weights (b, m); rows nobody began in are nan."""
    k = len(seen.states.names)
    kept = seen.destination < k
    cell = seen.origin[kept] * k + seen.destination[kept]
    cells = csr_array((np.ones(len(cell)), (cell, seen.obligor[kept])), shape=(k * k, seen.obligors))
    return lambda weights: shares((cells @ weights.T).T.reshape(-1, k, k), seen.states)


def shares(counts: np.ndarray, states: States) -> np.ndarray:
    """Rows of counts (b, K, K) over their sums; nan where it is 0, the unit row of an absorbing state."""
    total = counts.sum(axis=2, keepdims=True)
    p = np.divide(counts, total, out=np.full(counts.shape, np.nan), where=total > 0)
    held = absorbing_rows(states)
    return np.where(held[:, None], np.eye(len(held)), p)


def obligors_at_risk(seen: Cohorts) -> np.ndarray:
    """How many obligors ever began a period in each state and were not withdrawn at its end: (K,)."""
    k = len(seen.states.names)
    kept = seen.destination < k
    pairs = np.unique(seen.obligor[kept] * k + seen.origin[kept])
    return np.bincount(pairs % k, minlength=k).astype(float)


def _evidence(seen: Cohorts) -> Evidence:
    counts = seen.counts().sum(axis=0)
    moves, obligors = counts[:, :-1], len(np.unique(seen.obligor))
    return Evidence(moves, moves.sum(axis=1), counts[:, -1], obligors, seen.dates[0], seen.dates[-1])


def _dates(histories: Histories, months: int, last: date) -> tuple[date, ...]:
    if last > histories.until:
        raise Misuse(f"last: found {last}, expected a day not after the end of observation {histories.until}")
    dates, n = [last], 1
    while (begin := add_months(last, -months * n)) >= histories.first:
        dates.append(begin)
        n += 1
    if len(dates) == 1:
        raise SampleError(
            f"ratings: found none before {add_months(last, -months)}, expected some {months} months before {last}"
        )
    return tuple(reversed(dates))


def _period(histories: Histories, begin: int, end: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Obligors in a grade at the beginning, that grade, and the state at the end."""
    origin, destination = histories.on(begin), histories.on(end)
    in_grade = (origin >= 0) & (origin < len(histories.states.grades))
    return np.flatnonzero(in_grade), origin[in_grade], destination[in_grade]


def _closed(interval: str, moves: np.ndarray, confidence: float) -> Bounds:
    n = np.broadcast_to(moves.sum(axis=1, keepdims=True), moves.shape)
    return (jeffreys if interval == "jeffreys" else wilson)(moves, n, confidence)
