"""Payment-time models beside Cox models and boosted trees of survival: seconds, and how well later invoices are told.

All learn from the same invoices as known at a cut, and are judged on those issued later: the Brier score of the curve
averaged over days past due (IBS), and the mean over the same days of the AUC of being open beyond the day, both with
weights for censoring. Each works on one thread. The ratio of an AUC is ours less the peer's, and its goal the least
that may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from _bench import Row, gap, loss, row, timed
from _overdue_data import Split
from _overdue_rivals import Rival
from threadpoolctl import threadpool_limits

from riskmodels.models.payment_time import GRID
from riskmodels.validation.baselines import Observed
from riskmodels.validation.baselines.scores import area, auc, mean

DAYS = np.array([day for day in GRID if -30 < day <= 90])
"""Days past due on which invoices are judged: all of them, of 30 days' terms and more, were issued before."""
REPEATS = 3
LEAST, MARGIN = 0.98, -0.005


@dataclass(frozen=True)
class Found:
    """Seconds to fit and to score, and the two figures of the curves."""

    fit: float
    score: float
    ibs: float
    auc: float


def beside(told: str, split: Split, pairs: Sequence[tuple[Rival, Rival]]) -> list[Row]:
    """The rows of each pair of ours and a peer; all of them are timed in turn, medians of three."""
    with threadpool_limits(1):
        found = measured(split, {rival.name: rival for pair in pairs for rival in pair})
    rows = []
    for ours, peer in pairs:
        a, b, of, n = found[ours.name], found[peer.name], f"{told}, {ours.name}", len(split)
        rows += [
            row(f"{of}: fit", a.fit, b.fit, peer.name, 1.0, n),
            row(f"{of}: score", a.score, b.score, peer.name, None, n),
            loss(f"{of}: IBS", a.ibs, b.ibs, peer.name, LEAST, n),
            gap(f"{of}: AUC over days", a.auc, b.auc, peer.name, MARGIN, n),
        ]
    return rows


def measured(split: Split, every: dict[str, Rival]) -> dict[str, Found]:
    """Every rival fitted on the earlier invoices, and its curves of the later ones judged."""
    last = (split.earlier.duration - split.earlier.terms).max()
    days = DAYS[: np.searchsorted(DAYS, last)]
    fit, models = timed({name: partial(rival.fit, split.earlier) for name, rival in every.items()}, REPEATS)
    asked = {name: partial(rival.open_at, models[name], split.later, days) for name, rival in every.items()}
    score, curves = timed(asked, REPEATS)
    return {name: Found(fit[name], score[name], *judged(curves[name], days, split.later.seen)) for name in every}


def judged(curves: np.ndarray, days: np.ndarray, seen: Observed) -> tuple[float, float]:
    """IBS and mean AUC of curves (m, K) over the days on which that can be told."""
    n, weights = len(curves), seen.told(days.tolist())
    squares, orders = {}, {}
    for curve, day in zip(curves.T, days.tolist()):
        if day in weights:
            beyond = ((seen.delay > day) | (~seen.settled & (seen.delay == day))).astype(float)
            squares[day] = mean((beyond - curve) ** 2, weights[day])
            orders[day] = auc(beyond, curve, weights[day])
    sure = {day: order for day, order in orders.items() if not np.isnan(order.value)}
    ibs, order = (area(list(each.values()), np.array(list(each)), n).value for each in (squares, sure))
    return ibs, order
