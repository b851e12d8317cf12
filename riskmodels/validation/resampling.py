"""Intervals from drawing obligors with replacement: AUC, KS and Brier score together, in one pass a draw (numba).

Cases are sorted by score once; a draw gives each obligor a count, which weighs its cases. Each block of draws has its
own stream of random numbers, so that the result is the same on any number of threads.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from riskmodels.core.errors import Misuse
from riskmodels.validation.dependence import cluster_codes
from riskmodels.validation.discrimination import Estimate

Array = Any
BLOCK = 25


@dataclass(frozen=True)
class Resampled:
    """AUC, KS and Brier score of the sample, each with the error and percentile interval of its draws."""

    auc: Estimate
    ks: Estimate
    brier: Estimate
    draws: int
    seed: int


def cluster_bootstrap(
    outcome: ArrayLike,
    probability: ArrayLike,
    cluster: ArrayLike | None = None,
    draws: int = 1_000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Resampled:
    """AUC, KS and Brier score with percentile intervals over draws of whole clusters (n,), each case its own without.

    Draws that leave out one class are not counted. KS can't fall below 0, so its interval lies a little high. Of a
    score that is no probability the Brier score means nothing. Reference: Davison, Hinkley 1997, 2.4, 3.8.
    """
    y, p = np.asarray(outcome) == 1, np.asarray(probability, float)
    if draws < 1:
        raise Misuse(f"draws: found {draws}, expected at least 1")
    codes = np.arange(len(y)) if cluster is None else cluster_codes(cluster)
    order = np.argsort(-p, kind="stable")
    last = np.append(np.diff(p[order]) != 0, True)
    rows = y[order], codes[order].astype(np.int32), last
    totals = np.column_stack([np.bincount(codes, w) for w in (y, ~y, (p - y) ** 2)])
    once = _drawn(*rows, totals, np.ones((1, len(totals)), np.int32))[0]
    drawn = _all_draws(rows, totals, draws, seed)
    auc, ks, brier = (_interval(value, column, confidence) for value, column in zip(once, drawn.T))
    return Resampled(auc, ks, brier, draws, seed)


def _all_draws(rows: tuple[Array, Array, Array], totals: Array, draws: int, seed: int) -> Array:
    """AUC, KS and Brier score of each draw (B, 3), blocks of draws side by side."""
    sizes = [min(BLOCK, draws - done) for done in range(0, draws, BLOCK)]
    streams = np.random.SeedSequence(seed).spawn(len(sizes))
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return np.concatenate(list(threads.map(partial(_block, rows, totals), streams, sizes)))


def _block(rows: tuple[Array, Array, Array], totals: Array, stream: np.random.SeedSequence, size: int) -> Array:
    clusters = len(totals)
    picked = np.random.default_rng(stream).integers(0, clusters, (size, clusters), np.int32)
    return _drawn(*rows, totals, _counts(picked))


@njit(cache=True, nogil=True)
def _counts(picked: Array) -> Array:
    """How often each cluster was drawn (B, G) from the clusters drawn (B, G)."""
    counts = np.zeros(picked.shape, np.int32)
    for b in range(len(picked)):
        for g in picked[b]:
            counts[b, g] += 1
    return counts


@njit(cache=True, nogil=True)
def _drawn(bad: Array, code: Array, last: Array, totals: Array, counts: Array) -> Array:
    """AUC, KS and Brier score (B, 3) of counts per cluster (B, G), over cases sorted riskiest first.

    `last` marks the last case of each score; `totals` (G, 3) are a cluster's bad cases, good ones and squared error.
    """
    found = np.empty((len(counts), 3))
    for b in range(len(counts)):
        bads, goods, error = 0.0, 0.0, 0.0
        for g in range(len(totals)):
            bads += counts[b, g] * totals[g, 0]
            goods += counts[b, g] * totals[g, 1]
            error += counts[b, g] * totals[g, 2]
        if bads == 0 or goods == 0:
            found[b] = np.nan
        else:
            found[b, 0], found[b, 1] = _ranked(bad, code, last, counts[b], bads, goods)
            found[b, 2] = error / (bads + goods)
    return found


@njit(cache=True, nogil=True)
def _ranked(bad: Array, code: Array, last: Array, count: Array, bads: float, goods: float) -> tuple[float, float]:
    """AUC and KS of one draw with so many bad and good cases; whole numbers, so that sums are exact."""
    caught, alarms, here, beside, twice = 0, 0, 0, 0, 0
    apart = 0.0
    for i in range(len(bad)):
        w = count[code[i]]
        if bad[i]:
            here += w
        else:
            beside += w
        if last[i]:
            twice += beside * (2 * caught + here)
            caught += here
            alarms += beside
            here, beside = 0, 0
            apart = max(apart, abs(caught / bads - alarms / goods))
    return twice / (2 * bads * goods), apart


def _interval(value: float, draws: Array, confidence: float) -> Estimate:
    known = draws[np.isfinite(draws)]
    if len(known) < 2:
        return Estimate(float(value), float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(known, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Estimate(float(value), float(known.std(ddof=1)), float(low), float(high))
