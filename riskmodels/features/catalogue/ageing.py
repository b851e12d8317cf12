"""Ageing: what is owed at the as-of date, and how much of it is how long past due."""

from __future__ import annotations

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one, past_due, sign
from riskmodels.features.facts import INVOICES, LEDGER, SETTLEMENTS
from riskmodels.features.feature import NEITHER, RAISES, Feature, over
from riskmodels.features.formulas import less, money, ratio, share_less
from riskmodels.features.measures import Flow, Stock

BALANCE = Stock(LEDGER, amount)
PAST_DUE = Stock(LEDGER, amount, not_before=past_due(0))
PAST_DUE_30 = Stock(LEDGER, amount, not_before=past_due(30))
PAST_DUE_60 = Stock(LEDGER, amount, not_before=past_due(60))
PAST_DUE_90 = Stock(LEDGER, amount, not_before=past_due(90))
ISSUED = Stock(INVOICES, one)
SETTLED = Stock(SETTLEMENTS, sign)
FELL_DUE = Stock(INVOICES, one, not_before=past_due(0))
SETTLED_OF_DUE = Stock(SETTLEMENTS, sign, not_before=past_due(0))
INVOICED = Flow(INVOICES, amount)

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
    Feature("open_count_now", _("Number of open invoices"), "count", NEITHER, less, (ISSUED, SETTLED)),
    Feature("past_due_count_now", _("Number of open invoices past due"),
            "count", RAISES, less, (FELL_DUE, SETTLED_OF_DUE)),
    Feature(
        "past_due_count_share_now",
        _("Share of open invoices that are past due"),
        "share",
        RAISES,
        share_less,
        (FELL_DUE, SETTLED_OF_DUE, ISSUED, SETTLED),
    ),
    *over((90, 365), "balance_to_invoiced", _("Amount owed as a multiple of the amount invoiced"),
          "multiple", RAISES, ratio, BALANCE, INVOICED),
)
# fmt: on
