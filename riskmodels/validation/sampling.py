"""Whether a sample is what it says: complete, each case once, inside what development saw, of the same obligors."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

KEY = ("obligor", "period")


def fullness(later: pd.DataFrame, columns: Iterable[str], development: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per column that the later sample has, the emptiest first by its rise.

    Columns: column, missing (share of later cases without a value), initial (of development, NaN where it is not there)
    and rise.
    """
    names = [c for c in dict.fromkeys(columns) if c in later]
    now = later[names].isna().mean()
    then = pd.Series(np.nan, index=names)
    if development is not None:
        shared = [c for c in names if c in development]
        then[shared] = development[shared].isna().mean()
    table = pd.DataFrame({"column": names, "missing": now.to_numpy(float), "initial": then.to_numpy(float)})
    table["rise"] = table["missing"] - table["initial"]
    return table.sort_values(["rise", "missing"], ascending=False, kind="stable", ignore_index=True)


def outside(development: pd.DataFrame, later: pd.DataFrame, drivers: Iterable[str]) -> pd.DataFrame:
    """One row per driver of both samples, the worst first: how much of later data development never saw.

    Columns: driver, share (of known later values below the smallest or above the largest of development's, or of
    levels it never had), low and high (development's, NaN for text).
    """
    rows = [_outside(development[d], later[d]) for d in drivers if d in development and d in later]
    table = pd.DataFrame(rows, columns=["driver", "share", "low", "high"])
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def repeated_share(sample: pd.DataFrame) -> float:
    """Share of cases that repeat another in every column; those of one obligor and date may differ otherwise."""
    return float(sample.astype({c: "str" for c in sample if sample[c].dtype == object}).duplicated().mean())


def cases_per_key(sample: pd.DataFrame) -> float:
    """Share of cases that are not the first of their obligor and period."""
    return float(sample.duplicated(list(KEY)).mean())


def unseen(development: pd.DataFrame, later: pd.DataFrame, key: str = "obligor") -> pd.Series:
    """Whether each later case is of an obligor that development never had; one without a name is not."""
    return ~later[key].isin(development[key].dropna().unique()) & later[key].notna()


def _outside(before: pd.Series, now: pd.Series) -> tuple[str, float, float, float]:
    name, known = str(before.name), now.dropna()
    if not pd.api.types.is_numeric_dtype(before):
        return name, float((~known.isin(before.dropna().unique())).mean()) if len(known) else 0.0, np.nan, np.nan
    low, high = float(before.min()), float(before.max())
    values = pd.to_numeric(known, errors="coerce")
    return name, float(((values < low) | (values > high)).mean()) if len(known) else 0.0, low, high
