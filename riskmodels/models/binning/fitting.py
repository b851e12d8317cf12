"""From a column and its target to bins: special values set apart, pre-bins, the search."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.models.binning.bins import Cuts, Groups
from riskmodels.models.binning.search import TIE, TRENDS, Rules, Sums, best_starts
from riskmodels.models.binning.woe import iv_parts, woe
from riskmodels.models.inputs import is_text

Array = Any
MOST_DIGITS = 12
"""Decimals of a cut that is looked for; values closer than that are parted at the upper one."""


@dataclass(frozen=True)
class Target:
    """What bins are to tell apart: y and weight of each row, cohort numbers if any; `kind` is bad (0 or 1) or mean."""

    kind: str
    y: Array
    weight: Array
    cohort: Array | None

    def rows(self, mask: Array) -> Target:
        """The target of some rows."""
        cohort = None if self.cohort is None else self.cohort[mask]
        return Target(self.kind, self.y[mask], self.weight[mask], cohort)

    @property
    def totals(self) -> tuple[float, float]:
        """Weight in all, and weighted sum of y."""
        # Not a dot product: for one as short as this BLAS wakes its threads, which costs more than the whole search.
        return float(self.weight.sum()), float((self.weight * self.y).sum())


@dataclass(frozen=True)
class Search:
    """How a column is to be binned: trend, rules, special values, number of pre-bins, least weight of a category."""

    trend: str
    rules: Rules
    specials: tuple[tuple[Any, ...], ...]
    prebins: int
    min_category: float


def searched(values: pd.Series, target: Target, how: Search) -> Cuts | Groups:
    """The bins of the greatest gain over the rows whose value is neither missing nor special."""
    special = [v for group in how.specials for v in group]
    known = values.notna().to_numpy() & ~values.isin(special).to_numpy()
    rows, totals = target.rows(known), target.totals
    if is_text(values):
        return Groups(_groups(values[known], rows, totals, how), how.specials)
    return Cuts(_edges(values.to_numpy()[known], rows, totals, how), how.specials)


def _edges(known: Array, target: Target, totals: tuple[float, float], how: Search) -> tuple[float, ...]:
    if not len(known):
        return ()
    below, edges = prebin_edges(known, target.weight, how.prebins)
    sums = _sums(np.searchsorted(edges, known, side="right"), len(edges) + 1, target)
    starts = _starts(sums, target.kind, totals, how.trend, how.rules)[1:] - 1
    return tuple(shortest(low, high) for low, high in zip(below[starts].tolist(), edges[starts].tolist()))


def prebin_edges(known: Array, weight: Array, prebins: int) -> tuple[Array, Array]:
    """Ends of at most `prebins` runs of distinct values of nearly equal weight: the greatest value of each run but the
    last, and the least of the run after it.
    """
    if weight.min() == weight.max():
        ordered, before = np.sort(known), None
    else:
        order = np.argsort(known, kind="stable")
        ordered, sums = known[order], np.cumsum(weight[order])
        before = sums - weight[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    if len(first) > prebins:
        share = first / len(ordered) if before is None else before[first] / sums[-1]
        first = first[np.diff(np.floor(share * prebins), prepend=-1) > 0]
    return ordered[first[1:] - 1], ordered[first[1:]]


def shortest(low: float, high: float) -> float:
    """The number of fewest decimals above `low` and at most `high`: a cut between two values that people can read."""
    room = math.log10(high - low) if math.isfinite(high - low) else math.log10(high / 2 - low / 2)
    for digits in range(-math.ceil(room) - 1, MOST_DIGITS):
        found = round(math.floor(high * 10**digits) / 10**digits, max(digits, 0))
        if low < found <= high:
            return found
    return high


def _groups(values: pd.Series, target: Target, totals: tuple[float, float], how: Search) -> tuple[tuple[str, ...], ...]:
    """Categories in the order of their mean target; those of too little weight stand together as one."""
    if not len(values):
        return ()
    place, names = pd.factorize(values, sort=True)
    level = _pooled(np.bincount(place, target.weight), how.min_category)
    sums = _sums(level[place], int(level.max()) + 1, target)
    order = np.argsort(sums.total / sums.n, kind="stable")
    ordered = Sums(*(part[..., order] for part in (sums.n, sums.total, sums.squares, sums.cohort_n, sums.cohort_total)))
    firsts = _run_starts(ordered.n, how.prebins)
    starts = firsts[_starts(_reduced(ordered, firsts), target.kind, totals, "none", how.rules)]
    bin_of_level = np.empty(len(order), np.intp)
    bin_of_level[order] = np.searchsorted(starts, np.arange(len(order)), side="right") - 1
    found = bin_of_level[level]
    return tuple(tuple(map(str, names[found == b])) for b in range(len(starts)))


def _pooled(weights: Array, least: float) -> Array:
    """A level for each category: its own, or one for all that weigh less than `least`."""
    rare = weights < least
    level = np.cumsum(~rare) - 1
    level[rare] = (~rare).sum()
    return level


def _run_starts(weights: Array, prebins: int) -> Array:
    """First level of each of at most `prebins` runs of levels of nearly equal weight."""
    if len(weights) <= prebins:
        return np.arange(len(weights))
    before = np.cumsum(weights) - weights
    return np.flatnonzero(np.diff(np.floor(before / weights.sum() * prebins), prepend=-1))


def _sums(code: Array, k: int, target: Target) -> Sums:
    w, wy = target.weight, target.weight * target.y
    n, total = np.bincount(code, w, k), np.bincount(code, wy, k)
    squares = total if target.kind == "bad" else np.bincount(code, wy * target.y, k)
    if target.cohort is None:
        return Sums(n, total, squares, np.zeros((0, k)), np.zeros((0, k)))
    cohorts = int(target.cohort.max(initial=0)) + 1
    cell = target.cohort * k + code
    by_cohort = (np.bincount(cell, part, cohorts * k).reshape(cohorts, k) for part in (w, wy))
    return Sums(n, total, squares, *by_cohort)


def _reduced(sums: Sums, firsts: Array) -> Sums:
    parts = (sums.n, sums.total, sums.squares, sums.cohort_n, sums.cohort_total)
    return Sums(*(np.add.reduceat(part, firsts, axis=-1) for part in parts))


def _starts(sums: Sums, kind: str, totals: tuple[float, float], trend: str, rules: Rules) -> Array:
    n, total = sums.merged(sums.n), sums.merged(sums.total)
    allowed = np.triu(rules.allowed(n))
    gains, levels = (_by_bad if kind == "bad" else _by_mean)(n, total, totals)
    if kind == "bad":
        allowed &= (total >= rules.min_events - TIE) & (n - total >= rules.min_events - TIE)
    return best_starts(sums, np.where(allowed, gains, -np.inf), levels, trend, rules)


def _by_bad(n: Array, bad: Array, totals: tuple[float, float]) -> tuple[Array, Array]:
    """Information value and WoE of each bin; `totals` are those of the sample, missing included."""
    bads, goods = totals[1], totals[0] - totals[1]
    good = np.maximum(n - bad, 0.0)
    return iv_parts(good, bad, goods, bads), woe(good, bad, goods, bads)


def _by_mean(n: Array, total: Array, totals: tuple[float, float]) -> tuple[Array, Array]:
    """Sum of squares between bins, per unit of weight, and mean of each bin."""
    overall = totals[1] / totals[0]
    mean = np.divide(total, n, out=np.full(n.shape, overall), where=n > 0)
    return n * (mean - overall) ** 2 / totals[0], mean


def check_trends(trends: str | Mapping[str, str]) -> None:
    """Refuse words that aren't trends."""
    words = {trends} if isinstance(trends, str) else set(trends.values())
    if strange := sorted(words - set(TRENDS)):
        raise Misuse(f"trends: found {strange}, expected {', '.join(TRENDS)}")
