"""Seven forecasts that need no model: each answers for invoices as a payment-time model does.

A forecast for an invoice uses what was settled before its own issue. A debtor or client never seen has the book's
figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

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

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS, age: ArrayLike | None = None) -> Forecast:
        """The forecast for m invoices (client_id, debtor_id, issued_on, due_on), seen the day before their issue.

        `age`, days since issue at whose close the invoices are known to be open, conditions every answer on that; one
        that is open for longer than any was is expected to be paid at once.
        """


@dataclass(frozen=True)
class Terms:
    """Every invoice is paid on its due date: nothing is late."""

    name: str = "terms"

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS, age: ArrayLike | None = None) -> Forecast:
        """See `Baseline.predict`."""
        return _forecast(self.name, rows, days, age, _before_due, lambda day: np.maximum(-day, 0.0))


@dataclass(frozen=True)
class ByClass:
    """One law of delays for each class of debtors; a single class is the base rate.

    `edge` parts seldom from often late: the median past late ratio of the debtors that were ever late.
    """

    name: str
    laws: tuple[Law, ...]
    edge: float
    history: pd.DataFrame

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS, age: ArrayLike | None = None) -> Forecast:
        """See `Baseline.predict`."""
        own = np.zeros(len(checked(rows)), dtype=int)
        if len(self.laws) > 1:
            own = classes(past(self.history, rows, "debtor_id"), self.edge)
        each, last = np.arange(len(own)), np.asarray(days, float)[-1]
        return _forecast(
            self.name,
            rows,
            days,
            age,
            lambda day: np.stack([np.broadcast_to(law.open_beyond(day), day.shape) for law in self.laws])[own, each],
            lambda day: np.stack([law.wait(day, last) for law in self.laws])[own, each],
        )


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

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS, age: ArrayLike | None = None) -> Forecast:
        """See `Baseline.predict`."""
        centre, last = self.centre(past(self.history, checked(rows), self.key)), np.asarray(days, float)[-1]
        return _forecast(
            self.name,
            rows,
            days,
            age,
            lambda day: self.around.open_beyond(day - centre[:, None]),
            lambda day: self.around.wait(day - centre, last - centre),
        )

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

    def predict(self, rows: pd.DataFrame, days: Sequence[float] = DAYS, age: ArrayLike | None = None) -> Forecast:
        """See `Baseline.predict`."""
        seen, last = past(self.history, checked(rows), "debtor_id"), np.asarray(days, float)[-1]
        p = drawn(seen.late, seen.n, self.book, self.needed)
        return _forecast(
            self.name,
            rows,
            days,
            age,
            lambda day: p[:, None] * self._open(day)[0] + (1 - p[:, None]) * self._open(day)[1],
            lambda day: p * self._wait(day, last)[0] + (1 - p) * self._wait(day, last)[1],
        )

    @property
    def _late_share(self) -> float:
        return float(self.law.open_beyond(np.array(0.0)))

    def _open(self, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The chance that one that comes to be late, and one that is paid in time, is open beyond a day."""
        late, whole = self._late_share, self.law.open_beyond(day)
        in_time = np.maximum(whole - late, 0.0) / (1 - late) if late < 1 else _before_due(day)
        return np.minimum(whole / late, 1.0) if late > 0 else _before_due(day), in_time

    def _wait(self, day: np.ndarray, last: float) -> tuple[np.ndarray, np.ndarray]:
        """Mean days open from a day to the last one, of one that comes to be late, and of one that is paid in time."""
        late, before = self._late_share, np.minimum(day, 0.0)
        after = self.law.wait(np.maximum(day, 0.0), last)
        in_time = (self.law.wait(before, 0.0) + before * late) / (1 - late) if late < 1 else -before
        return -before + (after / late if late > 0 else 0.0), in_time


def _before_due(day: np.ndarray) -> np.ndarray:
    """1 before the due date, 0 from its close on: the curve of what is paid on it."""
    return (day < 0).astype(float)


def classes(seen: Past, edge: float) -> np.ndarray:
    """The place in CLASSES of each row's debtor (m,)."""
    ratio = np.divide(seen.late, seen.n, out=np.zeros(len(seen.n)), where=seen.n > 0)
    return np.where(seen.n < NEW, 0, np.where(ratio == 0, 1, np.where(ratio <= edge, 2, 3)))


def _forecast(
    name: str,
    rows: pd.DataFrame,
    days: Sequence[float],
    age: ArrayLike | None,
    open_beyond: Callable[[np.ndarray], np.ndarray],
    wait: Callable[[np.ndarray], np.ndarray],
) -> Forecast:
    """A forecast in which nothing is paid before its issue, or before the age at which it is known to be open.

    `open_beyond` gives P(open) of the rows beyond days past due (m, K); `wait` the mean days open from one day of each
    row (m,) to the last of `days`, of all that were issued.
    """
    due, grid = terms(checked(rows)), np.asarray(days, float)
    open_at = open_beyond(np.broadcast_to(grid, (len(due), len(grid))))
    if age is None:
        return Forecast(name, grid, np.where(grid < -due[:, None], 1.0, open_at), wait(-due))
    old = np.broadcast_to(np.asarray(age, float), due.shape)
    now = open_beyond((old - due)[:, None])
    share = np.divide(open_at, now, out=np.zeros(open_at.shape), where=now > 0)
    left = np.divide(wait(old - due), now[:, 0], out=np.zeros(due.shape), where=now[:, 0] > 0)
    return Forecast(name, grid, np.where(grid <= (old - due)[:, None], 1.0, share), old + np.maximum(left, 0.0))
