"""How far the distributions of bad and of good cases lie apart: Kolmogorov-Smirnov with its place, KL, IV, H.

`outcome` (n,) is 1 for bad and 0 for good, `score` (n,) larger for riskier; of grades, `events` of `n` cases (K,).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression
from scipy.special import betainc
from scipy.stats import kstwo

from riskmodels.models.binning import woe
from riskmodels.validation.discrimination import counts_by_score, cumulative_share, entropy, entropy_ratio

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Distance:
    """The KS distance, the score it is reached at (a case is told bad from there on) and p, H0: one distribution."""

    value: float
    position: float
    p_value: float


def ks_test(outcome: ArrayLike, score: ArrayLike) -> Distance:
    """The largest distance between the cumulative shares of bad and good cases, where it is, and its p-value.

    p is that of independent cases and large samples; scores that tie make it larger than it is. NaN for one class.
    """
    good, bad = counts_by_score(outcome, score)
    levels = np.unique(np.asarray(score, float))[::-1]
    apart = np.abs(cumulative_share(bad) - cumulative_share(good))[1:]
    if np.isnan(apart).any():
        return Distance(*[float("nan")] * 3)
    place, pairs = int(np.argmax(apart)), good.sum() * bad.sum() / (good.sum() + bad.sum())
    p = float(kstwo.sf(apart[place], max(1, round(pairs))))
    return Distance(float(apart[place]), float(levels[place]), p)


def pietra(distance: float) -> float:
    """Pietra's index from a KS distance: KS sqrt(2) / 4, the height of the ROC curve's largest triangle over half."""
    return distance * float(np.sqrt(2)) / 4


def kl_distance(events: ArrayLike, n: ArrayLike) -> float:
    """Entropy of the outcome that knowing the grade removes, in bits; larger is better, at most that of the base rate.

    The conditional information entropy ratio times the outcome's own entropy. Reference: BCBS working paper 14.
    """
    d, m = np.asarray(events, float), np.asarray(n, float)
    return entropy_ratio(d, m) * float(entropy(d.sum() / m.sum())) if m.sum() > 0 else float("nan")


def information_value(events: ArrayLike, n: ArrayLike) -> float:
    """Sum over grades of (share of bad - share of good) ln(share of bad / share of good); larger is better.

    A grade without bad or good cases counts half a case, as in the binning of a scorecard.
    """
    d, m = np.asarray(events, float), np.asarray(n, float)
    return woe.information_value((m - d)[m > 0], d[m > 0])


def h_measure(outcome: ArrayLike, score: ArrayLike) -> float:
    """Hand's H: the share of a coin's expected loss that the score saves, the cost of errors drawn from Beta(2, 2).

    1 for perfect order, 0 for none (or worse than none: its best use is not to use it); only order matters. With c the
    cost of a false alarm and 1 - c that of a missed bad case, the best cut-off for c is a corner of the ROC curve's
    convex hull, whose pieces are the blocks of an isotonic regression: c is indifferent between the two ends of a
    piece where it is the piece's bad rate. NaN for one class. Reference: Hand 2009.
    """
    good, bad = counts_by_score(outcome, score)
    if not (good.sum() > 0 and bad.sum() > 0):
        return float("nan")
    blocks = isotonic_regression(bad / (good + bad), weights=good + bad, increasing=False).blocks[:-1]
    hull, chance = (_expected_loss(*(np.add.reduceat(side, cut) for side in (good, bad))) for cut in (blocks, [0]))
    return 1 - hull / chance


def _expected_loss(good: Floats, bad: Floats) -> float:
    """Loss, over costs from Beta(2, 2), of always using the best corner of a hull with so many cases by piece (K,)."""
    rates = np.concatenate([[1.0], bad / (good + bad), [0.0]])
    of_alarm, of_miss = -np.diff(betainc(3, 2, rates)) / 2, -np.diff(betainc(2, 3, rates)) / 2
    alarms, caught = (np.concatenate([[0.0], np.cumsum(side)]) for side in (good, bad))
    return float(alarms @ of_alarm + (bad.sum() - caught) @ of_miss)
