"""Whether the rivals compute what this package does: the same rows and values, or no time is told."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import _features_ours
import numpy as np
import pandas as pd
from _features_asked import ENDS

AT_ENDS = ("polars", "duckdb")
CHECKED_DAYS = 5


def check(source: Path, out: Path) -> None:
    """Compare what every rival writes for a small book with what this package does."""
    ours = _read(_features_ours.build(source, ENDS, out), ["debtor_id", "as_of"])
    for who in AT_ENDS:
        agree(ours, _read(import_module(f"_features_{who}").build(source, ENDS, out), ["debtor_id", "as_of"]), who)
    ours = _read(_features_ours.at_issue(source, out), ["invoice_id", "as_of"])
    import_module("_features_pandas").build(source, CHECKED_DAYS, out)
    theirs = _read(out, ["invoice_id", "as_of"])
    agree(ours.loc[theirs.index], theirs, "pandas")


def agree(ours: pd.DataFrame, theirs: pd.DataFrame, who: str) -> None:
    """Refuse to time a rival that computes something else."""
    if not ours.index.equals(theirs.index) or set(ours.columns) != set(theirs.columns):
        raise SystemExit(f"{who}: other rows or columns than ours, so their times can't be compared")
    for name in ours:
        if not np.allclose(ours[name], theirs[name], rtol=1e-12, atol=0, equal_nan=True):
            raise SystemExit(f"{who}: {name} disagrees with ours, so their times can't be compared")


def _read(file: Path, index: Sequence[str]) -> pd.DataFrame:
    frame = pd.read_parquet(file)
    frame["as_of"] = frame["as_of"].astype("M8[s]")
    return frame.set_index(list(index)).sort_index()
