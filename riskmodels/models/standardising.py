"""Covariates of a linear engine: on one scale, with extremes drawn in and missing values said to be missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.models.coding import categories
from riskmodels.models.inputs import is_text

TAILS = (0.01, 0.99)  # numbers beyond these quantiles of the training sample are drawn in to them


@dataclass(frozen=True)
class Standardiser:
    """Of each number its lowest and highest value, mean, standard deviation and whether it could be missing."""

    numbers: dict[str, tuple[float, float, float, float, bool]]
    texts: dict[str, list[str]]

    def names(self) -> list[str]:
        """Names of the columns `transform` gives."""
        missing = [f"{name} missing" for name, values in self.numbers.items() if values[4]]
        return [*self.numbers, *missing, *(f"{name} = {v}" for name, known in self.texts.items() for v in known)]

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Standardised numbers (missing: 0, the mean), then missing flags, then a flag per known category."""
        scaled = [_scaled(frame[name].to_numpy(), *values[:4]) for name, values in self.numbers.items()]
        missing = [frame[name].isna() for name, values in self.numbers.items() if values[4]]
        flags = [frame[name] == value for name, known in self.texts.items() for value in known]
        columns = [np.asarray(column, dtype=np.float64) for column in (*scaled, *missing, *flags)]
        return np.column_stack(columns) if columns else np.empty((len(frame), 0))

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same standardiser."""
        return {"numbers": {name: list(v) for name, v in self.numbers.items()}, "texts": self.texts}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Standardiser:
        """The standardiser `to_state` described."""
        return cls({name: tuple(v) for name, v in state["numbers"].items()}, state["texts"])


def standardiser(frame: pd.DataFrame) -> Standardiser:
    """The standardiser of a training frame."""
    numbers = {name: _measured(frame[name]) for name in frame.columns if not is_text(frame[name])}
    return Standardiser(numbers, categories(frame))


def _measured(values: pd.Series) -> tuple[float, float, float, float, bool]:
    known = values.dropna().to_numpy()
    if not len(known):
        return 0.0, 0.0, 0.0, 1.0, True
    low, high = np.quantile(known, TAILS, method="inverted_cdf")
    drawn = np.clip(known, low, high)
    return float(low), float(high), float(drawn.mean()), float(drawn.std()) or 1.0, len(known) < len(values)


def _scaled(values: np.ndarray, low: float, high: float, mean: float, deviation: float) -> np.ndarray:
    return np.nan_to_num((np.clip(values, low, high) - mean) / deviation)
