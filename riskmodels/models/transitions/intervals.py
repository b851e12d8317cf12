"""Intervals of transition probabilities: per cell in closed form, or by drawing obligors again.

An estimator is a function of weights (b, m), how often each of m obligors counts in each of b samples, that returns
probabilities (b, ..., K, K) or (b, ...): once with ones for the estimate, then with draws of obligors for its spread.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import expit, logit
from scipy.stats import beta, chi2, norm

from riskmodels.core.errors import Misuse

Estimate = Callable[[np.ndarray], np.ndarray]
Bounds = tuple[np.ndarray, np.ndarray]
BATCH = 4_000_000
"""Weights held at a time."""


def once(estimate: Estimate, obligors: int) -> np.ndarray:
    """The estimate with every obligor counted once."""
    return estimate(np.ones((1, obligors)))[0]


def drawn(estimate: Estimate, obligors: int, replicates: int, seed: int) -> np.ndarray:
    """The estimate on `replicates` samples of whole obligors, drawn with replacement: (replicates, ...)."""
    if replicates < 100:
        raise Misuse(f"replicates: found {replicates}, expected at least 100")
    return np.concatenate([estimate(weights) for weights in _resamples(obligors, replicates, seed)])


def _resamples(obligors: int, replicates: int, seed: int) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(seed)
    batch = max(1, BATCH // obligors)
    for begin in range(0, replicates, batch):
        size = min(batch, replicates - begin)
        picks = rng.integers(0, obligors, (size, obligors))
        places = picks + obligors * np.arange(size)[:, None]
        yield np.bincount(places.ravel(), minlength=size * obligors).reshape(size, obligors).astype(float)


def percentile(draws: np.ndarray, confidence: float) -> Bounds:
    """The central share `confidence` of the draws (b, ...), those that are nan left out."""
    tail = (1 - confidence) / 2
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="All-NaN slice encountered")
        low, high = np.nanquantile(draws, [tail, 1 - tail], axis=0)
    return low, high


def jeffreys(events: np.ndarray, n: np.ndarray, confidence: float) -> Bounds:
    """The equal-tailed Jeffreys interval of a share; its low end is 0 without events, its high end 1 with only events.

    Quantiles of Beta(events + 1/2, n - events + 1/2); nan where n is 0. Source: Brown, Cai and DasGupta 2001.
    """
    tail, safe = (1 - confidence) / 2, np.where(n > 0, n, np.nan)
    low = beta.ppf(tail, events + 0.5, safe - events + 0.5)
    high = beta.isf(tail, events + 0.5, safe - events + 0.5)
    return np.where((events == 0) & (n > 0), 0.0, low), np.where((events == n) & (n > 0), 1.0, high)


def wilson(events: np.ndarray, n: np.ndarray, confidence: float) -> Bounds:
    """The Wilson score interval of a share; nan where n is 0. Source: Wilson 1927."""
    z, safe = norm.isf((1 - confidence) / 2), np.where(n > 0, n, np.nan)
    share = events / safe
    middle = (share + z**2 / (2 * safe)) / (1 + z**2 / safe)
    half = z / (1 + z**2 / safe) * np.sqrt(share * (1 - share) / safe + z**2 / (4 * safe**2))
    low = np.where((events == 0) & (n > 0), 0.0, middle - half)
    return low, np.where((events == n) & (n > 0), 1.0, middle + half)


def poisson(events: np.ndarray, exposure: np.ndarray, confidence: float) -> Bounds:
    """The exact interval of a rate, events per unit of exposure; nan without exposure. Source: Garwood 1936."""
    tail, safe = (1 - confidence) / 2, np.where(exposure > 0, exposure, np.nan)
    low = np.where(events > 0, chi2.ppf(tail, 2 * np.maximum(events, 1)) / 2, 0.0)
    return low / safe, chi2.isf(tail, 2 * events + 2) / 2 / safe


def normal(p: np.ndarray, variance: np.ndarray, confidence: float) -> Bounds:
    """The interval of a probability that is symmetric in its logit; p itself where the variance is 0 or p is 0 or 1."""
    inside = (p > 0) & (p < 1) & (variance > 0)
    safe = np.where(inside, p, 0.5)
    half = norm.isf((1 - confidence) / 2) * np.sqrt(np.where(inside, variance, 0.0)) / (safe * (1 - safe))
    low, high = (expit(logit(safe) + side * half) for side in (-1, 1))
    return np.where(inside, low, p), np.where(inside, high, p)


def with_empty(p: np.ndarray, bounds: Bounds, cases: np.ndarray, confidence: float) -> Bounds:
    """The bounds of p, with the Jeffreys interval where p is 0 or 1, of which a spread says nothing.

    cases, of a shape that broadcasts to p's, are the independent ones behind each p: obligors, or obligor-years over
    the horizon if fewer. Where there are none the bounds are nan.
    """
    n = np.broadcast_to(cases, p.shape)
    low, high = jeffreys(np.where(p > 0.5, n, 0.0), n, confidence)
    empty = (p <= 0) | (p >= 1)
    return np.where(empty, low, bounds[0]), np.where(empty, high, bounds[1])


def framed(p: np.ndarray, bounds: Bounds, held: np.ndarray) -> Bounds:
    """The bounds (K, K) of a matrix: p itself in absorbing rows `held` (K,), nan where p is."""
    fixed = held[:, None] | np.isnan(p)
    return np.where(fixed, p, bounds[0]), np.where(fixed, p, bounds[1])


def check_confidence(confidence: float) -> None:
    """Refuse a confidence that is no share between 0 and 1."""
    if not 0 < confidence < 1:
        raise Misuse(f"confidence: found {confidence}, expected a share between 0 and 1, such as .95")
