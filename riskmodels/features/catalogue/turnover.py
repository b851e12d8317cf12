"""Turnover: how many days of sales are owed, how fast they are collected, and whether sales grow.

Days of sales outstanding are those of what is owed, the best possible ones those of what isn't due yet; their
difference is the average days delinquent. The collection effectiveness is what was collected of what could have been.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, past_due
from riskmodels.features.facts import INVOICES, LEDGER
from riskmodels.features.feature import LOWERS, RAISES, Feature
from riskmodels.features.formulas import growth, ratio
from riskmodels.features.measures import Flow, Stock

Array = NDArray[np.float64]
MONTH, MONTHS = 30, 12


@dataclass(frozen=True)
class Outstanding:
    """An amount in days of sales of a window; NaN without sales."""

    days: int

    def __call__(self, amount: Array, sales: Array) -> Array:
        """The days."""
        return ratio(amount * self.days, sales)


@dataclass(frozen=True)
class OutstandingChange:
    """An amount in days of sales of a window, less that of another time."""

    days: int

    def __call__(self, amount: Array, sales: Array, amount_then: Array, sales_then: Array) -> Array:
        """The difference in days."""
        of = Outstanding(self.days)
        return of(amount, sales) - of(amount_then, sales_then)


def turned(sales: Array, balance: Array, balance_before: Array) -> Array:
    """Sales as a multiple of the mean of the balances at their beginning and end."""
    return ratio(2 * sales, balance + balance_before)


def effectiveness(begin: Array, sales: Array, end: Array, past_due: Array) -> Array:
    """What was collected, as a share of what was owed at the beginning or sold since and fell due by the end."""
    return ratio(begin + sales - end, begin + sales - (end - past_due))


def effectiveness_change(*now_and_before: Array) -> Array:
    """The effectiveness of four arrays less that of the other four."""
    return effectiveness(*now_and_before[:4]) - effectiveness(*now_and_before[4:])


def countback(balance: Array, *sales: Array) -> Array:
    """Days of the newest months' sales that add up to the balance, the last pro rata; all the days if they don't.

    NaN without sales in any month.
    """
    left, days = balance.copy(), np.zeros(len(balance))
    for month in sales:
        part = np.divide(left, month, out=np.ones(len(left)), where=month > left)
        days += np.where(left > 0, np.where(month > left, part * MONTH, MONTH), 0)
        left = np.maximum(left - month, 0)
    return np.where(sum(sales) > 0, days, np.nan)


BALANCE = Stock(LEDGER, amount)
PAST_DUE = Stock(LEDGER, amount, not_before=past_due(0))
SALES = Flow(INVOICES, amount)
QUARTER = (BALANCE, SALES.over(90))
YEAR = (BALANCE, SALES.over(365))
COLLECTED = (BALANCE.before(90), SALES.over(90), BALANCE, PAST_DUE)

# fmt: off
TURNOVER = (
    Feature("dso_90d", _("Days of sales outstanding"), "days", RAISES, Outstanding(90), QUARTER),
    Feature("dso_365d", _("Days of sales outstanding"), "days", RAISES, Outstanding(365), YEAR),
    Feature("dso_quarter_change_90d", _("Days of sales outstanding, less those of 90 days before"),
            "days", RAISES, OutstandingChange(90), (*QUARTER, *(m.before(90) for m in QUARTER))),
    Feature("dso_year_change_365d", _("Days of sales outstanding, less those of a year before"),
            "days", RAISES, OutstandingChange(365), (*YEAR, *(m.before(365) for m in YEAR))),
    Feature("countback_dso_now",
            _("Days of the newest sales that add up to what is owed, month by month, at most 360"),
            "days", RAISES, countback, (BALANCE, *(SALES.over(MONTH).before(MONTH * k) for k in range(MONTHS)))),
    Feature("days_delinquent_90d", _("Average days delinquent: days of sales past due"),
            "days", RAISES, Outstanding(90), (PAST_DUE, SALES.over(90))),
    Feature("days_delinquent_365d", _("Average days delinquent: days of sales past due"),
            "days", RAISES, Outstanding(365), (PAST_DUE, SALES.over(365))),
    Feature("turnover_365d", _("Sales as a multiple of the mean of what is owed now and was a year before"),
            "multiple", LOWERS, turned, (SALES.over(365), BALANCE, BALANCE.before(365))),
    Feature("collection_effectiveness_90d",
            _("Collection effectiveness: share collected of what was owed or sold and had fallen due"),
            "share", LOWERS, effectiveness, COLLECTED),
    Feature("collection_effectiveness_quarter_change_90d",
            _("Collection effectiveness, less that of the 90 days before"),
            "share", LOWERS, effectiveness_change, (*COLLECTED, *(m.before(90) for m in COLLECTED))),
    *(Feature(f"sales_growth_{w}d", _("Growth of sales against the same days a year before"),
              "share", LOWERS, growth, (SALES.over(w), SALES.over(w).before(365))) for w in (90, 365)),
)
# fmt: on
