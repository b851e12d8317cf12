"""The difference of two expected waits, told interval by interval and cause by cause, and exactly.

Given open at its beginning an interval leaves an invoice open with chance g, or ends it by a cause that settles nothing
(a write-off) with chance l; both follow from the log-odds of the causes' hazards. The days unsettled from interval j
on are V_j = L_j (1 + g_j + l_j) / 2 + g_j V_{j+1} + l_j R_j, with L_j the days of the interval and R_j those after it.
That is linear in each g_j and l_j, so that the difference of two waits is a sum over intervals, S being the chance to
be open at the interval's beginning:

    V1 - V0 = sum_j S0_j [(g1_j - g0_j) (L_j / 2 + V1_{j+1}) + (l1_j - l0_j) (L_j / 2 + R_j)]

and the same with 0 and 1 exchanged, negated. The mean of both treats the two alike. Within an interval g and l move
along the straight line of log-odds from one to the other, and what a cause does to them is the integral of its slope.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from riskmodels.models.person_period import exposure, lows

NODES, WEIGHTS = np.polynomial.legendre.leggauss(10)
SAME = 1e-12
"""Squared distance of log-odds below which two intervals are the same."""


@dataclass(frozen=True)
class Spans:
    """Intervals as an invoice lives them, all n x K.

    `lived` is the share of the interval after its issue, `passed` the share of that before the day it is known to be
    open, `days` the days after that day.
    """

    lived: np.ndarray
    passed: np.ndarray
    days: np.ndarray


def spans(grid: np.ndarray, start: np.ndarray, now: np.ndarray) -> Spans:
    """The intervals of invoices issued at `start` and known to be open at `now`, both (n,) in days past due."""
    low, high = np.maximum(lows(grid, start), start[:, None]), np.maximum(grid[None, :], start[:, None])
    width = high - low
    passed = np.divide(now[:, None] - low, width, out=np.zeros(width.shape), where=width > 0)
    return Spans(
        exposure(grid, start), np.clip(passed, 0.0, 1.0), np.maximum(high - np.maximum(low, now[:, None]), 0.0)
    )


def wait(odds: np.ndarray, lived: Spans, lost: np.ndarray) -> np.ndarray:
    """Expected days unsettled (n,), from log-odds of each cause's hazard (C, n, K) and whether it settles nothing (C,).

    What is not settled by the end of the grid counts as settled there.
    """
    return _waits(*_ends(odds, lived, lost), lived.days)[:, 0]


def slopes(base: np.ndarray, odds: np.ndarray, lived: Spans, lost: np.ndarray) -> np.ndarray:
    """Days per unit of log-odds (C, n, K), whose product with odds - base sums to the difference of the two waits."""
    step, before, after = odds - base, _ends(base, lived, lost), _ends(odds, lived, lost)
    stays, leaves = _worths(before, after, lived.days)
    found = np.zeros(step.shape)
    for node, weight in zip((NODES + 1) / 2, WEIGHTS / 2, strict=True):
        stayed, gone = _gradients(base + node * step, lived, lost)
        found += weight * (stays * stayed + leaves * gone)
    exact = stays * (after[0] - before[0]) + leaves * (after[1] - before[1])
    # What the quadrature lacks, far below what is told, goes to the causes as they moved: the sum is then exact.
    size = (step**2).sum(axis=0)
    left = np.divide(exact - (found * step).sum(axis=0), size, out=np.zeros(size.shape), where=size > SAME)
    return found + left * step


def _ends(odds: np.ndarray, lived: Spans, lost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """g and l (n, K): open at the interval's end, and lost within it, given open at its beginning, or now."""
    force, whole, stays = _forces(odds, lived)
    gone = (1 - stays) * force[lost].sum(axis=0) / whole
    now = 1 - lived.passed + lived.passed * stays
    ahead = lived.passed < 1
    held = np.divide(stays, now, out=np.ones(now.shape), where=ahead)
    return held, np.divide((1 - lived.passed) * gone, now, out=np.zeros(now.shape), where=ahead)


def _gradients(odds: np.ndarray, lived: Spans, lost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What g and l (n, K) move by the log-odds of each cause: two arrays (C, n, K)."""
    force, whole, stays = _forces(odds, lived)
    share, own = force[lost].sum(axis=0) / whole, expit(odds)
    gone, moved = (1 - stays) * share, -lived.lived * stays * own
    lost_moved = -moved * share + (1 - stays) * own * (lost[:, None, None] - share) / whole
    left = 1 - lived.passed
    now = np.where(left > 0, left + lived.passed * stays, 1.0)
    return left / now**2 * moved, left * (lost_moved / now - gone * lived.passed * moved / now**2)


def _forces(odds: np.ndarray, lived: Spans) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The causes' forces, -log(1 - h) (C, n, K), their sum, and the chance to pass what was lived of the interval."""
    force = np.logaddexp(0.0, odds)
    whole = np.maximum(force.sum(axis=0), np.finfo(float).tiny)
    return force, whole, np.exp(-lived.lived * whole)


def _waits(stays: np.ndarray, lost: np.ndarray, days: np.ndarray) -> np.ndarray:
    """V (n, K + 1): expected days unsettled from each interval on, given open at its beginning."""
    rest = _rest(days)
    found = np.zeros((len(days), days.shape[1] + 1))
    for j in range(days.shape[1] - 1, -1, -1):
        own = days[:, j] * (1 + stays[:, j] + lost[:, j]) / 2
        found[:, j] = own + stays[:, j] * found[:, j + 1] + lost[:, j] * rest[:, j]
    return found


def _worths(
    before: tuple[np.ndarray, np.ndarray], after: tuple[np.ndarray, np.ndarray], days: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Days of the wait per unit of g, and of l, in each interval: the mean of going from one to the other and back."""
    reached = [np.cumprod(np.hstack([np.ones((len(days), 1)), g[:, :-1]]), axis=1) for g, _l in (before, after)]
    later = [_waits(*ends, days)[:, 1:] for ends in (after, before)]
    stays = sum(s * (days / 2 + v) for s, v in zip(reached, later, strict=True)) / 2
    return np.asarray(stays), (reached[0] + reached[1]) / 2 * (days / 2 + _rest(days))


def _rest(days: np.ndarray) -> np.ndarray:
    """The days after each interval."""
    return np.asarray(days.sum(axis=1, keepdims=True) - np.cumsum(days, axis=1))
