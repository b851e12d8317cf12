"""The generator's parameters and the law by which a healthy debtor pays."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.laws import trade
from riskmodels.core.errors import Misuse

Floats = NDArray[np.float64]

VERSION = "1"
EARLIEST = 15  # a payment comes at the earliest this many days before the due date, less one
LATEST = 88  # and, unless the debtor has stopped paying, at most this many days after it
DEFAULT_DPD = 91  # a debtor is in default on the first day with more than 90 days past due


@dataclass(frozen=True)
class Law:
    """Every coefficient of the generator, by subject.

    A debtor's quality is its base, plus the cycle of its industry, plus a monthly autoregression. It moves both the
    payment day (log-logistic in time since `EARLIEST` days before due) and the monthly probability to stop paying.
    """

    debtors: trade.Debtors
    drift: trade.Drift
    stopping: trade.Stopping
    payment: trade.Payment
    disputes: trade.Disputes
    recovery: trade.Recovery


def demo_law(**changes: float | str) -> Law:
    """The law of the demo book, some coefficients changed: `demo_law(**{"payment.quality": -0.6})`."""
    values = tomllib.loads((files("riskmodels.book.synthetic") / "demo_truth.toml").read_text(encoding="utf-8"))
    for name, value in changes.items():
        subject, _, word = name.partition(".")
        if word not in values.get(subject, {}):
            raise Misuse(f"law: found {name!r}, expected one of {', '.join(coefficients(values))}")
        if type(value) is not type(values[subject][word]):
            raise Misuse(f"law: {name}: found {value!r}, expected a {type(values[subject][word]).__name__}")
        values[subject][word] = value
    return Law(**{f.name: SUBJECTS[f.name](**values[f.name]) for f in fields(Law)})


def coefficients(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The values by their dotted names."""
    return {f"{subject}.{word}": value for subject, words in values.items() for word, value in words.items()}


SUBJECTS: dict[str, Any] = get_type_hints(Law)


def season(law: Law, calendar_month: NDArray[np.int64]) -> Floats:
    """How much slower invoices due in a calendar month (1 to 12) are paid: quicker at year end, then slower."""
    slower = np.zeros(13)
    slower[12] = law.payment.year_end
    slower[1:3] = law.payment.spring_festival
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
