"""Does a score rank as well in every part of a sample as in the rest of it?

`outcome` (n,) is 1 for bad and 0 for good, `score` (n,) larger for riskier, a slice the mask (n,) of its cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from riskmodels.validation.dependence import Clusters, clustered_se
from riskmodels.validation.discrimination import placements
from riskmodels.validation.grades import holm

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
FEWEST = 10
"""Bad cases, and good ones, that a slice and its rest need to be compared."""
MOST_LEVELS = 8
"""A text driver of more levels is no slicing: Holm over so many would find nothing."""
SEGMENT, AMOUNT = "segment", "weight"
COLUMNS = ["slicing", "level", "n", "events", "auc", "low", "high", "rest", "gap", "se", "p_value", "inverted_p"]


@dataclass(frozen=True)
class Slice:
    """Cases that share a level of a slicing: a segment, a third of the amounts (1 smallest to 3), a driver's value."""

    slicing: str
    level: str
    mask: Mask


def slices_of(frame: pd.DataFrame, drivers: Iterable[str] = ()) -> list[Slice]:
    """The slices of a sample: those of its column `segment`, else thirds of `weight` and levels of text drivers."""
    if SEGMENT in frame and frame[SEGMENT].notna().any():
        return _levels(frame[SEGMENT])
    few = [d for d in drivers if d in frame and _is_text(frame[d]) and 2 <= frame[d].nunique() <= MOST_LEVELS]
    return [*_thirds(frame), *(s for d in few for s in _levels(frame[d]))]


def slice_table(
    outcome: ArrayLike, score: ArrayLike, slices: Iterable[Slice], clusters: Clusters = None
) -> pd.DataFrame:
    """One row per slice, the weakest first: how it ranks against the rest of the sample.

    Columns: slicing, level, n, events, auc with its 95 % interval (low, high), rest (the AUC outside), gap (auc less
    rest), se (of the gap, from influences clustered over the whole sample), p_value (one-sided, H0: it ranks no worse
    than the rest) and inverted_p (one-sided, H0: its AUC is at least 0.5), both after Holm over the slices compared.
    Slices with too few bad or good cases, inside or outside, are not compared and stand last with NaN.
    """
    y, s = np.asarray(outcome, float), np.asarray(score, float)
    rows = [_row(y, s, part, clusters) for part in slices]
    table = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("p_value", "inverted_p"):
        table[name] = adjusted(table[name])
    return table.sort_values("gap", kind="stable", na_position="last", ignore_index=True)


def ranked(outcome: ArrayLike, score: ArrayLike) -> tuple[float, Floats]:
    """The AUC and what each case adds to its error (n,): V10 or V01 less the AUC, over the cases of its class."""
    y = np.asarray(outcome, float)
    v10, v01 = placements(y, score)
    influence, value = np.empty(len(y)), float(v10.mean())
    influence[y == 1], influence[y != 1] = (v10 - value) / len(v10), (v01 - value) / len(v01)
    return value, influence


def apart(outcome: ArrayLike, score: ArrayLike, mask: Mask, clusters: Clusters = None) -> tuple[float, float, float]:
    """AUC inside the mask, AUC outside, and the clustered standard error of their difference."""
    y, s = np.asarray(outcome, float), np.asarray(score, float)
    influence = np.empty(len(y))
    inside, influence[mask] = ranked(y[mask], s[mask])
    outside, other = ranked(y[~mask], s[~mask])
    influence[~mask] = -other
    return inside, outside, clustered_se(influence, clusters)


def comparable(outcome: ArrayLike, mask: Mask) -> bool:
    """Whether inside and outside the mask there are FEWEST bad and as many good cases."""
    y = np.asarray(outcome, float)
    return all(min(part.sum(), len(part) - part.sum()) >= FEWEST for part in (y[mask], y[~mask]))


def adjusted(p: pd.Series) -> pd.Series:
    """Holm's p over those that are there."""
    known = p.dropna().astype(float)
    return pd.Series(holm(known), index=known.index, dtype=float).reindex(p.index)


def chance_se(bad: float, good: float) -> float:
    """Standard error of an AUC of 0.5 of independent cases: sqrt((n1 + n0 + 1) / (12 n1 n0)), Mann and Whitney 1947."""
    return float(np.sqrt((bad + good + 1) / (12 * bad * good)))


def _row(y: Floats, s: Floats, part: Slice, clusters: Clusters) -> tuple[object, ...]:
    known, inside = (part.slicing, part.level), y[part.mask]
    size = len(inside), int(inside.sum())
    if not comparable(y, part.mask):
        return *known, *size, *([np.nan] * (len(COLUMNS) - 4))
    auc, rest, se = apart(y, s, part.mask, clusters)
    own = _own_se(y, s, part.mask, clusters)
    half = float(norm.ppf(0.975)) * own
    # A few cases may be ordered wholly the wrong way: their own error is then 0, that of no order is not.
    inverted = norm.cdf((auc - 0.5) / max(own, chance_se(size[1], size[0] - size[1])))
    worse = norm.cdf((auc - rest) / se) if se > 0 else float(auc >= rest)
    return *known, *size, auc, max(auc - half, 0.0), min(auc + half, 1.0), rest, auc - rest, se, worse, inverted


def _own_se(y: Floats, s: Floats, mask: Mask, clusters: Clusters) -> float:
    influence = np.zeros(len(y))
    influence[mask] = ranked(y[mask], s[mask])[1]
    return clustered_se(influence, clusters)


def _levels(values: pd.Series) -> list[Slice]:
    return [
        Slice(str(values.name), str(level), (values == level).to_numpy(bool))
        for level in sorted(values.dropna().unique().tolist(), key=str)
    ]


def _thirds(frame: pd.DataFrame) -> list[Slice]:
    if AMOUNT not in frame or frame[AMOUNT].nunique() < 3:
        return []
    weight = frame[AMOUNT].to_numpy(float)
    edges = np.nanquantile(weight, [1 / 3, 2 / 3])
    place = np.where(np.isnan(weight), -1, np.searchsorted(edges, weight, side="left"))
    return [Slice(AMOUNT, str(k + 1), place == k) for k in range(3)]


def _is_text(values: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_datetime64_any_dtype(values)
