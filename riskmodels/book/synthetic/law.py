"""The generator's parameters and the law by which a healthy debtor pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

VERSION = "1"
EARLIEST = 15  # a payment comes at the earliest this many days before the due date, less one
LATEST = 88  # and, unless the debtor has stopped paying, at most this many days after it
DEFAULT_DPD = 91  # a debtor is in default on the first day with more than 90 days past due


@dataclass(frozen=True)
class Law:
    """Every coefficient of the generator; quality is in standard units, larger is better.

    A debtor's quality is its base, plus the cycle of its industry, plus a monthly autoregression. It moves both the
    payment day (log-logistic in time since `EARLIEST` days before due) and the monthly probability to stop paying.
    """

    base_spread: float = 0.55
    size_lifts_quality: float = 0.25
    core_premium: float = 1.2
    persistence: float = 0.94
    drift_spread: float = 0.85
    cycle_height: float = 0.3
    stop_intercept: float = -6.15
    stop_slope: float = 1.45
    pay_intercept: float = 2.34
    pay_quality: float = -0.45
    pay_client: float = -0.12
    pay_relation_spread: float = 0.18
    pay_amount: float = 0.1
    pay_terms: float = 0.05
    pay_dispute: float = 0.55
    pay_year_end: float = -0.15
    pay_spring_festival: float = 0.15
    pay_shape: float = 2.2
    dispute_rate: float = 0.015
    dispute_client: float = -0.4
    note_rate: float = 0.125
    buy_back_rate: float = 0.35
    full_recovery_rate: float = 0.6


def season(law: Law, calendar_month: NDArray[np.int64]) -> Floats:
    """How much slower invoices due in a calendar month (1 to 12) are paid: quicker at year end, then slower."""
    slower = np.zeros(13)
    slower[12] = law.pay_year_end
    slower[1:3] = law.pay_spring_festival
    return slower[calendar_month]


def beyond(days: float, pace: Floats, shape: float) -> Floats:
    """Probability that a healthy debtor pays more than `days` after the due date.

    T, the days since `EARLIEST` days before due, is log-logistic, P(T <= t) = 1 / (1 + (t / exp(pace))^-shape),
    given that T <= EARLIEST + LATEST.
    """
    if days >= LATEST:
        return np.zeros_like(pace)
    return 1.0 - _within(EARLIEST + days, pace, shape) / _within(EARLIEST + LATEST, pace, shape)


def draw_delay(rng: np.random.Generator, pace: Floats, shape: float) -> NDArray[np.int64]:
    """Days from due date to payment, negative when early, drawn by the law of `beyond`."""
    share = rng.random(pace.size) * _within(EARLIEST + LATEST, pace, shape)
    elapsed = np.exp(pace) * (share / (1.0 - share)) ** (1.0 / shape)
    return np.clip(np.ceil(elapsed), 1, EARLIEST + LATEST).astype(np.int64) - EARLIEST


def expected_late(pace: Floats, shape: float) -> Floats:
    """Expected days late, early payments counted as 0: the sum of P(delay > j), read off a fine grid of paces."""
    grid = np.linspace(pace.min(), pace.max(), 512)
    values = np.sum([beyond(j, grid, shape) for j in range(LATEST)], axis=0)
    return np.interp(pace, grid, values)


def _within(elapsed: float, pace: Floats, shape: float) -> Floats:
    return 1.0 / (1.0 + np.exp(shape * (pace - np.log(elapsed))))
