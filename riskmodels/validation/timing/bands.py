"""Whether invoices were settled within the days that a forecast gave them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.models.payment_curve import open_on
from riskmodels.validation.dependence import clustered_se
from riskmodels.validation.timing.chance import Against
from riskmodels.validation.timing.kupiec import pof, pof_detectable
from riskmodels.validation.timing.payments import Bands, Payments

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Coverage:
    """The share of `n` invoices settled within their band, against what the bands said they hold.

    `kupiec_p` takes invoices as independent, and would find failures more frequent by `kupiec_finds` with 80 % power;
    `against` allows for those of one obligor or client to be late together.
    """

    n: int
    against: Against
    kupiec: float
    kupiec_p: float
    kupiec_finds: float


def coverage_of(payments: Payments, bands: Bands) -> Coverage:
    """How many invoices were settled within their band of days, ends counted in; open ones by censoring weights.

    An invoice has its say once it is settled, or open beyond the end of its band. H0: as many as the bands say; the
    error is that under H0, so that bands that always hold can be told from right ones.
    """
    weight = payments.seen.weights(last_day(bands))
    whole, inside = float(weight.sum()), _inside(payments, bands)
    n = int((weight > 0).sum())
    if not n:
        return Coverage(0, Against(np.nan, np.nan, np.nan), np.nan, np.nan, np.nan)
    found, stated = float(weight @ inside / whole), float(weight @ bands.held / whole)
    against = Against(found, stated, clustered_se(weight * (inside - bands.held) / whole, payments.clusters))
    return coverage_from(n, against)


def coverage_from(n: int, against: Against) -> Coverage:
    """The coverage of n cases with Kupiec's test of it."""
    rate = 1 - against.expected
    ratio, p = pof(n * (1 - against.value), n, rate)
    return Coverage(n, against, float(ratio), float(p), pof_detectable(n, rate))


def bands_of(level: float, low: Floats, high: Floats, days: Floats, open_at: Floats, terms: Floats) -> Bands:
    """Bands between days since issue (n,), with what a forecast's own curve (n, K at `days` past due) says they hold.

    P(settled within) = S(day before the first) - S(last), days being whole; a band without an end holds all that is
    left.
    """
    first, last = low - terms, np.ceil(high) - terms
    found = Bands(first, last, level, np.full(len(low), level))
    begins = open_on(days, open_at, -terms, np.minimum(np.nan_to_num(np.ceil(first) - 1, nan=days[-1]), days[-1]))
    ends = open_on(days, open_at, -terms, np.minimum(np.nan_to_num(last, nan=days[-1]), days[-1]))
    held = begins - np.where(np.isnan(last), 0.0, ends)
    return Bands(found.low, found.high, level, np.where(np.isnan(first), 0.0, held))


def last_day(bands: Bands) -> Floats:
    """The day past due (n,) by whose close it is known whether an invoice was settled within its band."""
    before = np.where(np.isnan(bands.low), -np.inf, np.ceil(bands.low) - 1)
    return np.where(np.isnan(bands.high), before, bands.high)


def _inside(payments: Payments, bands: Bands) -> NDArray[np.bool_]:
    delay, settled = payments.seen.delay, payments.seen.settled
    within = settled & (delay >= bands.low) & (delay <= bands.high)
    endless = np.isnan(bands.high) & (np.where(settled, delay >= bands.low, delay >= np.ceil(bands.low) - 1))
    return np.asarray(within | endless)
