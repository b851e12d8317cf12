"""Whether probabilities are as large as what then happened: Brier, slope, Hosmer-Lemeshow, Spiegelhalter and kin.

Every function takes `outcome` (n,), 1 for bad and 0 for good, and `probability` (n,) of bad, in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import chi2, norm

from riskmodels.validation.dependence import Clusters, clustered_se, freedom, t_quantile, t_tail

Floats = NDArray[np.float64]
LEAST = 0.5
"""Bad cases, and their variance, where no more are possible: half a case, so that a ratio to none is a number."""
INFINITE = float("inf")


@dataclass(frozen=True)
class Chi2:
    """A chi-squared statistic, its degrees of freedom and the probability of a larger one under H0."""

    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True)
class Line:
    """The logistic line logit P(bad) = intercept + slope x logit(probability): 0 and 1 when calibrated, with standard
    errors.
    """

    intercept: float
    slope: float
    intercept_se: float
    slope_se: float


@dataclass(frozen=True)
class Level:
    """Observed over expected, its standard error where PDs are right, its 95 % interval, and the two-sided p of 1.

    `df` are the degrees of freedom of the error: clusters less one, infinite for independent cases.
    """

    ratio: float
    error: float
    interval: tuple[float, float]
    p_value: float
    df: float = INFINITE

    def chance(self, level: float) -> tuple[float, float]:
        """The range that right PDs stay in but for a share `level` of samples: what lies inside it is no fault."""
        low, high = around_one(self.error, level, self.df)
        return max(0.0, low), high


@dataclass(frozen=True)
class Brier:
    """The Brier score by groups = reliability - resolution + uncertainty, exact when probabilities are equal inside a
    group.
    """

    reliability: float
    resolution: float
    uncertainty: float


def brier(outcome: ArrayLike, probability: ArrayLike) -> float:
    """Mean squared distance of probability and outcome, 0 to 1; smaller is better."""
    return float(np.mean((np.asarray(probability, float) - np.asarray(outcome, float)) ** 2))


def brier_skill(outcome: ArrayLike, probability: ArrayLike) -> float:
    """1 less the Brier score over that of always saying the base rate; larger is better, 0 is no skill.

    NaN for one class.
    """
    rate = float(np.mean(np.asarray(outcome, float)))
    return 1 - brier(outcome, probability) / (rate * (1 - rate)) if 0 < rate < 1 else float("nan")


def brier_skill_error(outcome: ArrayLike, probability: ArrayLike, clusters: Clusters = None) -> float:
    """The standard error of the Brier skill, cases of a cluster free to depend; NaN for one class.

    By influence: with B the score of base rate r, u = r (1 - r): -((b_i - B) / u - B (1 - 2 r)(y_i - r) / u^2) / n.
    """
    y, p = np.asarray(outcome, float), np.asarray(probability, float)
    rate, each = float(y.mean()), (p - y) ** 2
    base = rate * (1 - rate)
    if base <= 0:
        return float("nan")
    score = each.mean()
    return clustered_se(((each - score) / base - score * (1 - 2 * rate) * (y - rate) / base**2) / len(y), clusters)


def brier_parts(outcome: ArrayLike, probability: ArrayLike, group: ArrayLike) -> Brier:
    """The Brier score taken apart over groups (n,). Reference: Murphy 1973."""
    n, events, expected = _sums(outcome, probability, group)
    rate, share = events.sum() / n.sum(), n / n.sum()
    return Brier(
        reliability=float(share @ ((events - expected) / n) ** 2),
        resolution=float(share @ (events / n - rate) ** 2),
        uncertainty=float(rate * (1 - rate)),
    )


def observed_expected(
    outcome: ArrayLike, probability: ArrayLike, clusters: Clusters = None, weight: ArrayLike | None = None
) -> Level:
    """Observed over expected events, above 1 when PDs are too low; with `weight` (n,), of amounts.

    Events where every PD is 0 are held against half a case, with which they are a breach, not undefined; NaN without
    either. PDs of 0 and 1 alone leave no variance: half a case's is taken. Where PDs are right its variance is sum w^2
    p (1 - p) / (sum w p)^2, times the design effect of the clusters: the clustered variance of the ratio over that of
    independent cases, 1 at least. At a true ratio r it is r times that, so that the interval holds every r with
    |ratio - r| <= t error sqrt(r), t Student's quantile for the clusters.
    """
    y, p = np.asarray(outcome, float), np.asarray(probability, float)
    w = np.ones_like(p) if weight is None else np.asarray(weight, float)
    expected, observed = float(w @ p), float(w @ y)
    if expected <= 0 and observed <= 0:
        nan = float("nan")
        return Level(nan, nan, (nan, nan), nan)
    one = float(w.sum() / np.count_nonzero(w))
    expected, variance = expected or LEAST * one, float(w**2 @ (p * (1 - p)))
    ratio = observed / expected
    effect, df = (_design_effect(w * (y - ratio * p), clusters), freedom(clusters)) if variance > 0 else (1.0, INFINITE)
    error = float(np.sqrt((variance or LEAST * one**2) * effect)) / expected
    half = t_quantile(0.025, df) * error
    low, high = (((side * half + np.sqrt(half**2 + 4 * ratio)) / 2) ** 2 for side in (-1, 1))
    return Level(ratio, error, (float(low), float(high)), two_sided(ratio - 1, error, df), df)


def around_one(error: float, level: float, df: float = INFINITE) -> tuple[float, float]:
    """The range around 1 that an estimate of this standard error leaves with probability `level`, two-sided."""
    half = t_quantile(level / 2, df) * error
    return 1 - half, 1 + half


def hosmer_lemeshow(outcome: ArrayLike, probability: ArrayLike, groups: int = 10, in_sample: bool = False) -> Chi2:
    """Hosmer-Lemeshow test over quantile groups of probability, H0: calibrated; a small p is miscalibration.

    sum (O - E)^2 / (E (1 - E/n)), degrees of freedom groups - 2 on the sample a model was fitted on, groups elsewhere;
    p is NaN where none is left.
    Quantiles by the rule averaged_inverted_cdf (Stata's); equal probabilities stay in one group.
    """
    return _chi2_over(outcome, probability, quantile_groups(probability, groups), 2 if in_sample else 0)


def grouped_chi2(outcome: ArrayLike, probability: ArrayLike, group: ArrayLike) -> Chi2:
    """Hosmer-Lemeshow over given groups (n,) such as grades, degrees of freedom = groups."""
    return _chi2_over(outcome, probability, group, 0)


def spiegelhalter(outcome: ArrayLike, probability: ArrayLike) -> tuple[float, float]:
    """Spiegelhalter's z and two-sided p, H0: calibrated case by case. NaN when all probabilities are 0, 0.5 or 1.

    z = sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p (1 - p)). Reference: Spiegelhalter 1986.
    """
    y, p = np.asarray(outcome, float), np.asarray(probability, float)
    variance = float(np.sum((1 - 2 * p) ** 2 * p * (1 - p)))
    if variance <= 0:
        return float("nan"), float("nan")
    z = float(np.sum((y - p) * (1 - 2 * p)) / np.sqrt(variance))
    return z, float(2 * norm.sf(abs(z)))


def calibration_line(outcome: ArrayLike, probability: ArrayLike, cluster: ArrayLike | None = None) -> Line:
    """Intercept and slope of outcomes on the logit of probability; slope below 1 = predictions too spread (overfitted).

    Standard errors are robust to dependence inside a cluster (n,) if one is given, and NaN if it is the only one. All
    NaN when the line isn't
    identified: one class, one probability, or outcomes separated by probability.
    """
    y, x = np.asarray(outcome, float), logit(probability)
    if np.ptp(y) == 0 or np.ptp(x) == 0 or _separated(y, x):
        return Line(*[float("nan")] * 4)
    # statsmodels takes most of a second to import (its api twice that): only who draws the line pays for it
    from statsmodels.discrete.discrete_model import Logit

    told = cluster is None or freedom(cluster) > 0
    robust = {} if cluster is None or not told else {"cov_type": "cluster", "cov_kwds": {"groups": _codes(cluster)}}
    fit = Logit(y, np.column_stack([np.ones_like(x), x])).fit(disp=0, **robust)
    errors = fit.bse if told else [float("nan")] * 2
    return Line(*map(float, (*fit.params, *errors)))


def calibration_in_the_large(outcome: ArrayLike, probability: ArrayLike) -> float:
    """The shift of all logits that makes expected equal observed events, 0 when calibrated; NaN for one class."""
    y, x = np.asarray(outcome, float), logit(probability)
    if np.ptp(y) == 0:
        return float("nan")
    return float(brentq(lambda a: expit(x + a).sum() - y.sum(), -60, 60))


def expected_calibration_error(outcome: ArrayLike, probability: ArrayLike, groups: int = 10) -> float:
    """Mean distance of event rate and mean probability over quantile groups, weighted by cases; smaller is better."""
    n, events, expected = _sums(outcome, probability, quantile_groups(probability, groups))
    return float(np.abs(events - expected).sum() / n.sum())


def quantile_groups(probability: ArrayLike, groups: int = 10) -> NDArray[np.int64]:
    """The group 0 .. groups-1 (n,) of each case by quantiles of probability, smallest first; ties are never split."""
    p = np.asarray(probability, float)
    edges = np.quantile(p, np.arange(1, groups) / groups, method="averaged_inverted_cdf")
    return np.searchsorted(edges, p, side="left")


def two_sided(distance: float, error: float, df: float = INFINITE) -> float:
    """The p-value, by Student's law, of an estimate this far from its target; NaN without an error."""
    return 2 * t_tail(abs(distance) / error, df) if error > 0 else float("nan")


def logit(probability: ArrayLike) -> Floats:
    """log(p / (1 - p)), probabilities kept 1e-9 away from 0 and 1 so that the logit is finite."""
    p = np.clip(np.asarray(probability, float), 1e-9, 1 - 1e-9)
    return np.log(p / (1 - p))


def _design_effect(influence: Floats, clusters: Clusters) -> float:
    alone = clustered_se(influence)
    return max((clustered_se(influence, clusters) / alone) ** 2, 1.0) if alone > 0 else 1.0


def _separated(y: Floats, x: Floats) -> bool:
    bad, good = x[y == 1], x[y == 0]
    return bool(bad.min() >= good.max() or good.min() >= bad.max())


def _codes(group: ArrayLike) -> NDArray[np.int64]:
    return np.unique(np.asarray(group), return_inverse=True)[1]


def _sums(outcome: ArrayLike, probability: ArrayLike, group: ArrayLike) -> tuple[Floats, Floats, Floats]:
    code = _codes(group)
    y, p = np.asarray(outcome, float), np.asarray(probability, float)
    n, events, expected = (np.asarray(np.bincount(code, w), float) for w in (np.ones_like(y), y, p))
    return n, events, expected


def _chi2_over(outcome: ArrayLike, probability: ArrayLike, group: ArrayLike, lost: int) -> Chi2:
    n, events, expected = _sums(outcome, probability, group)
    variance = expected * (1 - expected / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A group without variance whose events come as expected adds nothing; one that surprises contradicts H0.
        terms = np.where(events == expected, 0.0, (events - expected) ** 2 / variance)
    df = len(n) - lost
    statistic = float(terms.sum())
    return Chi2(statistic, df, float(chi2.sf(statistic, df)) if df > 0 else float("nan"))
