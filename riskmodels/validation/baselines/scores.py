"""Figures of a forecast with what each invoice contributes to them, so that errors and differences follow obligors.

Each function gives a value and its influence (n,): the value moves by the sum of influences where invoices are drawn
anew, so that its variance is that of sums over obligors. NaN with no influence where it can't be told.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import norm

FEWEST = 10
"""Fewest invoices, on either side, that an order is judged on."""


class Scored(NamedTuple):
    """A figure and what each invoice contributes to it (n,)."""

    value: float
    influence: np.ndarray


def mean(loss: np.ndarray, weight: np.ndarray) -> Scored:
    """Weighted mean of losses (n,)."""
    total = weight.sum()
    if not total > 0:
        return nothing(len(loss))
    value = float(weight @ loss / total)
    return Scored(value, weight * (loss - value) / total)


def area(scored: list[Scored], days: np.ndarray, n: int) -> Scored:
    """The mean of a figure of n invoices over days (K,), by trapezoids; NaN for fewer than two days."""
    if len(days) < 2:
        return nothing(n)
    steps = np.diff(days)
    share = (np.append(steps, 0.0) + np.append(0.0, steps)) / 2 / (days[-1] - days[0])
    value = float(share @ [s.value for s in scored])
    return Scored(value, share @ np.array([s.influence for s in scored]))


def auc(event: np.ndarray, score: np.ndarray, weight: np.ndarray) -> Scored:
    """P(an invoice with the event has the higher score than one without), pairs counting the product of weights.

    Ties count a half. NaN where fewer than 10 invoices with weight stand on either side.
    """
    bad, good = weight * event, weight * (1 - event)
    if min((bad > 0).sum(), (good > 0).sum()) < FEWEST:
        return nothing(len(event))
    _, level = np.unique(score, return_inverse=True)
    bads, goods = np.bincount(level, bad), np.bincount(level, good)
    below = (np.cumsum(goods) - goods / 2)[level] / goods.sum()
    above = 1 - (np.cumsum(bads) - bads / 2)[level] / bads.sum()
    value = float(bad @ below / bad.sum())
    return Scored(value, bad * (below - value) / bad.sum() + good * (above - value) / good.sum())


def interval(scored: Scored, obligor: np.ndarray) -> tuple[float, float]:
    """Low and high end of the 95 % interval of a figure, robust to obligors; NaN with fewer than two."""
    sums = np.bincount(obligor, scored.influence)
    sums = sums[np.bincount(obligor) > 0]
    if len(sums) < 2 or np.isnan(scored.value):
        return float("nan"), float("nan")
    half = float(norm.ppf(0.975) * np.sqrt(len(sums) / (len(sums) - 1) * (sums @ sums)))
    return scored.value - half, scored.value + half


def less(one: Scored, other: Scored) -> Scored:
    """The difference of two figures of the same invoices."""
    return Scored(one.value - other.value, one.influence - other.influence)


def nothing(n: int) -> Scored:
    """A figure that can't be told."""
    return Scored(float("nan"), np.zeros(n))
