"""What became of the invoices a forecast is judged on, and what each counts where others are still open.

The delay D of an invoice (days past due when settled) is known until C, the day past due at which the book was read. At
day t it is known whether D > t if min(D, t) <= C; such an invoice counts 1 / P(C >= min(D, t)), which stands for those
read too early (inverse probability of censoring). P(C >= x) is the Kaplan-Meier of C. That is right as far as C tells
nothing of D: as the book is read on one day, as far as habits don't drift from older to younger invoices.

Sources: Graf, Schmoor, Sauerbrei and Schumacher 1999; Uno, Cai, Tian and Wei 2007.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from riskmodels.models.inputs import SampleError
from riskmodels.models.survival import RiskSets, kaplan_meier, risk_sets, watched


@dataclass(frozen=True)
class Observed:
    """n invoices: delay (days past due at settlement, or when the book was read), settled, late, terms_days, obligor.

    `late` is 1 or 0 for mature invoices, of which the due date was over when the book was read, else NaN.
    """

    delay: np.ndarray
    settled: np.ndarray
    late: np.ndarray
    terms_days: np.ndarray
    obligor: np.ndarray

    @cached_property
    def _censoring(self) -> tuple[np.ndarray, RiskSets]:
        """Distinct delays, and the risk sets of being read too early; a settlement of a day comes before its close."""
        levels, rank = np.unique(self.delay, return_inverse=True)
        return levels, risk_sets(watched(2.0 * rank + ~self.settled, ~self.settled))

    def weights(self, day: float) -> np.ndarray:
        """What each invoice counts (n,) where it is asked whether it was open at the close of a day past due."""
        known = self.settled & (self.delay <= day) | (self.delay >= day)
        levels, sets = self._censoring
        reached = np.searchsorted(levels, np.minimum(self.delay, day), side="left")
        place = sets.places(np.zeros(len(reached), int), 2.0 * reached)
        seen = np.append(sets.survival, 1.0)[place]
        return np.divide(known, seen, out=np.zeros(len(seen)), where=known)

    def told(self, days: Sequence[float]) -> dict[float, np.ndarray]:
        """`weights` by day, of the days that can be told: somebody was watched that long, or all was settled before."""
        curve = kaplan_meier(self.delay, self.settled, np.asarray(days, float))
        return {day: self.weights(day) for day in curve.loc[curve["survival"].notna(), "time"]}


def observed(outcomes: pd.DataFrame) -> Observed:
    """The outcomes of `invoice_outcomes` as they are judged; refused without any."""
    if outcomes.empty:
        raise SampleError("outcomes: found no invoices, expected some to judge forecasts on")
    return Observed(
        outcomes["days_late"].to_numpy(float),
        outcomes["settled"].to_numpy(bool),
        outcomes["late"].to_numpy(float),
        (outcomes["due_on"] - outcomes["issued_on"]).dt.days.to_numpy(float),
        pd.factorize(outcomes["debtor_id"], use_na_sentinel=False)[0],
    )
