"""How far features are filled, whether they vary, and whether they lately lost values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STANDARD_ERRORS = 3.0
"""A fall of coverage smaller than so many standard errors is taken for chance."""


def coverage(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """One row per column: feature, rows, filled (share), infinite (rows), distinct, common.

    `common` is the share of the most frequent value among those known: 1 for a constant, NaN without any value.
    """
    rows = [_filled(c, frame[c].to_numpy(float)) for c in columns]
    return pd.DataFrame(rows, columns=["feature", "rows", "filled", "infinite", "distinct", "common"])


def _filled(name: str, values: Floats) -> tuple[str, int, float, int, int, float]:
    known = values[~np.isnan(values)]
    _levels, counts = np.unique(known, return_counts=True)
    common = float(counts.max() / len(known)) if len(known) else np.nan
    share = len(known) / len(values) if len(values) else np.nan
    return name, len(values), share, int(np.isinf(known).sum()), len(counts), common


def by_month(frame: pd.DataFrame, columns: Sequence[str], on: str = "as_of") -> pd.DataFrame:
    """The filled share of each column (in columns) at each date of `on` (in rows)."""
    grouped = frame.groupby(on)[list(columns)]
    return grouped.count().div(grouped.size(), axis=0)


def falls(filled: pd.DataFrame, rows: pd.Series, reference: int) -> pd.Series:
    """By how much each column's share at the last date lies below the median of the first `reference` dates.

    `filled` is what `by_month` gives, `rows` how many rows each date has. A fall that chance explains is 0, and so is a
    rise.
    """
    before, now = filled.iloc[:reference].median(), filled.iloc[-1]
    error = np.sqrt(before * (1 - before) / rows.iloc[:reference].median() + now * (1 - now) / rows.iloc[-1])
    fall = before - now
    return fall.where(fall > STANDARD_ERRORS * error, 0.0)
