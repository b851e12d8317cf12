"""How well whole points keep the order of the log-odds they stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from riskmodels.core.text import gettext as _
from riskmodels.models.scorecard.model import Scorecard
from riskmodels.models.scorecard.points import Points

SAME = 9
"""Log-odds equal to so many digits are equal: the same bins added in another order."""


@dataclass(frozen=True)
class RankAgreement:
    """Kendall's tau-b of two orders of the same rows, and of pairs apart in the first: shares swapped and tied."""

    tau_b: float
    swapped: float
    tied: float


@dataclass(frozen=True)
class Rounding:
    """What rounding to whole points costs on a sample.

    agreement : of log-odds and points. largest : greatest difference of a score from its exact value, points.
    shared : by driver, bins that have come to share points with a better one. least_pdo : above this PDO no two can.
    """

    agreement: RankAgreement
    largest: float
    shared: dict[str, int]
    least_pdo: float

    def summary(self) -> pd.DataFrame:
        """One row per figure."""
        rows = [
            (_("Kendall's tau-b of points and log-odds"), self.agreement.tau_b),
            (_("share of pairs swapped"), self.agreement.swapped),
            (_("share of pairs tied"), self.agreement.tied),
            (_("greatest difference from the exact score"), self.largest),
            (_("bins that share points"), float(sum(self.shared.values()))),
            (_("PDO from which none do"), self.least_pdo),
        ]
        return pd.DataFrame(rows, columns=[_("measure"), _("value")])


def rounding(card: Scorecard, X: Any) -> Rounding:
    """What rounding the card's points costs on the rows of X."""
    points, scale = card.card_points(), card.scale
    goodness = -card.decision_function(X)
    score = card.points(X)
    exact = scale.offset + scale.factor * goodness
    shared = {name: driver.shared for name, driver in points.drivers.items()}
    return Rounding(
        agreement(goodness, score), float(np.abs(score - exact).max()), shared, _least_pdo(points, scale.pdo)
    )


def agreement(exact: np.ndarray, rounded: np.ndarray) -> RankAgreement:
    """How the order of `rounded` agrees with that of `exact` (n,): 1, 0, 0 when nothing is lost."""
    exact, n = np.round(exact, SAME), len(exact)
    ties, ties_rounded = _pairs(exact), _pairs(rounded)
    both = _pairs(np.unique(np.column_stack([exact, rounded]), axis=0, return_inverse=True)[1].ravel())
    apart = n * (n - 1) / 2 - ties
    if apart == 0:
        return RankAgreement(math.nan, 0.0, 0.0)
    told = n * (n - 1) / 2 - ties - ties_rounded + both
    tau = 0.0 if told == 0 else float(kendalltau(exact, rounded).statistic)
    net = tau * math.sqrt(apart) * math.sqrt(n * (n - 1) / 2 - ties_rounded)
    return RankAgreement(tau, max(0.0, round((told - net) / 2)) / apart, (ties_rounded - both) / apart)


def _pairs(values: np.ndarray) -> float:
    """Number of pairs of equal values."""
    counts = np.unique(values, return_counts=True)[1].astype(float)
    return float((counts * (counts - 1) / 2).sum())


def _least_pdo(points: Points, pdo: float) -> float:
    """The PDO at which the two nearest bins of a driver stand a whole point apart: then no rounding can join them."""
    gaps = [np.abs(np.diff(d.exact[d.weight > 0])) for d in points.drivers.values()]
    least = min((float(gap.min()) for gap in gaps if len(gap)), default=math.inf)
    return pdo / least if least > 0 else math.inf
