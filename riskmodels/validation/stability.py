"""Whether a population moved: the population stability index on bins fixed by the reference, missing and unseen as
bins.

The bins come from the reference sample alone; a bin that is empty in either sample is floored, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

Floats = NDArray[np.float64]

FLOOR = 1e-4
MISSING, UNSEEN = mark("missing"), mark("unseen")


Codes = NDArray[np.int64]
Parties = tuple[Codes | None, Codes | None]
"""Whose the cases of the reference and of the current sample are, (n,) and (m,); None: each its own."""


@dataclass(frozen=True)
class Chance:
    """The law of a PSI without a shift: `scale` times chi-squared of `df` degrees of freedom."""

    scale: float
    df: float

    def critical(self, level: float) -> float:
        """The PSI that chance alone exceeds with probability `level`."""
        return float(self.scale * chi2.isf(level, self.df))

    def p_value(self, value: float) -> float:
        """How often chance alone makes a PSI as large."""
        return float(chi2.sf(value / self.scale, self.df))


@dataclass(frozen=True)
class Shift:
    """A PSI, its law without a shift, and its table: one row per bin.

    Table columns: bin, reference and current (cases), reference_share, current_share, part (of the PSI).
    """

    value: float
    chance: Chance
    table: pd.DataFrame

    @property
    def critical(self) -> float:
        """The value that chance alone exceeds with probability 5 %."""
        return self.chance.critical(0.05)

    @property
    def significant(self) -> bool:
        """Whether the shift is larger than samples of this size differ by chance."""
        return self.value > self.critical


def psi(reference: pd.Series, current: pd.Series, bins: int = 10, parties: Parties = (None, None)) -> Shift:
    """PSI of one column between a reference and a current sample; smaller is more stable.

    Numbers are cut at the reference's quantiles; text, and numbers of no more than `bins` distinct values, are their
    own bins. Missing values, and levels the reference never had, are bins of their own. Cases of one party may depend
    on each other: see `clustered_chance`.
    """
    if _is_number(reference) and _has_more_than(bins, reference):
        edges = quantile_edges(reference, bins)
        before, now = (_numeric_bins(s, edges) for s in (reference, current))
        labels = [*_interval_names(edges), _(MISSING)]
    else:
        levels = sorted(reference.dropna().unique().tolist())
        before, now = (_level_bins(s, levels) for s in (reference, current))
        labels = [*map(str, levels), _(UNSEEN), _(MISSING)]
    counts = np.bincount(before, minlength=len(labels)), np.bincount(now, minlength=len(labels))
    known = parties[0] is not None or parties[1] is not None
    return shift(*counts, labels, clustered_chance((before, now), parties) if known else None)


def clustered_chance(bins: tuple[Codes, Codes], parties: Parties) -> Chance:
    """The law of the PSI of two samples by the bin of each case (n,), (m,), where cases of one party may depend.

    Near no shift the PSI is sum_b d_b^2 / p_b of the differences d of shares, p those of both samples together. With
    V the sum of both samples' clustered covariances of shares and W = V / sqrt(p p'), it has mean tr W and variance
    2 tr W^2, and so the law tr W^2 / tr W times chi-squared of (tr W)^2 / tr W^2. Cases that stand for themselves have
    (1/n + 1/m) chi2_{B-1}. Reference: Rao and Scott 1981, second order; Yurdakul 2018.
    """
    used, place = np.unique(np.concatenate(bins), return_inverse=True)
    share = np.bincount(place) / len(place)
    found = np.zeros((len(used), len(used)))
    for own, party in zip(np.split(place, [len(bins[0])]), parties, strict=True):
        found += (
            (np.diag(share) - np.outer(share, share)) / len(own)
            if party is None
            else _covariance(own, party, len(used))
        )
    whitened = found / np.sqrt(np.outer(share, share))
    first, second = float(np.trace(whitened)), float((whitened**2).sum())
    if not second > 0:
        return _independent(len(bins[0]), len(bins[1]), len(used))
    return Chance(second / first, first**2 / second)


def _covariance(bins: Codes, party: Codes, kinds: int) -> Floats:
    """The clustered covariance (B, B) of the shares of bins, from the bin and the party of each case (n,)."""
    _each, code = np.unique(party, return_inverse=True)
    parties = int(code.max()) + 1
    counts = np.bincount(code * kinds + bins, minlength=parties * kinds).reshape(parties, kinds)
    apart = counts - counts.sum(axis=1, keepdims=True) * (counts.sum(axis=0) / len(bins))
    return np.asarray(parties / max(parties - 1, 1) * apart.T @ apart / len(bins) ** 2)


def _independent(reference_n: float, current_n: float, bins: int) -> Chance:
    return Chance(1 / reference_n + 1 / current_n, max(bins - 1, 1))


def shift(
    reference: ArrayLike,
    current: ArrayLike,
    labels: Iterable[str] | None = None,
    chance: Chance | None = None,
) -> Shift:
    """PSI of counts per bin (B,) of two samples; bins empty in both are left out, bins empty in one are floored.

    `chance` is the law of the PSI without a shift, without it that of cases that stand for themselves.
    """
    before, now = np.asarray(reference, float), np.asarray(current, float)
    names = np.array([str(b) for b in (labels if labels is not None else range(len(before)))])
    used = before + now > 0
    before, now = before[used], now[used]
    share_before, share_now = before / before.sum(), now / now.sum()
    parts = psi_parts(share_before, share_now)
    table = pd.DataFrame(
        {
            "bin": names[used],
            "reference": before.astype("int64"),
            "current": now.astype("int64"),
            "reference_share": share_before,
            "current_share": share_now,
            "part": parts,
        }
    )
    return Shift(float(parts.sum()), chance or _independent(before.sum(), now.sum(), len(before)), table)


def psi_parts(reference: ArrayLike, current: ArrayLike) -> Floats:
    """Each bin's part of the PSI from shares (B,).

    (current - reference) log(current / reference), shares floored at 1e-4.
    """
    before, now = np.maximum(np.asarray(reference, float), FLOOR), np.maximum(np.asarray(current, float), FLOOR)
    return np.asarray((now - before) * np.log(now / before))


def psi_critical(reference_n: float, current_n: float, bins: int, level: float = 0.05) -> float:
    """The PSI two samples of one population exceed with probability `level`: (1/n + 1/m) chi2_{B-1}. Yurdakul 2018."""
    return _independent(reference_n, current_n, bins).critical(level)


def csi(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    drivers: Iterable[str],
    bins: int = 10,
    parties: Parties = (None, None),
) -> dict[str, Shift]:
    """The shift of each driver both samples have, by name, largest first; parties as in `psi`."""
    shared = [d for d in drivers if d in reference and d in current]
    found = {d: psi(reference[d], current[d], bins, parties) for d in shared}
    return dict(sorted(found.items(), key=lambda item: -item[1].value))


def quantile_edges(values: pd.Series, bins: int = 10) -> Floats:
    """Inner edges of quantile bins, (bins - 1,) or fewer where values tie; a bin is closed on its right."""
    finite = values.to_numpy(dtype=float, na_value=np.nan)
    finite = finite[np.isfinite(finite)]
    return np.unique(np.quantile(finite, np.arange(1, bins) / bins, method="averaged_inverted_cdf"))


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _numeric_bins(values: pd.Series, edges: Floats) -> NDArray[np.int64]:
    x = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    # One comparison per edge is three times as fast as a binary search among so few.
    bins = np.zeros(len(x), np.int64)
    for edge in edges:
        bins += x > edge
    bins[np.isnan(x)] = len(edges) + 1
    return bins


def _has_more_than(bins: int, values: pd.Series) -> bool:
    """Whether so many values are distinct; of most columns the first thousand tell."""
    return values.iloc[:1_000].nunique() > bins or values.nunique() > bins


def _level_bins(values: pd.Series, levels: list[Any]) -> NDArray[np.int64]:
    """The place of each value among the levels, then that of unseen ones, then that of missing ones."""
    codes, found = pd.factorize(values)
    place = {level: i for i, level in enumerate(levels)}
    bins = [*(place.get(level, len(levels)) for level in found), len(levels) + 1]
    return np.array(bins, np.int64)[codes]


def _interval_names(edges: Floats) -> list[str]:
    inner = [f"{a:.6g} < x <= {b:.6g}" for a, b in pairwise(edges)]
    return [f"x <= {edges[0]:.6g}", *inner, f"x > {edges[-1]:.6g}"]
