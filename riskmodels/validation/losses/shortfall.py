"""Whether estimates are too low on average: the ECB's one-sided t-test of LGD, by number, by amount, by obligor.

`gap` (n,) is what a case turned out worse than estimated, realised less estimated for a loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t

from riskmodels.validation.dependence import Clusters, clustered_se, groupings
from riskmodels.validation.grades import holm

Floats = NDArray[np.float64]
LEVEL, POWER = 0.05, 0.8
FEWEST = 5
"""Independent cases below which the mean of a loss, which is nothing or all, isn't normal enough to test."""


@dataclass(frozen=True)
class Shortfall:
    """How much worse than estimated cases turned out on average: `gap`, its standard error, and degrees of freedom.

    `independent` is how many cases of equal weight that were independent would be as telling; df is one less. H0 of the
    test: the estimate is at least the truth, gap <= 0.
    """

    n: int
    gap: float
    se: float
    independent: float

    @property
    def df(self) -> float:
        """Degrees of freedom of the t-distribution."""
        return self.independent - 1

    @property
    def statistic(self) -> float:
        """T = gap / standard error, sqrt(N) mean / s for equal and independent cases; nan where none differs."""
        return self.gap / self.se if self.se > 0 else float("nan")

    @property
    def p_value(self) -> float:
        """1 - S_df(T), small when estimates are too low."""
        return float(t.sf(self.statistic, self.df)) if self.df > 0 else float("nan")

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """The two-sided interval of the gap."""
        half = float(t.isf((1 - confidence) / 2, self.df)) * self.se
        return self.gap - half, self.gap + half

    def critical(self, level: float = LEVEL) -> float:
        """The gap that chance alone exceeds with probability `level` when H0 just holds."""
        return float(t.isf(level, self.df)) * self.se

    def detectable(self, level: float = LEVEL) -> float:
        """The smallest gap found at `level` with 80 % power: (t_level + t_power) x standard error. Bloom 1995."""
        return float(t.isf(level, self.df) + t.isf(1 - POWER, self.df)) * self.se


def shortfall(gap: ArrayLike, weight: ArrayLike | None = None, clusters: Clusters = None) -> Shortfall:
    """The mean gap of cases with its error; with `weight` (n,) the mean by amount, sum w gap / sum w.

    Without weights and clusters this is the ECB's test, T = sqrt(N) mean / s with N - 1 degrees of freedom. Clusters as
    in `dependence.clustered_se`: cases of one obligor may depend on each other. The independent cases are then
    (sum of weights)^2 / sum of squared cluster weights, the fewest of the clusterings.

    Reference: ECB, instructions for reporting the validation results of internal models, 2019, 2.6.2; Cameron, Gelbach
    and Miller 2011; Carter, Schnepel and Steigerwald 2017.
    """
    each = np.asarray(gap, float)
    w = np.ones_like(each) if weight is None else np.asarray(weight, float)
    if not w.sum() > 0:
        return Shortfall(len(each), float("nan"), float("nan"), 0.0)
    mean = float(w @ each / w.sum())
    se = clustered_se(w * (each - mean) / w.sum(), clusters)
    sums = (np.bincount(code, w) for code in groupings(clusters, len(each)))
    return Shortfall(len(each), mean, se, min(float(w.sum() ** 2 / (s @ s)) for s in sums))


def shortfalls(
    gap: ArrayLike, group: ArrayLike, weight: ArrayLike | None = None, clusters: Clusters = None
) -> pd.DataFrame:
    """One row per group of cases (n,), in order: group, n, gap, low, high, statistic, p_value, se, df,
    detectable, holm_p.

    Groups of fewer than FEWEST independent cases, or whose cases all deviate alike, aren't tested, and Holm's family is
    those that are; what a group could have found is at the level Holm holds the smallest p-value to.
    """
    codes, names = pd.factorize(np.asarray(group), sort=True)
    rows = [_of(np.asarray(gap, float), codes == place, weight, clusters) for place in range(len(names))]
    tested = [row.independent >= FEWEST and row.se > 0 for row in rows]
    table = pd.DataFrame(
        {
            "group": names,
            "n": [row.n for row in rows],
            "gap": [row.gap for row in rows],
            **_tests(rows, tested),
        }
    )
    return table.assign(holm_p=_holm(table["p_value"]))


def loss_shortfall(
    estimated: ArrayLike, realised: ArrayLike, amount: ArrayLike, clusters: Clusters = None
) -> Shortfall:
    """The share of the realised loss that was not estimated, 1 - sum (estimated x amount) / sum (realised x amount).

    Above 0 too little was set aside. The error is that of a ratio, by its linear part. Reference: Li, Bhariok, Keenan
    and Santilli 2009, Journal of Risk Model Validation 3.
    """
    amounts = np.asarray(amount, float)
    expected, lost = np.asarray(estimated, float) * amounts, np.asarray(realised, float) * amounts
    total = lost.sum()
    if not total > 0:
        return Shortfall(len(lost), float("nan"), float("nan"), 0.0)
    value = 1 - float(expected.sum() / total)
    se = clustered_se(((1 - value) * lost - expected) / total, clusters)
    sums = (np.bincount(code, amounts) for code in groupings(clusters, len(lost)))
    return Shortfall(len(lost), value, se, min(float(amounts.sum() ** 2 / (s @ s)) for s in sums))


def _of(gap: Floats, mine: NDArray[np.bool_], weight: ArrayLike | None, clusters: Clusters) -> Shortfall:
    given = clusters if isinstance(clusters, tuple) else () if clusters is None else (clusters,)
    w = None if weight is None else np.asarray(weight, float)[mine]
    return shortfall(gap[mine], w, tuple(np.asarray(c)[mine] for c in given))


def _tests(rows: list[Shortfall], tested: list[bool]) -> dict[str, list[float]]:
    """The columns of a test, empty where a group wasn't tested."""
    nan, family = float("nan"), max(sum(tested), 1)
    ends = [row.interval() if ran else (nan, nan) for row, ran in zip(rows, tested)]
    return {
        "low": [low for low, _high in ends],
        "high": [high for _low, high in ends],
        "statistic": [row.statistic if ran else nan for row, ran in zip(rows, tested)],
        "p_value": [row.p_value if ran else nan for row, ran in zip(rows, tested)],
        "se": [row.se if ran else nan for row, ran in zip(rows, tested)],
        "df": [row.df if ran else nan for row, ran in zip(rows, tested)],
        "detectable": [row.detectable(LEVEL / family) if ran else nan for row, ran in zip(rows, tested)],
    }


def _holm(p: pd.Series) -> pd.Series:
    known = p.dropna()
    return pd.Series(holm(known), index=known.index, dtype=float).reindex(p.index)
