"""Ageing: what is owed at the as-of date, and how much of it is how long past due."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, change_of_count, days_past_due_then, past_due
from riskmodels.features.facts import INVOICES, LEDGER
from riskmodels.features.feature import NEITHER, RAISES, Feature, over
from riskmodels.features.formulas import growth, money, money_change, ratio, ratio_change, total
from riskmodels.features.measures import Elapsed, Flow, Stock

BALANCE = Stock(LEDGER, amount)
PAST_DUE = Stock(LEDGER, amount, not_before=past_due(0))
PAST_DUE_30 = Stock(LEDGER, amount, not_before=past_due(30))
PAST_DUE_60 = Stock(LEDGER, amount, not_before=past_due(60))
PAST_DUE_90 = Stock(LEDGER, amount, not_before=past_due(90))
PAST_DUE_180 = Stock(LEDGER, amount, not_before=past_due(180))
PAST_DUE_360 = Stock(LEDGER, amount, not_before=past_due(360))
DUE_IN_30 = Stock(LEDGER, amount, not_before=past_due(-31))
OPEN = Stock(LEDGER, change_of_count)
LATE = Stock(LEDGER, change_of_count, not_before=past_due(0))
LATE_30 = Stock(LEDGER, change_of_count, not_before=past_due(30))
INVOICED = Flow(INVOICES, amount)
SINCE_THEN = Elapsed(LEDGER, amount, not_before=past_due(0))
BY_THEN = Stock(LEDGER, days_past_due_then, not_before=past_due(0))
"""Amount times the days past due when the amount changed: with the days elapsed since, those at the as-of date."""


def mean_days(since_then: Any, by_then: Any, balance: Any) -> Any:
    """Days past due weighted by what is owed: each change of it times its days past due, then and since."""
    return ratio(since_then + by_then, balance)


def falling_due(due_by_then: Any, past_due: Any, balance: Any) -> Any:
    """What isn't past due yet but will be soon, as a share of what is owed."""
    return ratio(due_by_then - past_due, balance)


# fmt: off
AGEING = (
    Feature("balance_now", _("Amount owed"), "money", NEITHER, money, (BALANCE,)),
    Feature("past_due_now", _("Amount past due"), "money", RAISES, money, (PAST_DUE,)),
    Feature("past_due_30_now", _("Amount more than 30 days past due"),
            "money", RAISES, money, (PAST_DUE_30,)),
    Feature("past_due_60_now", _("Amount more than 60 days past due"),
            "money", RAISES, money, (PAST_DUE_60,)),
    Feature("past_due_90_now", _("Amount more than 90 days past due"),
            "money", RAISES, money, (PAST_DUE_90,)),
    Feature("past_due_share_now", _("Share of the amount owed that is past due"),
            "share", RAISES, ratio, (PAST_DUE, BALANCE)),
    Feature("past_due_30_share_now", _("Share of the amount owed that is more than 30 days past due"),
            "share", RAISES, ratio, (PAST_DUE_30, BALANCE)),
    Feature("past_due_60_share_now", _("Share of the amount owed that is more than 60 days past due"),
            "share", RAISES, ratio, (PAST_DUE_60, BALANCE)),
    Feature("past_due_90_share_now", _("Share of the amount owed that is more than 90 days past due"),
            "share", RAISES, ratio, (PAST_DUE_90, BALANCE)),
    Feature("past_due_180_share_now", _("Share of the amount owed that is more than 180 days past due"),
            "share", RAISES, ratio, (PAST_DUE_180, BALANCE)),
    Feature("past_due_360_share_now", _("Share of the amount owed that is more than 360 days past due"),
            "share", RAISES, ratio, (PAST_DUE_360, BALANCE)),
    Feature("mean_days_past_due_now", _("Days past due of what is past due, weighted by amount"),
            "days", RAISES, mean_days, (SINCE_THEN, BY_THEN, PAST_DUE)),
    Feature("falling_due_share_now", _("Share of the amount owed that falls due within 30 days"),
            "share", NEITHER, falling_due, (DUE_IN_30, PAST_DUE, BALANCE)),
    Feature("open_count_now", _("Number of open invoices"), "count", NEITHER, total, (OPEN,)),
    Feature("past_due_count_now", _("Number of open invoices past due"), "count", RAISES, total, (LATE,)),
    Feature("past_due_count_share_now", _("Share of open invoices that are past due"),
            "share", RAISES, ratio, (LATE, OPEN)),
    Feature("past_due_30_count_share_now", _("Share of open invoices more than 30 days past due"),
            "share", RAISES, ratio, (LATE_30, OPEN)),
    *over((90, 365), "balance_to_invoiced", _("Amount owed as a multiple of the amount invoiced"),
          "multiple", RAISES, ratio, BALANCE, INVOICED),
)
AGEING_CHANGES = (
    Feature("past_due_share_month_change_now",
            _("Share of the amount owed that is past due, less that of 30 days before"),
            "share", RAISES, ratio_change, (PAST_DUE, BALANCE, PAST_DUE.before(30), BALANCE.before(30))),
    Feature("past_due_share_quarter_change_now",
            _("Share of the amount owed that is past due, less that of 90 days before"),
            "share", RAISES, ratio_change, (PAST_DUE, BALANCE, PAST_DUE.before(90), BALANCE.before(90))),
    Feature("past_due_share_year_change_now",
            _("Share of the amount owed that is past due, less that of a year before"),
            "share", RAISES, ratio_change, (PAST_DUE, BALANCE, PAST_DUE.before(365), BALANCE.before(365))),
    Feature("past_due_quarter_change_now", _("Amount past due less that of 90 days before"),
            "money", RAISES, money_change, (PAST_DUE, PAST_DUE.before(90))),
    Feature("balance_quarter_growth_now", _("Growth of the amount owed against 90 days before"),
            "share", NEITHER, growth, (BALANCE, BALANCE.before(90))),
    Feature("balance_year_growth_now", _("Growth of the amount owed against a year before"),
            "share", NEITHER, growth, (BALANCE, BALANCE.before(365))),
    Feature("rolled_30_share_now", _("Share of what was past due 30 days before that is still owed"),
            "share", RAISES, ratio, (PAST_DUE_30, PAST_DUE.before(30))),
    Feature("rolled_60_share_now", _("Share of what was more than 30 days past due 30 days before that is still owed"),
            "share", RAISES, ratio, (PAST_DUE_60, PAST_DUE_30.before(30))),
    Feature("rolled_90_share_now", _("Share of what was more than 60 days past due 30 days before that is still owed"),
            "share", RAISES, ratio, (PAST_DUE_90, PAST_DUE_60.before(30))),
)
# fmt: on
