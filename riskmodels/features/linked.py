"""What a chain or an industry lends to the frames of those who belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodels.features.sweep import AsOf

Array = Any


@dataclass(frozen=True)
class Lent:
    """Features of all keys of a subject at each date they were known: `values` is (features, rows of `asof`)."""

    of: str
    dates: Array
    asof: AsOf
    values: Array

    def to(self, number: Array, day: Array) -> Array:
        """The features (features, n) of the keys numbered, at days among the dates; NaN where either isn't known."""
        if not self.values.shape[1]:
            return np.full((len(self.values), len(day)), np.nan)
        number = np.where(number < 0, np.nan, number)
        key = np.where(np.isnan(number), 0, number).astype(np.int64)
        last = self.asof.rows[1:][key]
        row = last - (len(self.dates) - np.searchsorted(self.dates, day))
        known = ~np.isnan(number) & (row >= self.asof.rows[:-1][key])
        return np.where(known, self.values[:, np.where(known, row, 0)], np.nan)
