"""Rating scales: probabilities into ordered grades by fixed bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.core.errors import Misuse


@dataclass(frozen=True)
class RatingScale:
    """Grades from best to worst, and the K - 1 probabilities that part them; one on a bound is in the worse grade."""

    grades: tuple[str, ...]
    bounds: tuple[float, ...]

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip((0.0, *self.bounds), (*self.bounds, 1.0)))
        if len(self.grades) != len(self.bounds) + 1 or not rising:
            raise Misuse(
                f"rating scale: found bounds {self.bounds}, expected {len(self.grades) - 1} rising inside 0 to 1"
            )

    def grade(self, probability: ArrayLike) -> pd.Categorical[str]:
        """The grade of each probability, as an ordered categorical; no grade for a missing one."""
        p = np.asarray(probability, float)
        code: list[int] = np.where(np.isnan(p), -1, np.searchsorted(self.bounds, p, side="right")).tolist()
        return pd.Categorical.from_codes(np.asarray(code), categories=pd.Index(list(self.grades)), ordered=True)

    def to_state(self) -> dict[str, Any]:
        """The scale as JSON values."""
        return {"grades": list(self.grades), "bounds": list(self.bounds)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> RatingScale:
        """The scale `to_state` described."""
        return cls(tuple(state["grades"]), tuple(state["bounds"]))


OBLIGORS = RatingScale(("1", "2", "3", "4", "5", "6", "7"), (0.0025, 0.005, 0.01, 0.02, 0.05, 0.15))
"""One-year default probabilities, roughly doubling from grade to grade."""

INVOICES = RatingScale(("A", "B", "C", "D", "E", "F"), (0.05, 0.10, 0.20, 0.40, 0.60))
"""Probabilities that one invoice is paid late."""
