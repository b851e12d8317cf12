"""How far features moved month by month: the PSI of `validation.stability`, all months of a column at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.validation.stability import psi_critical, psi_parts, quantile_edges

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
BINS, LEVEL = 10, 0.05
LATEST = 3
"""A drift counts when it held in two of the last three months: their median."""


def drift(
    frame: pd.DataFrame, columns: Sequence[str], reference: int, key: str, among: int = 0, on: str = "as_of"
) -> pd.DataFrame:
    """The PSI of each column at each date after the first `reference` ones, against these taken together.

    Columns: feature, as_of, psi, critical. Bins as in `stability.psi`. `critical` is what chance reaches in one of
    twenty reports on so many features: the level is divided by their number (`among`, unless these are all), and a
    sample counts as many cases as it has different keys, since a key's months repeat one another. Smaller PSI is more
    stable.
    """
    whens, month = np.unique(frame[on].to_numpy(), return_inverse=True)
    cases = _cases(pd.factorize(frame[key])[0], month, reference)
    found = [
        _of_column(frame[c].to_numpy(float), month, reference, cases, LEVEL / (among or len(columns))) for c in columns
    ]
    parts = [
        pd.DataFrame({"feature": c, on: whens[reference:], "psi": psi, "critical": critical})
        for c, (psi, critical) in zip(columns, found, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def nothing() -> pd.DataFrame:
    """What `drift` gives of no months to compare."""
    columns = {"feature": "str", "as_of": "datetime64[us]", "psi": "float64", "critical": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns.items()})


def standing(moved: pd.DataFrame) -> pd.DataFrame:
    """One row per feature: the PSI and its critical value that held in two of the last three months."""
    latest = moved.groupby("feature", sort=False).tail(LATEST)
    return latest.groupby("feature", sort=False)[["psi", "critical"]].median()


def _cases(key: Codes, month: Codes, reference: int) -> list[int]:
    """How many different keys the reference has, then each later month; rows of no key (-1) don't count."""
    known = key >= 0
    first = len(np.unique(key[known & (month < reference)]))
    later = (len(np.unique(key[known & (month == m)])) for m in range(reference, month.max() + 1))
    return [max(n, 1) for n in (first, *later)]


def _of_column(
    values: Floats, month: Codes, reference: int, cases: list[int], level: float
) -> tuple[Floats, list[float]]:
    codes, size = _bins(values, values[month < reference])
    counts = np.bincount(month * size + codes, minlength=(month.max() + 1) * size).reshape(-1, size)
    before, later = counts[:reference].sum(axis=0), counts[reference:]
    shares = later / later.sum(axis=1, keepdims=True)
    used = ((before > 0) | (later > 0)).sum(axis=1)
    chance = [psi_critical(cases[0], n, int(b), level) for n, b in zip(cases[1:], used, strict=True)]
    return psi_parts(before / before.sum(), shares).sum(axis=1), chance


def _bins(values: Floats, first: Floats) -> tuple[Codes, int]:
    """The bin of each value and the number of bins, of which the last is for missing ones."""
    levels = np.unique(first[np.isfinite(first)])
    missing = np.isnan(values)
    if len(levels) > BINS:
        edges = quantile_edges(pd.Series(first), BINS)
        size = len(edges) + 2
        return np.where(missing, size - 1, np.searchsorted(edges, values, side="left")), size
    place = np.minimum(np.searchsorted(levels, values), max(len(levels) - 1, 0))
    unseen = len(levels)
    same = levels[place] == values if len(levels) else np.zeros(len(values), bool)
    return np.where(missing, unseen + 1, np.where(same, place, unseen)), unseen + 2
