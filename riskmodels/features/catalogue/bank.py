"""Bank flow: what goes through a party's accounts, whether it covers what the ledger says, and what is left."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.beside import mean_growth
from riskmodels.features.catalogue.values import amount
from riskmodels.features.facts import BANK_FLOWS, BANK_STATE, BANK_SWINGS, PAYMENTS
from riskmodels.features.feature import LOWERS, NEITHER, PARTIES, RAISES, Feature, over
from riskmodels.features.formulas import money, ratio, total
from riskmodels.features.measures import Flow, Last, Peak, minor


def _known(r: Any) -> Any:
    return r.inflow.notnull() & r.outflow.notnull()


def _net_out(r: Any) -> Any:
    return r.outflow > r.inflow


def _swing(r: Any) -> Any:
    return (minor(r.inflow) - minor(r.inflow_before)).abs()


IN = Flow(BANK_FLOWS, lambda r: r.inflow, where=_known)
OUT = Flow(BANK_FLOWS, lambda r: r.outflow, where=_known)
NET = Flow(BANK_FLOWS, lambda r: minor(r.inflow) - minor(r.outflow), where=_known)
MONTHS = Flow(BANK_FLOWS, _known, where=_known)
NET_OUT = Flow(BANK_FLOWS, _net_out)
SWUNG = Flow(BANK_SWINGS, _swing)
SWUNG_FROM = Flow(BANK_SWINGS, lambda r: r.inflow_before)
OVERDRAWN = Flow(BANK_FLOWS, lambda r: r.minimum_balance < 0)
# the smallest is the largest of the negatives
LEAST = Peak(BANK_FLOWS, lambda r: -minor(r.minimum_balance))
PAID = Flow(PAYMENTS, amount)


def _negative_money(value: Any) -> Any:
    return money(-value)


# fmt: off
BANK = (
    *over((90, 365), "bank_inflow", _("Credited to the party's bank accounts"),
          "money", LOWERS, money, IN, subjects=PARTIES),
    *over((365,), "bank_outflow", _("Debited from the party's bank accounts"),
          "money", NEITHER, money, OUT, subjects=PARTIES),
    *over((90, 180, 365), "bank_net_share", _("Credits less debits of the bank accounts, over credits"),
          "share", LOWERS, ratio, NET, IN, subjects=PARTIES),
    *over((180, 365), "bank_net_out_share", _("Share of months in which more was debited than credited"),
          "share", RAISES, ratio, NET_OUT, MONTHS, subjects=PARTIES),
    *over((180, 365), "bank_swing",
          _("Mean absolute change of credits from month to month, over the credits of the month before"),
          "share", RAISES, ratio, SWUNG, SWUNG_FROM, subjects=PARTIES),
    Feature("bank_inflow_growth_90d", _("Growth of mean monthly credits against those of the same days a year before"),
            "share", LOWERS, mean_growth, (IN.over(90), MONTHS.over(90), IN.over(90).before(365),
                                           MONTHS.over(90).before(365)), PARTIES),
    Feature("bank_inflow_growth_365d", _("Growth of mean monthly credits against those of the same days a year before"),
            "share", LOWERS, mean_growth, (IN.over(365), MONTHS.over(365), IN.over(365).before(365),
                                           MONTHS.over(365).before(365)), PARTIES),
    Feature("bank_minimum_now", _("Lowest balance in the newest month"), "money", LOWERS, money,
            (Last(BANK_STATE, lambda r: r.minimum_balance),), PARTIES),
    Feature("bank_minimum_to_inflow_now", _("Lowest balance in the newest month over its credits"), "share", LOWERS,
            ratio, (Last(BANK_STATE, lambda r: r.minimum_balance, where=lambda r: r.inflow.notnull()),
                    Last(BANK_STATE, lambda r: r.inflow, where=lambda r: r.minimum_balance.notnull())), PARTIES),
    *over((90, 365), "bank_minimum", _("Lowest balance of all months"), "money", LOWERS,
          _negative_money, LEAST, subjects=PARTIES),
    *over((365,), "bank_overdrawn_months", _("Number of months in which the accounts were overdrawn"),
          "count", RAISES, total, OVERDRAWN, subjects=PARTIES),
    *over((180, 365), "paid_to_bank_inflow", _("Payments on the client's invoices over what its banks were credited"),
          "share", NEITHER, ratio, PAID, IN, subjects=("client",)),
    *over((180, 365), "paid_to_bank_outflow", _("Payments on the debtor's invoices over what its banks were debited"),
          "share", NEITHER, ratio, PAID, OUT, subjects=("debtor",)),
)
# fmt: on
