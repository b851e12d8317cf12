"""Level and order of the chance to be more than so many days past due, with open invoices by censoring weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.validation.baselines.scores import auc
from riskmodels.validation.dependence import clustered_se
from riskmodels.validation.timing.chance import Against
from riskmodels.validation.timing.payments import BEYOND, Payments

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Level:
    """Shares beyond a day past due, expected and observed, of the `n` invoices that can say; `ratio` of the two."""

    n: int
    expected: float
    observed: float
    ratio: Against


def level_beyond(payments: Payments, dpd: float, by_amount: bool = False) -> Level:
    """Observed over expected share unsettled beyond a day past due, each invoice counting 1 or its amount.

    O / E = sum w y / sum w p, w the censoring weights, over the same invoices above and below; the error follows
    obligors and clients. H0: as much is unsettled as was foretold, O / E = 1.
    """
    weight = payments.weights[float(dpd)] * (payments.amount if by_amount and payments.amount is not None else 1.0)
    happened, chance = payments.unsettled(dpd), payments.forecast.beyond(dpd)
    expected, observed = float(weight @ chance), float(weight @ happened)
    ratio = observed / expected if expected > 0 else float("nan")
    moved = weight * (happened - ratio * chance) / expected if expected > 0 else np.zeros(payments.n)
    against = Against(ratio, 1.0, clustered_se(moved, payments.clusters))
    whole = float(weight.sum())
    return Level(int((weight > 0).sum()), expected / whole, observed / whole, against)


@dataclass(frozen=True)
class Order:
    """The AUC of being open beyond a day past due among `n` invoices, against what the chances promise.

    `interval` is the AUC's own, 95 %; `against` has the error of its difference to the promised.
    """

    n: int
    against: Against
    interval: tuple[float, float] | None


def order_beyond(payments: Payments, dpd: float, incident: bool = False) -> Order:
    """P(an invoice open beyond a day past due had the higher chance of it than one settled by then), ties a half.

    Cumulative: of all invoices. Incident: of those that were open at the day before it in BEYOND, so whether it tells
    who of the late becomes later still; the first day has none before. Pairs count the product of censoring weights.
    H0: the order is as good as the chances promise if they are right (van Klaveren et al. 2016), which a wrong order
    and a spread too wide fall short of. NaN where fewer than 10 stand on a side. Sources: Uno et al. 2007; Heagerty and
    Zheng 2005.
    """
    weight, chance = payments.weights[float(dpd)], payments.forecast.beyond(dpd)
    if incident:
        before = BEYOND[BEYOND.index(int(dpd)) - 1]
        weight = weight * payments.open_beyond(before)
        chance = _given(chance, payments.forecast.beyond(before))
    found = auc(payments.open_beyond(dpd).astype(float), chance, weight)
    promised = auc(chance, chance, weight)
    own, less = (
        clustered_se(moved, payments.clusters) for moved in (found.influence, found.influence - promised.influence)
    )
    against = Against(found.value, promised.value, less)
    return Order(int((weight > 0).sum()), against, Against(found.value, promised.value, own).within(0, 1))


def _given(later: Floats, earlier: Floats) -> Floats:
    # Chances that are one but for rounding must tie, or rounding would be an order.
    return np.divide(later, earlier, out=np.zeros(len(later)), where=earlier > 0).round(12)
