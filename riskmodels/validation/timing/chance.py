"""What chance alone explains of a figure whose error is a sum of influences: tests, intervals and what they miss."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, t

from riskmodels.validation.dependence import Clusters, cluster_codes, clustered_se, groupings

Floats = NDArray[np.float64]
POWER = 0.8
DRAWS = 20_000
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Against:
    """A figure with its standard error against `expected`, the value under H0; `df` of a t law, inf of a normal."""

    value: float
    expected: float
    se: float
    df: float = float("inf")

    @property
    def statistic(self) -> float:
        """(value - expected) / se; NaN without an error."""
        return (self.value - self.expected) / self.se if self.varies else float("nan")

    @property
    def varies(self) -> bool:
        """Whether there is an error to compare with, more than that of rounding."""
        return self.se > _ROUNDING

    @property
    def p_value(self) -> float:
        """Two-sided p of the statistic."""
        return float(2 * t.sf(abs(self.statistic), self.df))

    @property
    def p_below(self) -> float:
        """One-sided p, H0: the figure is at least what was expected."""
        return float(t.cdf(self.statistic, self.df))

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the figure; None without an error."""
        return self.within(-np.inf, np.inf)

    def within(self, least: float, most: float) -> tuple[float, float] | None:
        """95 % interval of a figure that can't lie outside two ends; None without an error."""
        half = float(t.ppf(0.975, self.df)) * self.se
        return (max(self.value - half, least), min(self.value + half, most)) if self.varies else None

    def explained(self, level: float) -> tuple[float, float]:
        """The values that chance alone explains at a level, two-sided, around what was expected."""
        half = float(t.isf(level / 2, self.df)) * self.se if self.varies else 0.0
        return self.expected - half, self.expected + half

    def detect(self, level: float) -> float:
        """The smallest deviation that the two-sided test at a level finds with 80 % power."""
        return float(t.ppf(1 - level / 2, self.df) + t.ppf(POWER, self.df)) * self.se

    def detect_below(self, level: float) -> float:
        """The smallest fall that the one-sided test at a level finds with 80 % power."""
        return float(t.ppf(1 - level, self.df) + t.ppf(POWER, self.df)) * self.se


def mean_against(value: ArrayLike, expected: float, clusters: Clusters) -> Against:
    """The mean of values (n,) against `expected`, by a t law with one degree less than the clusters there are."""
    each = np.asarray(value, float)
    codes = groupings(clusters, len(each))
    df = min(len(np.unique(code)) for code in codes) - 1
    mean = float(each.mean()) if len(each) else float("nan")
    return Against(mean, expected, clustered_se((each - mean) / max(len(each), 1), codes), max(df, 1))


def covariance(influence: Floats, clusters: Clusters) -> Floats:
    """Covariance (K, K) of K figures from each case's influence (n, K), one- or two-way clustered.

    Two-way: V_first + V_second - V_both; what isn't positive definite of it is cut off at zero. Reference: Cameron,
    Gelbach, Miller 2011.
    """
    codes = groupings(clusters, len(influence))
    found = sum(_one_way(influence, code) for code in codes)
    if len(codes) == 2:
        found = found - _one_way(influence, cluster_codes(codes[0] * (codes[1].max() + 1) + codes[1]))
    values, vectors = np.linalg.eigh(found)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


def _one_way(influence: Floats, code: NDArray[np.int64]) -> Floats:
    sums = np.stack([np.bincount(code, column) for column in influence.T], axis=1)
    return np.asarray(len(sums) / max(len(sums) - 1, 1) * sums.T @ sums)


@dataclass(frozen=True)
class Largest:
    """The largest of K gaps, `at` its place, beside the largest that chance alone makes of them (`drawn`, sorted)."""

    value: float
    at: int
    se: Floats
    drawn: Floats

    @cached_property
    def p_value(self) -> float:
        """How often chance alone makes a gap as large somewhere."""
        beyond = len(self.drawn) - np.searchsorted(self.drawn, self.value, side="left")
        return float((beyond + 1) / (len(self.drawn) + 1))

    def critical(self, level: float = 0.05) -> float:
        """The largest gap that chance alone explains at a level: half the width of the band around the curve."""
        return float(np.quantile(self.drawn, 1 - level))

    def detect(self, level: float) -> float:
        """The smallest gap that would be found with 80 % power, wherever it is."""
        return self.critical(level) + float(norm.ppf(POWER)) * float(self.se.max())


def largest_gap(gap: Floats, influence: Floats, clusters: Clusters, seed: int = 0) -> Largest:
    """The largest absolute gap of K (K,) with the law of the largest under H0, no gap anywhere.

    `influence` (n, K) is what each case adds to the error of each gap. The law is drawn from the normal law with the
    clustered covariance, 20,000 times: a band around a whole curve. Source: Hall and Wellner 1980 for one curve; Lin,
    Wei and Ying 1993 for laws drawn from influences.
    """
    known = covariance(influence, clusters)
    values, vectors = np.linalg.eigh(known)
    normal = np.random.default_rng(seed).standard_normal((DRAWS, len(gap)))
    drawn = np.abs(normal @ (vectors * np.sqrt(np.maximum(values, 0.0))).T).max(axis=1)
    at = int(np.argmax(np.abs(gap)))
    return Largest(float(np.abs(gap[at])), at, np.sqrt(np.diag(known)), np.sort(drawn))
