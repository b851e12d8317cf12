"""How delays spread: a step curve from Kaplan-Meier, open invoices censored, and what it says of a shifted delay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from riskmodels.models.survival import risk_sets, watched


@dataclass(frozen=True)
class Law:
    """Days (J,) on which something is paid, rising, and the share still open after each (J,).

    The share that was still open when the last was watched stays open.
    """

    days: np.ndarray
    open_after: np.ndarray

    @cached_property
    def _paid(self) -> np.ndarray:
        """Sum of day times share paid on it, up to each day (J + 1,)."""
        shares = -np.diff(self.open_after, prepend=1.0)
        return np.concatenate([[0.0], np.cumsum(shares * self.days)])

    def open_beyond(self, day: ArrayLike) -> np.ndarray:
        """The share still open at the close of each day, of any shape."""
        return np.concatenate([[1.0], self.open_after])[np.searchsorted(self.days, day, side="right")]

    def mean_until(self, day: ArrayLike) -> np.ndarray:
        """The mean day of payment, what is open at `day` counted as paid there: E min(D, day)."""
        place = np.searchsorted(self.days, day, side="right")
        return self._paid[place] + np.asarray(day) * np.concatenate([[1.0], self.open_after])[place]

    def wait(self, since: ArrayLike, until: ArrayLike) -> np.ndarray:
        """Mean days open within (since, until], arrays that broadcast: the area under the curve between them."""
        return self.mean_until(until) - self.mean_until(since)


def law_of(delay: np.ndarray, settled: np.ndarray) -> Law:
    """The Kaplan-Meier law of delays (n,), those of open invoices being what they have come to so far."""
    sets = risk_sets(watched(delay, settled))
    return Law(sets.time, sets.survival)
