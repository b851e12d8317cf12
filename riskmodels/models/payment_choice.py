"""Which engine a payment model takes: the one that foretold later invoices better, as they were known at the time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import xlog1py, xlogy

from riskmodels.models.payment_parts import Parts
from riskmodels.models.person_period import Periods, periods
from riskmodels.models.rounds import ENOUGH

ORIGINS = (0.5, 2 / 3, 5 / 6)
"""Shares of the invoices, in order of issue, that stand before each date at which the engines are fitted."""
MOST_TRIED = 20_000  # invoices the choice is made on, evenly spread over the time of issue
SIMPLE = "logit"
"""What is taken where nothing can be compared, and where nothing is better."""


@dataclass(frozen=True)
class Tried:
    """An engine on one fold: log loss of payment per invoice, on how many, issued from the origin to the next."""

    engine: str
    origin: str
    invoices: int
    loss: float


@dataclass(frozen=True)
class Choice:
    """The engine taken, why, and what was tried."""

    engine: str
    reason: str
    tried: tuple[Tried, ...] = ()

    def told(self) -> dict[str, Any]:
        """As plain values for the model's card."""
        return {"reason": self.reason, "tried": [asdict(one) for one in self.tried]}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Choice:
        """The choice of an engine, and what `told` said of it."""
        return cls(state["engine"], state["reason"], tuple(Tried(**one) for one in state["tried"]))


@dataclass(frozen=True)
class Cases:
    """Invoices to choose on: covariates, terms (n,), parts, codes of obligors (n,), and the days they were issued."""

    frame: pd.DataFrame
    terms: np.ndarray
    parts: Parts
    obligor: np.ndarray
    issued: np.ndarray

    def of(self, rows: np.ndarray) -> Cases:
        """Some of them, by sorted positions."""
        told = self.terms[rows], self.parts.of(rows), self.obligor[rows], self.issued[rows]
        return Cases(self.frame.iloc[rows], *told)


Fit = Callable[[str, Cases], tuple[Any, np.ndarray]]
"""Fits an engine of a name on cases: the hazard of payment, and the grid it is told on."""


def chosen(engines: Collection[str], cases: Cases, fit: Fit) -> Choice:
    """The engine with the least mean log loss over forward folds; a tie goes to the logit.

    At each origin the engines learn from the invoices issued before it, those unpaid by then censored there, and are
    judged on those issued from it to the next: minus the log-likelihood of the hazard, in which an open invoice counts
    for as long as it was seen.
    """
    tried = tuple(_tried(engines, _thinned(cases), fit))
    if not tried:
        return Choice(SIMPLE, f"too few invoices to try engines on: fewer than {ENOUGH} end in a fold")
    loss = {name: np.mean([one.loss for one in tried if one.engine == name]) for name in engines}
    best = min(loss, key=lambda name: (loss[name], name != SIMPLE))
    return Choice(best, "least log loss on invoices issued later, as known then", tried)


def _thinned(cases: Cases) -> Cases:
    """At most MOST_TRIED of the cases, evenly spread over the time of issue."""
    n = len(cases.issued)
    kept = np.linspace(0, n - 1, min(n, MOST_TRIED)).astype(np.int64)
    return cases.of(np.sort(np.argsort(cases.issued, kind="stable")[kept]))


def _tried(engines: Collection[str], cases: Cases, fit: Fit) -> Iterator[Tried]:
    ordered = np.sort(cases.issued)
    origins = np.unique([ordered[int(share * len(ordered))] for share in ORIGINS])
    ends = [*origins[1:], np.datetime64("9999-12-31")]
    for origin, end in zip(origins, ends):
        learn = known_at(cases.of(np.flatnonzero(cases.issued < origin)), origin)
        judge = cases.of(np.flatnonzero((cases.issued >= origin) & (cases.issued < end)))
        if min(side.parts.ended(0) for side in (learn, judge)) < ENOUGH:
            continue
        for name in engines:
            hazard, grid = fit(name, learn)
            loss = log_loss(hazard.hazards(judge.frame), periods(grid, judge.terms, judge.parts))
            yield Tried(name, str(origin.astype("datetime64[D]")), len(judge.terms), loss / len(judge.terms))


def known_at(cases: Cases, origin: np.datetime64) -> Cases:
    """The cases as they were known at the close of the day before an origin; what ended later was open."""
    day = (origin - cases.issued).astype(float) - 1
    parts = cases.parts.seen_until(np.maximum(day, 0.0))
    return Cases(cases.frame, cases.terms, parts, cases.obligor, cases.issued)


def log_loss(hazards: np.ndarray, rows: Periods) -> float:
    """Minus the log-likelihood of person-period rows under hazards (n, K)."""
    chance = hazards[rows.invoice, rows.interval]
    return float(-(xlogy(rows.events, chance) + xlog1py(rows.exposed - rows.events, -chance)).sum())
