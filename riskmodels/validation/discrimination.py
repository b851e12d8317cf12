"""How well a score separates bad cases from good ones: AUC with honest intervals, Kolmogorov-Smirnov, curves.

Every function takes `outcome` (n,), 1 for bad and 0 for good, and `score` (n,), where more means riskier. A tie
counts a half.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr
from scipy.stats import norm

from riskmodels.validation.dependence import Clusters, Codes, combined_variance, groupings

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A value with its standard error and confidence interval."""

    value: float
    se: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """The AUC of a first score less that of a second on the same cases; p is two-sided, H0: no difference."""

    value: float
    se: float
    z: float
    p_value: float


def auc(outcome: ArrayLike, score: ArrayLike) -> float:
    """Probability that a random bad case scores above a random good one; larger is better, 0.5 is chance.

    NaN for one class.
    """
    return float(np.mean(placements(outcome, score)[0])) if _both_classes(outcome) else float("nan")


def gini(outcome: ArrayLike, score: ArrayLike) -> float:
    """2 AUC - 1, which is also the accuracy ratio and Somers' D of a two-valued outcome; larger is better."""
    return 2 * auc(outcome, score) - 1


def weighted_auc(outcome: ArrayLike, score: ArrayLike, weight: ArrayLike) -> float:
    """AUC in which each pair counts with the product of its weights (n,), such as amounts.

    NaN without weight in a class.
    """
    y, w = np.asarray(outcome, float), np.asarray(weight, float)
    _, level = np.unique(np.asarray(score, float), return_inverse=True)
    bad, good = np.bincount(level, w * y), np.bincount(level, w * (1 - y))
    pairs = bad.sum() * good.sum()
    below = np.cumsum(good) - good / 2
    return min(float(bad @ below / pairs), 1.0) if pairs > 0 else float("nan")


def auc_interval(outcome: ArrayLike, score: ArrayLike, cluster: Clusters = None, confidence: float = 0.95) -> Estimate:
    """AUC with standard error and normal interval, cut at 0 and 1.

    Without `cluster` the variance is DeLong's, var(V10)/n1 + var(V01)/n0, unbiased. With one array (n,), cases of one
    cluster (an obligor) may depend on each other: Obuchowski's variance, which is DeLong's when each case is its own
    cluster. With a tuple of two (debtor, client) it is combined over both as in `dependence.clustered_se`.
    References: DeLong, DeLong, Clarke-Pearson 1988; Sun, Xu 2014; Obuchowski 1997; Cameron, Gelbach, Miller 2011.
    """
    v10, v01 = placements(outcome, score)
    value = float(v10.mean())
    se = _standard_error((v10 - value) / len(v10), (v01 - v01.mean()) / len(v01), outcome, cluster)
    return _normal(value, se, confidence)


def weighted_auc_interval(
    outcome: ArrayLike, score: ArrayLike, weight: ArrayLike, cluster: Clusters = None, confidence: float = 0.95
) -> Estimate:
    """The weighted AUC with standard error and interval as in `auc_interval`, to which equal weights (n,) lead.

    A bad case's influence is w_i (V10_i - AUC) / sum of the bad cases' weights, V10_i the weight of good cases it
    beats; a good one's likewise. Weights are taken as given, not as random.
    """
    w, bad = np.asarray(weight, float), np.asarray(outcome) == 1
    v10, v01 = placements(bad, score, w)
    value = weighted_auc(outcome, score, weight)
    x, y = (w[side] * (v - value) / w[side].sum() for side, v in ((bad, v10), (~bad, v01)))
    return _normal(value, _standard_error(x, y, outcome, cluster), confidence)


def auc_difference(outcome: ArrayLike, score: ArrayLike, other: ArrayLike, cluster: Clusters = None) -> Difference:
    """AUC of `score` less AUC of `other` on the same cases, paired DeLong test; clusters as in `auc_interval`."""
    a10, a01 = placements(outcome, score)
    b10, b01 = placements(outcome, other)
    v10, v01 = a10 - b10, a01 - b01
    value = float(v10.mean())
    se = _standard_error((v10 - value) / len(v10), (v01 - v01.mean()) / len(v01), outcome, cluster)
    z = value / se if se > 0 else float("nan")
    # Two scores of one order don't differ, however small the sample: that is an answer, not a lack of one.
    p = 1.0 if se == 0 and value == 0 else float(2 * norm.sf(abs(z)))
    return Difference(value, se, z, p)


def auc_fall_p(initial: float, current: Estimate) -> float:
    """p-value of the ECB's S-test, H0: the current AUC is not below the initial one; a small p is a fall.

    S = (AUC_initial - AUC_current) / s with s the standard error of the current AUC, p = 1 - Phi(S); NaN when s is 0.
    Reference: ECB, Instructions for reporting the validation results of internal models, 2019, 2.5.3.
    """
    return float(norm.sf((initial - current.value) / current.se)) if current.se > 0 else float("nan")


def ks(outcome: ArrayLike, score: ArrayLike) -> float:
    """Largest distance between the cumulative shares of bad and good cases, 0 to 1; larger is better.

    NaN for one class.
    """
    false_alarms, hits = roc_curve(outcome, score)
    return float(np.max(np.abs(hits - false_alarms)))


def roc_curve(outcome: ArrayLike, score: ArrayLike) -> tuple[Floats, Floats]:
    """Share of good and of bad cases at or above each distinct score, riskiest first, from (0, 0) to (1, 1)."""
    good, bad = counts_by_score(outcome, score)
    return cumulative_share(good), cumulative_share(bad)


def cap_curve(outcome: ArrayLike, score: ArrayLike) -> tuple[Floats, Floats]:
    """Share of all and of bad cases at or above each distinct score, riskiest first, from (0, 0) to (1, 1)."""
    good, bad = counts_by_score(outcome, score)
    return cumulative_share(good + bad), cumulative_share(bad)


def entropy_ratio(events: ArrayLike, n: ArrayLike) -> float:
    """Conditional information entropy ratio of grades with `events` of `n` cases each (K,).

    The share of the outcome's entropy that knowing the grade removes, 0 to 1, larger is better. Reference: BCBS
    working paper 14.
    """
    seen = np.asarray(n) > 0
    d, m = np.asarray(events, float)[seen], np.asarray(n, float)[seen]
    whole = float(entropy(d.sum() / m.sum())) if m.size else 0.0
    return float(1 - (m / m.sum()) @ entropy(d / m) / whole) if whole > 0 else float("nan")


def placements(outcome: ArrayLike, score: ArrayLike, weight: ArrayLike | None = None) -> tuple[Floats, Floats]:
    """The share of good cases each bad one beats, V10 (n1,), and of bad ones that beat each good one, V01 (n0,).

    Shares of weight where weights (n,) are given. The mean of either, so weighted, is the AUC. Found from one sort; all
    NaN where a score is missing.
    """
    bad, s = np.asarray(outcome) == 1, np.asarray(score, float)
    w = np.ones(len(s)) if weight is None else np.asarray(weight, float)
    _, level = np.unique(s, return_inverse=True)
    size = int(level.max(initial=-1)) + 1
    bads, goods = (np.bincount(level[side], w[side], size) for side in (bad, ~bad))
    below, beaten = np.cumsum(goods) - goods / 2, np.cumsum(bads) - bads / 2
    known = np.nan if np.isnan(s).any() else 1.0
    with np.errstate(invalid="ignore", divide="ignore"):
        return known * below[level[bad]] / goods.sum(), known - beaten[level[~bad]] / bads.sum()


def _normal(value: float, se: float, confidence: float) -> Estimate:
    half = float(norm.ppf(0.5 + confidence / 2)) * se
    low, high = np.clip([value - half, value + half], 0, 1)
    return Estimate(value, se, float(low), float(high))


def _standard_error(x: Floats, y: Floats, outcome: ArrayLike, cluster: Clusters) -> float:
    """From the influence of bad cases (n1,) and of good ones (n0,): DeLong's error, by one clustering Obuchowski's."""
    bad = np.asarray(outcome) == 1
    variance = combined_variance(partial(_obuchowski, x, y, bad), groupings(cluster, len(bad)))
    return float(np.sqrt(variance)) if variance >= 0 else float("nan")


def _obuchowski(x: Floats, y: Floats, bad: NDArray[np.bool_], code: Codes) -> float:
    size = int(code.max()) + 1
    i10, i01 = (int((np.bincount(code[side], minlength=size) > 0).sum()) for side in (bad, ~bad))
    if min(i10, i01) < 2:
        return float("nan")
    a, b = np.bincount(code[bad], x, size), np.bincount(code[~bad], y, size)
    return float(i10 / (i10 - 1) * a @ a + i01 / (i01 - 1) * b @ b + 2 * size / (size - 1) * a @ b)


def _both_classes(outcome: ArrayLike) -> bool:
    y = np.asarray(outcome)
    return bool((y == 1).any() and (y == 0).any())


def counts_by_score(outcome: ArrayLike, score: ArrayLike) -> tuple[Floats, Floats]:
    """Good and bad cases at each distinct score, riskiest first (L,)."""
    y = np.asarray(outcome, float)
    _, level = np.unique(-np.asarray(score, float), return_inverse=True)
    return np.asarray(np.bincount(level, 1 - y), float), np.asarray(np.bincount(level, y), float)


def cumulative_share(counts: Floats) -> Floats:
    """Shares of the total up to each place (L + 1,), from 0 to 1; NaN when it is 0."""
    total = counts.sum()
    return np.concatenate([[0.0], np.cumsum(counts) / (total if total > 0 else np.nan)])


def entropy(p: ArrayLike) -> Floats:
    """Entropy of a two-valued outcome of probability p, in bits."""
    q = np.asarray(p, float)
    return np.asarray((entr(q) + entr(1 - q)) / np.log(2))
