"""A forecast of when invoices are paid beside what became of them: what every measure of payment time looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from riskmodels.models.baselines import Forecast
from riskmodels.validation.baselines import Observed

Floats = NDArray[np.float64]
BEYOND = (0, 30, 60, 90)
"""Days past due at which order and level are judged."""


@dataclass(frozen=True)
class Parts:
    """What became of parts of invoices, arrays (p,): place of the invoice, delay, whether settled, share of its amount.

    `delay` is in days past due: at settlement, or when the book was read; what was lost is never settled.
    """

    place: NDArray[np.int64]
    delay: Floats
    settled: NDArray[np.bool_]
    share: Floats


@dataclass(frozen=True)
class Bands:
    """Days past due (n,) between which a share `level` of such invoices is settled; NaN beyond the last day told.

    `held` (n,) is the chance that the forecast itself gives to being settled on a day of the band, ends and all.
    """

    low: Floats
    high: Floats
    level: float
    held: Floats


@dataclass(frozen=True)
class Payments:
    """n invoices: the forecast seen from their issue, what became of them, and what may depend on what.

    amount : (n,), None where it isn't known.
    clusters : codes of the obligor and the client (n,), as far as they are known.
    habits : forecasts of the same invoices from habit, by name.
    bands : None where the forecast tells none; so may `forecast.expected_days` be NaN.
    """

    forecast: Forecast
    seen: Observed
    parts: Parts
    amount: Floats | None
    clusters: tuple[NDArray[np.int64], ...]
    dependence: str
    bands: Bands | None = None
    habits: tuple[Forecast, ...] = ()

    @property
    def n(self) -> int:
        """Number of invoices."""
        return len(self.seen.delay)

    @cached_property
    def weights(self) -> dict[float, Floats]:
        """Censoring weights (n,) by day past due, of the forecast's days that can be told."""
        return self.seen.told([float(day) for day in self.forecast.days])

    def told(self, dpd: float) -> bool:
        """Whether forecast and invoices can both tell who is more than so many days past due."""
        return float(dpd) in self.weights

    def unsettled(self, dpd: float) -> Floats:
        """The share of each invoice's amount (n,) not settled by the close of a day past due."""
        done = self.parts.settled & (self.parts.delay <= dpd)
        return np.asarray(1.0 - np.bincount(self.parts.place[done], self.parts.share[done], self.n), float)

    def open_beyond(self, dpd: float) -> NDArray[np.bool_]:
        """Whether each invoice (n,) was open at the close of that day past due; one read at that close is."""
        return np.asarray((self.seen.delay > dpd) | (~self.seen.settled & (self.seen.delay == dpd)))
