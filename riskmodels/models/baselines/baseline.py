"""Seven forecasts that need no model: each answers for invoices as a payment-time model does.

A forecast for an invoice uses what was settled before its own issue. A debtor or client never seen has the book's
figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from riskmodels.core.text import mark
from riskmodels.models.baselines.credibility import drawn
from riskmodels.models.baselines.forecast import DAYS, Forecast
from riskmodels.models.baselines.history import Past, checked, past, terms
from riskmodels.models.baselines.law import Law

TITLES = {
    "prior": mark("Base rate"),
    "terms": mark("Paid on the due date"),
    "client_mean": mark("Client's mean delay"),
    "debtor_mean": mark("Debtor's mean delay"),
    "last_delay": mark("Debtor's last delay"),
    "late_ratio": mark("Debtor's past late ratio"),
    "debtor_class": mark("Kaplan-Meier by debtor class"),
}
NEW = 3
"""A debtor with fewer settled invoices is new: its late ratio says nothing yet."""
CLASSES = ("new", "never late", "seldom late", "often late")


class Baseline(Protocol):
    """A fitted baseline."""

    @property
    def name(self) -> str:
        """A key of TITLES."""

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS) -> Forecast:
        """The forecast for m invoices (client_id, debtor_id, issued_on, due_on), seen the day before their issue."""


@dataclass(frozen=True)
class Terms:
    """Every invoice is paid on its due date: nothing is late."""

    name: str = "terms"

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS) -> Forecast:
        """See `Baseline.predict`."""
        wait, grid = terms(checked(rows)), np.asarray(days, float)
        return Forecast(self.name, grid, np.repeat((grid < 0)[None, :].astype(float), len(wait), axis=0), wait)


@dataclass(frozen=True)
class ByClass:
    """One law of delays for each class of debtors; a single class is the base rate.

    `edge` parts seldom from often late: the median past late ratio of the debtors that were ever late.
    """

    name: str
    laws: tuple[Law, ...]
    edge: float
    history: pd.DataFrame

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS) -> Forecast:
        """See `Baseline.predict`."""
        own = np.zeros(len(checked(rows)), dtype=int)
        if len(self.laws) > 1:
            own = classes(past(self.history, rows, "debtor_id"), self.edge)
        grid = np.asarray(days, float)
        curves = np.stack([law.open_beyond(grid) for law in self.laws])
        waits = np.stack([law.wait(-terms(rows), grid[-1]) for law in self.laws])
        return _forecast(self.name, rows, grid, curves[own], waits[own, np.arange(len(own))])


@dataclass(frozen=True)
class Centred:
    """A delay expected from the past of a party, and one law of how payments fall around it.

    centre = (total + needed x book) / (n + needed) of the key's settled delays; for `last` it is book + slope x (last
    delay - book).
    """

    name: str
    key: str
    book: float
    needed: float
    slope: float
    around: Law
    history: pd.DataFrame

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS) -> Forecast:
        """See `Baseline.predict`."""
        grid = np.asarray(days, float)
        centre = self.centre(past(self.history, checked(rows), self.key))
        open_at = self.around.open_beyond(grid[None, :] - centre[:, None])
        return _forecast(self.name, rows, grid, open_at, self.around.wait(-terms(rows) - centre, grid[-1] - centre))

    def centre(self, seen: Past) -> np.ndarray:
        """The delay expected of each row (m,), in days past due."""
        if self.name == "last_delay":
            return np.where(np.isnan(seen.last), self.book, self.book + self.slope * (seen.last - self.book))
        return drawn(seen.total, seen.n, self.book, self.needed)


@dataclass(frozen=True)
class LateRatio:
    """P(late) is the debtor's own share of late invoices, drawn to the book's; when within either is the book's law."""

    name: str
    book: float
    needed: float
    law: Law
    history: pd.DataFrame

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS) -> Forecast:
        """See `Baseline.predict`."""
        grid, seen = np.asarray(days, float), past(self.history, checked(rows), "debtor_id")
        p, wait = drawn(seen.late, seen.n, self.book, self.needed), terms(rows)
        late_share = float(self.law.open_beyond(np.array(0.0)))
        whole, before, after = self.law.open_beyond(grid), self.law.wait(-wait, 0.0), self.law.wait(0.0, grid[-1])
        when_late = np.minimum(whole / late_share, 1.0) if late_share > 0 else grid < 0
        in_time = np.maximum(whole - late_share, 0.0) / (1 - late_share) if late_share < 1 else grid < 0
        days_in_time = (before - wait * late_share) / (1 - late_share) if late_share < 1 else wait
        days_late = wait + (after / late_share if late_share > 0 else 0.0)
        mixed = np.outer(p, when_late) + np.outer(1 - p, in_time)
        return _forecast(self.name, rows, grid, mixed, p * days_late + (1 - p) * days_in_time)


def classes(seen: Past, edge: float) -> np.ndarray:
    """The place in CLASSES of each row's debtor (m,)."""
    ratio = np.divide(seen.late, seen.n, out=np.zeros(len(seen.n)), where=seen.n > 0)
    return np.where(seen.n < NEW, 0, np.where(ratio == 0, 1, np.where(ratio <= edge, 2, 3)))


def _forecast(name: str, rows: pd.DataFrame, days: np.ndarray, open_at: np.ndarray, wait: np.ndarray) -> Forecast:
    """A forecast in which nothing is paid before its issue."""
    return Forecast(name, days, np.where(days[None, :] < -terms(rows)[:, None], 1.0, open_at), wait)
