"""What became of the invoices a forecast is judged on, and what each counts where others are still open.

The delay D of an invoice (days past due when settled) is known until C, the day past due at which the book was read. At
day t it is known whether D > t if min(D, t) <= C; such an invoice counts 1 / P(C >= min(D, t)), which stands for those
read too early (inverse probability of censoring). P(C >= x) is the Kaplan-Meier of C; of an invoice known to be open at
some day both are given that, so that it counts from then on. That is right as far as C tells
nothing of D: as the book is read on one day, as far as habits don't drift from older to younger invoices.

Sources: Graf, Schmoor, Sauerbrei and Schumacher 1999; Uno, Cai, Tian and Wei 2007.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.models.inputs import SampleError
from riskmodels.models.survival import RiskSets, kaplan_meier, risk_sets, watched


@dataclass(frozen=True)
class Observed:
    """n invoices: delay (days past due at settlement, or when the book was read), settled, late, terms_days, obligor.

    `late` is 1 or 0 for mature invoices, of which the due date was over when the book was read, else NaN. `start` is
    the day past due at which each is known to be open, -inf where it is judged from its issue: what was so by then is
    no question, neither for `late` nor for the weights.
    """

    delay: np.ndarray
    settled: np.ndarray
    late: np.ndarray
    terms_days: np.ndarray
    obligor: np.ndarray
    start: np.ndarray

    @cached_property
    def _censoring(self) -> tuple[np.ndarray, RiskSets]:
        """Distinct delays, and the risk sets of being read too early; a settlement of a day comes before its close."""
        levels, rank = np.unique(self.delay, return_inverse=True)
        return levels, risk_sets(watched(2.0 * rank + ~self.settled, ~self.settled, self._entry(levels)))

    def _entry(self, levels: np.ndarray) -> np.ndarray:
        """When each comes to be watched, after the close of its start, in twice the place among the distinct delays."""
        return np.where(np.isinf(self.start), -np.inf, 2.0 * np.searchsorted(levels, self.start, side="right") - 1)

    def weights(self, day: float | np.ndarray) -> np.ndarray:
        """What each invoice counts (n,) where it is asked whether it was open at the close of a day past due.

        The day may be one of each invoice (n,).
        """
        known = (self.settled & (self.delay <= day) | (self.delay >= day)) & (self.start < day)
        levels, sets = self._censoring
        reached = np.searchsorted(levels, np.minimum(self.delay, day), side="left")
        nobody = np.zeros(len(reached), int)
        since, until = (
            np.append(sets.survival, 1.0)[sets.places(nobody, at)] for at in (self._entry(levels), 2.0 * reached)
        )
        return np.divide(known * since, until, out=np.zeros(len(until)), where=known & (until > 0))

    def told(self, days: Sequence[float]) -> dict[float, np.ndarray]:
        """`weights` by day, of the days that can be told: somebody was watched that long, or all was settled before."""
        curve = kaplan_meier(self.delay, self.settled, np.asarray(days, float), entry=self.start)
        found = {day: self.weights(day) for day in curve.loc[curve["survival"].notna(), "time"]}
        return {day: weight for day, weight in found.items() if weight.any()}


def observed(outcomes: pd.DataFrame, age: ArrayLike | None = None) -> Observed:
    """The outcomes of `invoice_outcomes` as they are judged, given open at an age in days; refused without any.

    Refused, too, where one was settled, or the book was read, by the close of its age.
    """
    if outcomes.empty:
        raise SampleError("outcomes: found no invoices, expected some to judge forecasts on")
    terms = (outcomes["due_on"] - outcomes["issued_on"]).dt.days.to_numpy(float)
    delay, late = (outcomes[c].to_numpy(float) for c in ("days_late", "late"))
    start = np.full(len(terms), -np.inf) if age is None else np.asarray(age, float) - terms
    if over := int((delay <= start).sum()):
        raise SampleError(f"age: found {over} invoices that were settled or last read by then, expected open ones")
    obligor = pd.factorize(outcomes["debtor_id"], use_na_sentinel=False)[0]
    settled = outcomes["settled"].to_numpy(bool)
    return Observed(delay, settled, np.where(start >= 0, np.nan, late), terms, obligor, start)
