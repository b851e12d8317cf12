"""The PAYDEX-like index of 24 months: 80 pays on the day, 100 thirty days early, 20 a third of a year late.

A settlement scores by its days late, interpolated between the points of the scale: 100 at 30 days early, 90 at 20,
80 on the due date, 70 at 15 days late, 60 at 22, 50 at 30, 40 at 60, 30 at 90, 20 at 120; 100 and 20 beyond. In 84ths
of a point each whole day has a whole score. Weights are invoices' amounts in whole units of currency. It takes three
settlements, and of a payer two suppliers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import days_late, sign
from riskmodels.features.facts import SETTLEMENTS
from riskmodels.features.feature import LOWERS, Feature, over
from riskmodels.features.formulas import ratio
from riskmodels.features.measures import Flow, Spread, minor

Array = NDArray[np.float64]
PARTS = 84
"""Parts of a point: the least number that makes a day worth a whole number of them on every stretch of the scale."""
LOST = ((-30, -20, 84), (-20, 0, 42), (0, 15, 56), (15, 22, 120), (22, 30, 105), (30, 120, 28))
"""Stretches of days late, and what each day on them loses."""
EXPERIENCES, SUPPLIERS = 3, 2


def score(r: Any) -> Any:
    """The settlement's points in 84ths."""
    late = days_late(r)
    return sum((-loss * (late.clip(low, high) - low) for low, high, loss in LOST), start=100 * PARTS)


def weight(r: Any) -> Any:
    """The settled invoice's amount in whole units of currency, taken back with the settlement."""
    return r.sign * (minor(r.face) // 100)


def index(scores: Array, weights: Array, experiences: Array) -> Array:
    """The weighted mean score; NaN of too few settlements."""
    return ratio(scores, np.where(experiences >= EXPERIENCES, PARTS * weights, 0))


def paydex(scores: Array, weights: Array, experiences: Array, suppliers: Array) -> Array:
    """The index; NaN with too few suppliers."""
    return index(scores, weights, np.where(suppliers >= SUPPLIERS, experiences, 0))


def change(*now_and_before: Array) -> Array:
    """The index of four arrays less that of the other four."""
    return paydex(*now_and_before[:4]) - paydex(*now_and_before[4:])


SCORES = Flow(SETTLEMENTS, lambda r: weight(r) * score(r))
WEIGHTS = Flow(SETTLEMENTS, weight)
SETTLED = Flow(SETTLEMENTS, sign)
OF_SUPPLIERS = Spread(SETTLEMENTS, sign, how="count")
NOW = tuple(m.over(730) for m in (SCORES, WEIGHTS, SETTLED, OF_SUPPLIERS))
PAYERS = ("debtor", "chain")

# fmt: off
PAYDEX = (
    Feature("paydex_730d", _("PAYDEX-like index: 80 pays on the due date, less is later"),
            "score", LOWERS, paydex, NOW, PAYERS),
    Feature("paydex_year_change_730d", _("PAYDEX-like index less that of a year before"),
            "score", LOWERS, change, (*NOW, *(m.before(365) for m in NOW)), PAYERS),
    *over((730,), "payment_index", _("PAYDEX-like index of settlements of this client's invoices alone"),
          "score", LOWERS, index, SCORES, WEIGHTS, SETTLED, subjects=("client", "pair")),
)
# fmt: on
