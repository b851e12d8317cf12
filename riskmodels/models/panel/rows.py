"""Columns every split reads, checked once: who, when, good or bad."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.dates import add_months
from riskmodels.models.inputs import SampleError


def obligors_of(values: Any, n: int) -> np.ndarray:
    """Number of each row's obligor, from 0 in order of first appearance: n integers."""
    if values is None:
        raise SampleError("groups: found none, expected the obligor of each row")
    numbers = pd.factorize(_one_per_row(values, n, "groups"))[0]
    if (numbers < 0).any():
        raise SampleError(f"groups: found {int((numbers < 0).sum())} rows without an obligor, expected one in each row")
    return numbers


def origins_of(values: Any, n: int) -> np.ndarray:
    """The day each row was observed on: n datetime64 values."""
    if values is None:
        raise SampleError("origins: found none, expected the date of each row (datetime64)")
    found = pd.Series(_one_per_row(values, n, "origins"))
    if not pd.api.types.is_datetime64_any_dtype(found):
        raise SampleError(f"origins: found values of kind {found.dtype}, expected the date of each row (datetime64)")
    if found.isna().any():
        raise SampleError(f"origins: found {int(found.isna().sum())} rows without a date, expected one in each row")
    return found.to_numpy().astype("datetime64[D]")


def bads_of(y: Any) -> np.ndarray:
    """Which rows are bad, the greater of the two values of y: n booleans."""
    values = np.asarray(y)
    if missing := int(pd.isna(values).sum()):
        raise SampleError(
            f"outcome: found {missing} rows without one, expected none; `mature` leaves out windows that aren't over"
        )
    classes = np.unique(values)
    if len(classes) != 2:
        raise SampleError(f"outcome: found {len(classes)} distinct values, expected two, good and bad")
    return values == classes[1]


def later(days: np.ndarray, months: int) -> np.ndarray:
    """Each day so many months later, month ends staying month ends: as many datetime64 values."""
    distinct, place = np.unique(days, return_inverse=True)
    moved = [add_months(day, months) for day in distinct.tolist()]
    return np.array(moved, dtype="datetime64[D]")[place]


def both_classes(bad: np.ndarray, rows: np.ndarray, what: str) -> None:
    """Refuse a part of the rows (positions or a mask) that holds goods only, bads only, or nothing."""
    part = bad[rows]
    if not len(part) or part.all() or not part.any():
        raise SampleError(
            f"{what}: found {int(part.sum())} bads in {len(part)} rows, expected good and bad ones; "
            "use fewer parts, or a longer sample"
        )


def _one_per_row(values: Any, n: int, what: str) -> Any:
    if len(values) != n:
        raise SampleError(f"{what}: found {len(values)} values, expected {n}, one per row")
    return pd.Series(values).array
