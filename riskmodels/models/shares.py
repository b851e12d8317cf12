"""Shares by group with intervals that hold when cases carry weights or repeat obligors, and when nothing happened.

Arrays have one value per case (n,); `group` is an integer from 0 on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta

Floats = NDArray[np.float64]


def jeffreys(share: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """The equal-tailed Jeffreys interval of a share seen among n cases: Beta(n s + 1/2, n (1 - s) + 1/2).

    Its low end is 0 at a share of 0, its high end 1 at a share of 1; n may be an effective number. NaN without cases.
    """
    s, m = np.asarray(share, float), np.asarray(n, float)
    m = np.where(m > 0, m, np.nan)
    tail = (1 - confidence) / 2
    low, high = (end(tail, s * m + 0.5, (1 - s) * m + 0.5) for end in (beta.ppf, beta.isf))
    return np.where((s <= 0) & (m > 0), 0.0, low), np.where((s >= 1) & (m > 0), 1.0, high)


def shares_by(
    group: ArrayLike, event: ArrayLike, size: int, weight: ArrayLike | None = None, cluster: ArrayLike | None = None
) -> pd.DataFrame:
    """One row per group 0 to `size` - 1: the share of cases with the event and its 95 % interval.

    Columns: n (cases), weight, events (weighted), share, effective (number of independent cases that would say as
    much), low, high. The interval is Jeffreys' on the effective number, n without weights and clusters (Korn and
    Graubard 1998): Kish's number divided by the design effect of clusters, and the number of clusters where all cases
    are alike, for then the data tell no design effect.
    """
    place, happened = np.asarray(group, np.int64), np.asarray(event, float)
    w = np.ones(len(place)) if weight is None else np.asarray(weight, float)
    owner = np.arange(len(place)) if cluster is None else pd.factorize(np.asarray(cluster), use_na_sentinel=False)[0]
    n, total, events = (np.bincount(place, by, minlength=size) for by in (None, w, w * happened))
    share = _over(events, total)
    effective = _effective(place, w, w * (happened - share[place]), owner, size)
    low, high = jeffreys(share, effective)
    columns = {"n": n, "weight": total, "events": events, "share": share, "effective": effective}
    return pd.DataFrame({**columns, "low": low, "high": high})


def _effective(place: np.ndarray, weight: Floats, residual: Floats, owner: np.ndarray, size: int) -> Floats:
    """Kish's number over the design effect: variance of sums over clusters to that of independent cases."""
    kish = _over(np.bincount(place, weight, size) ** 2, np.bincount(place, weight**2, size))
    owners = owner.max(initial=0) + 1
    pairs, inverse = np.unique(place * owners + owner, return_inverse=True)
    of_pair, summed = pairs // owners, np.bincount(inverse, residual, len(pairs))
    clusters, n = np.bincount(of_pair, minlength=size), np.bincount(place, minlength=size)
    between = np.bincount(of_pair, summed**2, size) * _over(clusters, clusters - 1)
    alone = np.bincount(place, residual**2, size) * _over(n, n - 1)
    effect = np.where(alone > 0, _over(between, alone), _over(kish, clusters))
    return kish / np.maximum(np.where(clusters < 2, kish, effect), 1.0)


def _over(a: ArrayLike, b: ArrayLike) -> Floats:
    """a / b, NaN where b is 0."""
    top, bottom = np.asarray(a, float), np.asarray(b, float)
    return np.divide(top, bottom, out=np.full(bottom.shape, np.nan), where=bottom != 0)
