"""The share still open by days past due: what came, by Kaplan-Meier, beside the mean of what was foretold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.models.survival import survival_influence
from riskmodels.validation.timing.chance import Largest, largest_gap
from riskmodels.validation.timing.payments import Payments

Floats = NDArray[np.float64]
LAST = 90
"""Last day past due that the whole curves are compared on; later ones hang on few invoices."""


@dataclass(frozen=True)
class CurveGap:
    """Two curves at `days` (K,): observed and expected (K,), what each invoice adds to their gap's error (n, K)."""

    days: Floats
    observed: Floats
    expected: Floats
    influence: Floats
    largest: Largest

    @property
    def table(self) -> pd.DataFrame:
        """One row per day: day, expected, observed, low, high (observed, with a 95 % band for the whole curve)."""
        half = self.largest.critical()
        ends = {"low": np.maximum(self.observed - half, 0.0), "high": np.minimum(self.observed + half, 1.0)}
        return pd.DataFrame({"day": self.days, "expected": self.expected, "observed": self.observed, **ends})

    @property
    def later(self) -> float:
        """Days by which invoices were later than foretold, on average: the area between the curves."""
        return float(self._steps @ (self.observed - self.expected))

    @property
    def later_influence(self) -> Floats:
        """What each invoice adds to the error of `later` (n,)."""
        return np.asarray(self.influence @ self._steps)

    @property
    def _steps(self) -> Floats:
        """The days each height counts for, by trapezoids."""
        steps = np.diff(self.days)
        return np.asarray((np.append(steps, 0.0) + np.append(0.0, steps)) / 2)


def curve_gap(payments: Payments, by_amount: bool = False, seed: int = 0) -> CurveGap | None:
    """The gap of the two curves, each invoice counting 1 or its amount; None where no day can be told.

    What is open is told of parts: Kaplan-Meier of every part, with its share of the amount as weight. The expected
    curve is the mean over the same invoices of the chance to be unsettled. H0: the curves are one.
    """
    weight = payments.amount if by_amount and payments.amount is not None else np.ones(payments.n)
    days = np.array([float(d) for d in payments.forecast.days if d <= LAST and float(d) in payments.weights])
    parts = payments.parts
    owned = parts.share * weight[parts.place]
    observed, moved = survival_influence(parts.delay, parts.settled, days, parts.place, owned)
    known = ~np.isnan(observed)
    if not known.any():
        return None
    told = payments.forecast.open_at[:, np.isin(payments.forecast.days, days[known])]
    share = weight / weight.sum()
    expected = share @ told
    influence = moved[:, known] - share[:, None] * (told - expected)
    gap = observed[known] - expected
    largest = largest_gap(gap, influence, payments.clusters, seed)
    return CurveGap(days[known], observed[known], np.asarray(expected), influence, largest)
