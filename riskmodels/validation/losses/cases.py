"""The cases an estimate of losses is judged on, each with what was estimated and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.core.errors import Misuse
from riskmodels.validation.dependence import cluster_codes

Floats = NDArray[np.float64]
PARTIES = ("obligor", "client")
PAIRS = {
    "loss": ("estimated", "realised"),
    "months": ("estimated_months", "workout_months"),
    "recovery": ("estimated_recovery", "realised_recovery"),
    "dilution": ("estimated_dilution", "realised_dilution"),
}
"""The two columns of each subject: what was estimated, what came of it."""
LGD_COLUMNS = ("estimated_lgd", "realised_lgd", "lgd_grade")
"""What a scored sample calls its estimated LGD, the realised one of bad cases, and the grade of its LGD."""
BETTER_WHEN_MORE = ("recovery",)


@dataclass(frozen=True)
class Pair:
    """The cases of one subject that are known: estimated, realised, weight (n,) or None, codes of their parties.

    `gap` is what each turned out worse than estimated.
    """

    rows: pd.DataFrame
    estimated: Floats
    realised: Floats
    gap: Floats

    @property
    def n(self) -> int:
        """Number of cases."""
        return len(self.gap)

    @cached_property
    def weight(self) -> Floats | None:
        """Amounts, 0 where a case has none; None without amounts."""
        if "weight" not in self.rows or not self.rows["weight"].gt(0).any():
            return None
        return self.rows["weight"].fillna(0.0).to_numpy(dtype=float)

    @cached_property
    def clusters(self) -> tuple[NDArray[np.int64], ...]:
        """Codes (n,) of the obligors and clients of the cases, as far as they are told and repeat."""
        codes = (cluster_codes(self.rows[party]) for party in PARTIES if party in self.rows)
        return tuple(code for code in codes if 1 < len(np.unique(code)) < len(code))

    @property
    def parties(self) -> tuple[str, ...]:
        """Which parties are told."""
        return tuple(party for party in PARTIES if party in self.rows and self.rows[party].notna().any())


@dataclass(frozen=True)
class LossCases:
    """A frame of cases with the columns of one of PAIRS or more, a row per claim, or per pair and year for dilution.

    A realised value that is missing isn't known yet. Optional: grade (of the facility), pool, period (of default),
    weight (exposure at default), obligor, client. `initial` are the cases the estimate was made on.
    """

    frame: pd.DataFrame
    initial: LossCases | None = None

    def __post_init__(self) -> None:
        if not any(set(pair) <= set(self.frame) for pair in PAIRS.values()):
            expected = "; or ".join(" and ".join(pair) for pair in PAIRS.values())
            raise Misuse(f"losses: found columns {list(self.frame)}, expected {expected}")
        for column in {c for pair in PAIRS.values() for c in pair if set(pair) <= set(self.frame)} | {"weight"}:
            _check(self.frame, column)

    def has(self, subject: str) -> bool:
        """Whether the two columns of a subject are there."""
        return set(PAIRS[subject]) <= set(self.frame)

    def pair(self, subject: str) -> Pair:
        """The cases of a subject of which both what was estimated and what came is known."""
        estimated, realised = PAIRS[subject]
        rows = self.frame.dropna(subset=[estimated, realised])
        found = [rows[name].to_numpy(dtype=float) for name in (estimated, realised)]
        sign = -1.0 if subject in BETTER_WHEN_MORE else 1.0
        return Pair(rows, found[0], found[1], sign * (found[1] - found[0]))

    @property
    def start(self) -> LossCases:
        """The cases the estimate was made on; checks that use them need them first."""
        if self.initial is None:
            raise Misuse("initial: found none, expected the cases the estimate was made on")
        return self.initial

    @cached_property
    def loss(self) -> Pair:
        """The cases whose loss is known."""
        return self.pair("loss")


def _check(frame: pd.DataFrame, column: str) -> None:
    """Refuse a column of anything but finite numbers and gaps, and amounts below 0."""
    if column not in frame:
        return
    values = frame[column]
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        raise Misuse(f"losses: {column}: found {values.dtype} values, expected numbers")
    told = values.dropna().to_numpy(dtype=float)
    if not np.isfinite(told).all():
        raise Misuse(f"losses: {column}: found an infinite value, expected numbers")
    if column == "weight" and (told < 0).any():
        raise Misuse(f"losses: weight: found {told.min():g}, expected amounts, 0 or more")
