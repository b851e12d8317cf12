"""What any forecast of payment says, in one shape, so that a model and its baselines can be held side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.core.errors import Misuse

DAYS = (-30, -20, -10, -5, 0, 5, 10, 15, 20, 30, 45, 60, 90)
"""Days past due a baseline tells of unless asked for others."""


@dataclass(frozen=True)
class Forecast:
    """Of n invoices: the chance to be open at the close of each of `days` past due, and the days to payment.

    open_at (n, K) falls along the rising `days` (K,), of which one is 0; expected_days (n,) run from issue, what is
    open at the last of the days counted as paid there.
    """

    name: str
    days: np.ndarray
    open_at: np.ndarray
    expected_days: np.ndarray

    def __post_init__(self) -> None:
        days, shape = np.asarray(self.days, float), np.shape(self.open_at)
        if not len(days) or (np.diff(days) <= 0).any() or 0 not in days:
            raise Misuse(f"days: found {days.tolist()}, expected rising days past due with 0, the due date, among them")
        if shape != (len(self.expected_days), len(days)):
            raise Misuse(f"open_at: found shape {shape}, expected {(len(self.expected_days), len(days))}")

    @property
    def late(self) -> np.ndarray:
        """P(open at the close of the due date), (n,)."""
        return self.beyond(0)

    def beyond(self, dpd: float) -> np.ndarray:
        """P(more than `dpd` days past due), (n,); refused for a day that isn't among `days`."""
        place = np.flatnonzero(np.asarray(self.days) == dpd)
        if not len(place):
            raise Misuse(f"dpd: found {dpd}, expected one of {', '.join(f'{d:g}' for d in self.days)}")
        return self.open_at[:, place[0]]


def of_model(name: str, model: Any, X: pd.DataFrame, terms_days: ArrayLike, age: ArrayLike | None = None) -> Forecast:
    """The forecast of a fitted payment-time model, at the days of its own grid, of invoices known open at an age."""
    unsettled = model.unsettled(X, terms_days, age).to_numpy()
    return Forecast(name, model.grid_, unsettled, model.expected_days(X, terms_days, age))
