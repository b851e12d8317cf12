"""From an estimator to a matrix with its interval and what it rests on, alike for every estimator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskmodels.core.errors import Misuse
from riskmodels.models.transitions.histories import Histories
from riskmodels.models.transitions.intervals import (
    Bounds,
    Estimate,
    check_confidence,
    drawn,
    framed,
    once,
    percentile,
    with_empty,
)
from riskmodels.models.transitions.matrix import TransitionMatrix
from riskmodels.models.transitions.states import States
from riskmodels.models.transitions.tallies import Evidence, absorbing_rows, evidence, trials

BOOTSTRAP = "bootstrap"


@dataclass(frozen=True)
class Interval:
    """How an interval is asked for: its name, its confidence, and the draws of whole obligors of a bootstrap."""

    name: str
    confidence: float
    replicates: int
    seed: int

    def check(self, known: tuple[str, ...]) -> None:
        """Refuse a name that isn't `known`, or a confidence that is no share between 0 and 1."""
        check_confidence(self.confidence)
        if self.name not in known:
            raise Misuse(f"interval: found {self.name!r}, expected one of {', '.join(known)}")

    def drawn(self, estimate: Estimate, obligors: int) -> Bounds:
        """The bounds of an estimate (...), by drawing its obligors again."""
        return percentile(drawn(estimate, obligors, self.replicates, self.seed), self.confidence)


def matrix(
    estimator: str, states: States, years: float, p: np.ndarray, bounds: Bounds, asked: Interval, rests_on: Evidence
) -> TransitionMatrix:
    """The matrix of probabilities p (K, K) with their bounds; absorbing rows are certain, undefined ones without."""
    low, high = framed(p, bounds, absorbing_rows(states))
    how = {"interval": asked.name, "confidence": asked.confidence, **vars(rests_on)}
    return TransitionMatrix(estimator, states.names, states.absorbing, years, p, low, high, **how)


def matrix_by_days(
    estimator: str,
    histories: Histories,
    window: tuple[int, int],
    years: float,
    estimate: Estimate,
    asked: Interval,
    closed: Callable[[np.ndarray], Bounds],
) -> TransitionMatrix:
    """The matrix over `years` by an estimator of moves on days in `window` (first, last].

    `estimate` gives it from weights (b, m) as (b, 1, K, K); `closed` its bounds where they aren't drawn.
    """
    obligors = len(histories.obligors)
    (p,) = once(estimate, obligors)
    low, high = (side[0] for side in asked.drawn(estimate, obligors)) if asked.name == BOOTSTRAP else closed(p)
    bounds = with_empty(p, (low, high), trials(histories, years, *window)[:, None], asked.confidence)
    return matrix(estimator, histories.states, years, p, bounds, asked, evidence(histories, *window))
