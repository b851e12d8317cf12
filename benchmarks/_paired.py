"""Two models on the same repeated folds: the difference of their AUC and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from _bench import Row, gap
from scipy.stats import t

FOLDS, MARGIN = 5, -0.005


def paired(ours: np.ndarray, peer: np.ndarray) -> dict[str, float]:
    """Mean difference of two seeds x folds arrays of AUC with the lower ends of two 95 % intervals.

    `low` is of the repetition (Student's t over the repeats: how sure the mean is on these very rows), `low_new` for
    a new sample of the same size (Nadeau and Bengio 2003: the variance of folds times 1/J + n_test/n_train), which is
    much wider on small sets. One repeat has no spread of its own: `low` is then `low_new`.
    """
    difference = ours - peer
    repeats, folds, mean = len(difference), difference.size, difference.mean()
    new = t.ppf(0.975, folds - 1) * difference.std(ddof=1) * np.sqrt(1 / folds + 1 / (FOLDS - 1))
    spread = difference.mean(axis=1).std(ddof=1) if repeats > 1 else np.nan
    repeated = t.ppf(0.975, repeats - 1) * spread / np.sqrt(repeats) if repeats > 1 else new
    return {"difference": float(mean), "low": float(mean - repeated), "low_new": float(mean - new)}


def rows(what: str, ours: np.ndarray, peer: np.ndarray, who: str, n: int) -> Sequence[Row]:
    """The difference held against the margin by its interval over repeats, and for a new sample, goal of neither."""
    found = paired(ours, peer)
    means = float(ours.mean()), float(peer.mean()), who
    return [
        gap(what, *means, MARGIN, n, found["low"]),
        gap(f"{what}, a new sample of this size", *means, None, n, found["low_new"]),
    ]
