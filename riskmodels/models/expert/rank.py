"""How far an internal rating ranks obligors as an external one does, with intervals by bootstrap of obligors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.expert.readings import Reading
from riskmodels.models.inputs import SampleError


@dataclass(frozen=True)
class RankAgreement:
    """Agreement of two ratings of the same rows: 1 is the same order, 0 none, -1 the opposite one.

    `somers_d` is of the internal rating given the external one: pairs the external rating ties don't count.
    `within_one` is the share of rows whose grades differ by one notch or less.
    """

    somers_d: Reading
    kendall_tau_b: Reading
    spearman: Reading
    within_one: Reading
    obligors: int

    def table(self) -> pd.DataFrame:
        """One row per measure: value and interval."""
        names = (_("Somers' D"), _("Kendall's tau-b"), _("Spearman's rho"), _("within one notch"))
        readings = (self.somers_d, self.kendall_tau_b, self.spearman, self.within_one)
        rows = [(name, r.value, r.low, r.high) for name, r in zip(names, readings)]
        return pd.DataFrame(rows, columns=[_("measure"), _("value"), _("low"), _("high")])


def rank_agreement(
    external: ArrayLike,
    internal: ArrayLike,
    obligor: ArrayLike | None = None,
    confidence: float = 0.9,
    draws: int = 1000,
    seed: int = 0,
) -> RankAgreement:
    """Agreement of two ratings (n,), each given as places in one scale (0 the best), with percentile intervals.

    `obligor` names each row's obligor (None: each its own); whole obligors are drawn. A measure that is undefined,
    as when one side gives a single grade, is nan. References: Somers (1962); Kendall (1945).
    """
    first, second = _places(external, "external"), _places(internal, "internal")
    if len(first) != len(second):
        raise SampleError(f"internal: found {len(second)} grades, expected {len(first)}, one per external grade")
    if not 0 < confidence < 1:
        raise Misuse(f"confidence: found {confidence}, expected a share between 0 and 1")
    names = np.arange(len(first)) if obligor is None else np.asarray(obligor)
    codes, known = pd.factorize(names)
    grades, rows = np.unique(first, return_inverse=True)
    others, columns = np.unique(second, return_inverse=True)
    cells, near = rows * len(others) + columns, np.abs(grades[:, None] - others) <= 1
    rng, shape = np.random.default_rng(seed), (len(grades), len(others))
    counts = [np.ones(len(known)), *rng.multinomial(len(known), np.full(len(known), 1 / len(known)), draws)]
    measured = [_measures(np.bincount(cells, count[codes], len(near.ravel())).reshape(shape), near) for count in counts]
    found, spread = np.array(measured[0]), np.array(measured[1:])
    somers, tau, spearman, near_ones = (_reading(found[i], spread[:, i], confidence) for i in range(4))
    return RankAgreement(somers, tau, spearman, near_ones, len(known))


def concordance(table: ArrayLike) -> tuple[float, float, float]:
    """Somers' D of columns given rows, D of rows given columns, and Kendall's tau-b of a table of counts (K x L).

    nan where no pair is told apart. Pairs are counted by cumulative sums, in time proportional to the cells.
    """
    counts = np.asarray(table, dtype=float)
    pairs = float((counts * surplus(counts)).sum()) / 2
    by_row, by_column = (_untied(counts.sum(axis=axis)) for axis in (1, 0))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.array([pairs]) / np.array([by_row, by_column, np.sqrt(by_row * by_column)])
    return float(found[0]), float(found[1]), float(found[2])


def surplus(table: ArrayLike) -> np.ndarray:
    """For each cell of a table of counts (K x L), the cases in order with it less those out of order (K x L).

    In order are those beyond it, or short of it, in both rows and columns.
    """
    counts = np.asarray(table, dtype=float)
    turned = counts[::-1, ::-1]
    in_order = _beyond(counts) + _beyond(turned)[::-1, ::-1]
    return in_order - _beyond(counts[:, ::-1])[:, ::-1] - _beyond(turned[:, ::-1])[::-1, :]


def _places(grades: ArrayLike, name: str) -> np.ndarray:
    try:
        places = np.asarray(grades, dtype=float)
    except ValueError:
        raise SampleError(f"{name}: found text, expected places in the scale, 0 the best") from None
    if places.ndim != 1 or not len(places) or not np.isfinite(places).all():
        raise SampleError(f"{name}: found missing grades or none, expected one place in the scale per row")
    return places


def _measures(table: np.ndarray, near: np.ndarray) -> tuple[float, float, float, float]:
    somers, _reverse, tau = concordance(table)
    return somers, tau, _spearman(table), float(table[near].sum() / table.sum())


def _beyond(counts: np.ndarray) -> np.ndarray:
    """For each cell, what lies in later rows and later columns."""
    sums = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1))
    sums[:-1, :-1] = counts[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1]
    return sums[1:, 1:]


def _untied(totals: np.ndarray) -> float:
    """Pairs that differ, given how many rows have each value."""
    return float((totals.sum() ** 2 - (totals**2).sum()) / 2)


def _spearman(table: np.ndarray) -> float:
    """Correlation of midranks."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    x, y = (np.cumsum(totals) - totals / 2 - table.sum() / 2 for totals in (rows, columns))
    spread = np.sqrt((rows @ x**2) * (columns @ y**2))
    return float(x @ table @ y / spread) if spread > 0 else float("nan")


def _reading(value: float, draws: np.ndarray, confidence: float) -> Reading:
    known = draws[~np.isnan(draws)]
    if np.isnan(value):
        return Reading(float("nan"), float("nan"), float("nan"), _("one of the ratings gives a single grade"))
    if not len(known):
        return Reading(float(value), float("nan"), float("nan"), _("too few obligors for an interval"))
    low, high = np.quantile(known, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Reading(float(value), float(low), float(high))
