"""Categories as whole numbers for the tree engine; the coding is the model's own, so that it can be stored."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.models.inputs import is_text


def categories(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Values of each text column, sorted."""
    return {name: sorted(frame[name].dropna().unique()) for name in frame.columns if is_text(frame[name])}


def coded(frame: pd.DataFrame, known: dict[str, list[str]]) -> np.ndarray:
    """The frame as floats: numbers as they are, categories by their place; missing and unseen ones are nan."""
    columns = [_places(frame[name], known[name]) if name in known else frame[name] for name in frame.columns]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])


def _places(values: pd.Series, known: list[str]) -> np.ndarray:
    codes = pd.Index(known, dtype="str").get_indexer(pd.Index(values))
    return np.where(codes < 0, np.nan, codes)
