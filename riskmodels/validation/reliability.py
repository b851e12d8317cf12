"""The CORP reliability curve: what the outcomes say each probability should have been, if only order is trusted.

Recalibrated probabilities are the isotonic regression of outcomes on probabilities, so there are no bins to choose, and
the Brier score falls apart without remainder. Reference: Dimitriadis, Gneiting, Jordan 2021 (PNAS 118, e2016191118).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reliability:
    """Each distinct probability (U,), rising, its cases, its recalibrated value; the Brier score's three parts.

    Brier = miscalibration - discrimination + uncertainty: what a right level would gain, what the order gains over the
    base rate, and the score of the base rate. All at least 0.
    """

    probability: Floats
    n: Floats
    recalibrated: Floats
    miscalibration: float
    discrimination: float
    uncertainty: float


@dataclass(frozen=True)
class Band:
    """The ends (U,), (U,) between which the curve of a calibrated model lies at each probability."""

    low: Floats
    high: Floats


def reliability_curve(outcome: ArrayLike, probability: ArrayLike) -> Reliability:
    """The CORP curve of outcomes (n,), 1 bad and 0 good, on probabilities (n,), by pooling adjacent violators."""
    y, p = np.asarray(outcome, float), np.asarray(probability, float)
    levels, place, n = np.unique(p, return_inverse=True, return_counts=True)
    events, weight = np.bincount(place, y, len(levels)).astype(float), n.astype(float)
    fitted, rate = _pooled(events, weight), float(y.mean())
    score, recalibrated = (_brier(events, weight, q) for q in (levels, fitted))
    base = rate * (1 - rate)
    return Reliability(levels, weight, fitted, score - recalibrated, base - recalibrated, base)


def consistency_band(curve: Reliability, confidence: float = 0.9, draws: int = 100, seed: int = 0) -> Band:
    """Where the curve would lie at each probability, with `confidence`, if the probabilities were right.

    Outcomes are drawn from them `draws` times with `seed`, as independent cases, and the curve made anew.
    """
    rng = np.random.default_rng(seed)
    cases = curve.n.astype(np.int64)
    drawn = np.stack([_pooled(rng.binomial(cases, curve.probability), curve.n) for _draw in range(draws)])
    tail = (1 - confidence) / 2
    return Band(*np.quantile(drawn, [tail, 1 - tail], axis=0))


def _pooled(events: ArrayLike, n: Floats) -> Floats:
    # scikit-learn takes half a second to import: only who draws the curve pays for it
    from sklearn.isotonic import isotonic_regression

    return np.asarray(isotonic_regression(np.asarray(events, float) / n, sample_weight=n), float)


def _brier(events: Floats, n: Floats, told: Floats) -> float:
    """The mean squared distance of outcomes from what is told of each level."""
    return float(np.sum(events * (1 - told) ** 2 + (n - events) * told**2) / n.sum())
