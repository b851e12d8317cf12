"""What an expert says of a driver: how its values translate into risk units, its direction and its weight.

A risk unit is the step an expert calls one notch worse than typical: 0 is typical, 1 clearly worse, -1 clearly better.
All drivers are told in this unit, so that their weights can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError, is_text

REACH = 3.0  # a standardised value counts for this many risk units at most: one outlier must not decide a grade


@dataclass(frozen=True)
class Standard:
    """(value - typical) / spread, at most `REACH` units either way; a missing value counts as typical."""

    typical: float
    spread: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.typical) and np.isfinite(self.spread) and self.spread > 0):
            raise Misuse(f"Standard: found spread {self.spread} about {self.typical}, expected finite and positive")

    def units(self, values: pd.Series) -> np.ndarray:
        """Risk units (n,) of a column of numbers."""
        return np.nan_to_num(np.clip((_numbers(values) - self.typical) / self.spread, -REACH, REACH))


@dataclass(frozen=True)
class Bins:
    """Risk units of left-closed bins between ascending `cuts`: one figure more than cuts, and one for missing."""

    cuts: tuple[float, ...]
    points: tuple[float, ...]
    missing: float = 0.0

    def __post_init__(self) -> None:
        if len(self.points) != len(self.cuts) + 1 or not np.isfinite([*self.points, self.missing]).all():
            raise Misuse(f"Bins: found {len(self.points)} points, expected {len(self.cuts) + 1}, all finite")
        if any(a >= b for a, b in zip(self.cuts, self.cuts[1:])):
            raise Misuse(f"Bins: found cuts {list(self.cuts)}, expected ascending ones")

    def units(self, values: pd.Series) -> np.ndarray:
        """Risk units (n,) of a column of numbers."""
        numbers = _numbers(values)
        found = np.asarray(self.points)[np.searchsorted(np.asarray(self.cuts), np.nan_to_num(numbers), side="right")]
        return np.where(np.isnan(numbers), self.missing, found)


@dataclass(frozen=True)
class Levels:
    """Risk units of categories, and of a missing one; an unseen category is never better than typical."""

    points: Mapping[str, float]
    missing: float = 0.0

    def __post_init__(self) -> None:
        if not self.points or not np.isfinite([*self.points.values(), self.missing]).all():
            raise Misuse("Levels: found no finite points, expected one per category")

    def units(self, values: pd.Series) -> np.ndarray:
        """Risk units (n,) of a column of text."""
        if not is_text(values) and values.notna().any():
            raise SampleError(f"{values.name}: found numbers, expected text, as the expert gave categories")
        unseen = max(0.0, float(np.mean(list(self.points.values()))))
        found = [
            self.missing if missing else self.points.get(str(v), unseen) for v, missing in zip(values, values.isna())
        ]
        return np.array(found, dtype=float)


Form = Standard | Bins | Levels
FORMS: dict[str, Any] = {cls.__name__: cls for cls in (Standard, Bins, Levels)}


@dataclass(frozen=True)
class Driver:
    """One driver of a card: column, direction, form and weight.

    sign : 1 (more is worse) or -1 (more is better), which no data may turn; None leaves it to the sample.
    form : how values become risk units; None standardises by mean and deviation of the sample.
    weight : share of importance; None for every driver when only an order of importance was elicited.
    """

    name: str
    sign: int | None = 1
    form: Form | None = None
    weight: float | None = None

    def __post_init__(self) -> None:
        if self.sign not in (1, -1, None):
            raise Misuse(f"{self.name}: found sign {self.sign}, expected 1, -1 or None")


def form_state(form: Form) -> dict[str, Any]:
    """Plain values that `form_from` turns back into the same form."""
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in vars(form).items()}
    return {"form": type(form).__name__, **plain}


def form_from(state: Mapping[str, Any]) -> Form:
    """The form `form_state` described."""
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in state.items() if key != "form"}
    return FORMS[state["form"]](**values)


def form_of(values: pd.Series, weight: np.ndarray) -> Standard:
    """The standardisation of a column by its weighted mean and deviation; an empty or constant one says nothing."""
    numbers = _numbers(values)
    known = ~np.isnan(numbers) & (weight > 0)
    if not known.any():
        return Standard(0.0, 1.0)
    mean = float(np.average(numbers[known], weights=weight[known]))
    deviation = float(np.sqrt(np.average((numbers[known] - mean) ** 2, weights=weight[known])))
    return Standard(mean, deviation if deviation > 1e-12 * max(1.0, abs(mean)) else 1.0)


def _numbers(values: pd.Series) -> np.ndarray:
    if is_text(values):
        if values.notna().any():
            raise SampleError(f"{values.name}: found text, expected numbers or a driver with Levels")
        return np.full(len(values), np.nan)
    return values.to_numpy(dtype=float)
