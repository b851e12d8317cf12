"""Limits: what a client may draw, on what terms, how much of it is used, and what may be owed by one debtor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.ageing import BALANCE
from riskmodels.features.catalogue.expressions import MILLION, signed, signed_cover, signed_rate, stated
from riskmodels.features.catalogue.funds import FUNDS_IN_USE
from riskmodels.features.catalogue.values import one, sign
from riskmodels.features.facts import CONTRACT_CHANGES, CONTRACTS, DEBTOR_LIMITS, UTILISATION
from riskmodels.features.feature import LOWERS, NEITHER, RAISES, Feature, over
from riskmodels.features.formulas import (
    Mean,
    MeanChange,
    StillToCome,
    growth,
    money,
    money_change,
    ratio,
    ratio_change,
    total,
)
from riskmodels.features.measures import Flow, Last, Peak, Since, Stock

NO_END = 10**6
"""Days to run of a contract without an end."""


def _days_to_run(r: Any) -> Any:
    """Days from a version's first day in force to the contract's last."""
    return (r.closes_on.epoch_days() - r.known_on.epoch_days()).fill_null(NO_END)


CLIENT = ("client",)
DEBTORS = ("pair", "debtor")
LIMIT = Stock(CONTRACTS, signed("limit"))
IN_FORCE = Stock(CONTRACTS, sign)
CUT = Flow(CONTRACT_CHANGES, one, where=lambda r: r.change < 0)
RAISED = Flow(CONTRACT_CHANGES, one, where=lambda r: r.change > 0)
ENDS = Last(CONTRACTS, _days_to_run, where=lambda r: r.sign > 0)
STARTED = Since(CONTRACTS, one, where=lambda r: r.sign > 0)
PEAK = Peak(UTILISATION, lambda r: r.utilisation)
DEBTOR_LIMIT = Stock(DEBTOR_LIMITS, signed("allowed"))


def _rate(column: str) -> tuple[Stock, Stock]:
    """The sum of a rate over the contracts in force, in millionths, and how many state it."""
    return Stock(CONTRACTS, signed_rate(column)), Stock(CONTRACTS, sign, where=stated(column))


def _limit_with(flag: str) -> tuple[Stock, Stock]:
    """Limits of the contracts with a flag, and of those that state it."""
    return replace(LIMIT, where=lambda r: r[flag]), replace(LIMIT, where=stated(flag))


PRICE = _rate("annual_rate")
A_YEAR_BEFORE = tuple(m.before(365) for m in PRICE)
MEAN_RATE = Mean(MILLION)

# fmt: off
LIMITS = (
    Feature("contract_count_now", _("Number of factoring contracts in force"),
            "count", NEITHER, total, (IN_FORCE,), CLIENT),
    Feature("limit_now", _("Credit limits in force"), "money", NEITHER, money, (LIMIT,), CLIENT),
    Feature("headroom_now", _("Credit limits less funds in use"),
            "money", LOWERS, money_change, (LIMIT, FUNDS_IN_USE), CLIENT),
    Feature("utilisation_now", _("Funds in use as a share of the limits"),
            "share", RAISES, ratio, (FUNDS_IN_USE, LIMIT), CLIENT),
    Feature("utilisation_month_change_now",
            _("Funds in use as a share of the limits, less that share 30 days before"),
            "share", RAISES, ratio_change, (FUNDS_IN_USE, LIMIT, FUNDS_IN_USE.before(30), LIMIT.before(30)), CLIENT),
    Feature("utilisation_quarter_change_now",
            _("Funds in use as a share of the limits, less that share 90 days before"),
            "share", RAISES, ratio_change, (FUNDS_IN_USE, LIMIT, FUNDS_IN_USE.before(90), LIMIT.before(90)), CLIENT),
    *over((90, 365), "peak_utilisation", _("Largest share of the limits in use after any movement"),
          "share", RAISES, total, PEAK, subjects=CLIENT),
    Feature("limit_year_growth_now", _("Growth of the credit limits against 365 days before"),
            "share", LOWERS, growth, (LIMIT, LIMIT.before(365)), CLIENT),
    *over((365,), "limit_cut_count", _("Number of times that a limit was cut"),
          "count", RAISES, total, CUT, subjects=CLIENT),
    *over((365,), "limit_raised_count", _("Number of times that a limit was raised"),
          "count", LOWERS, total, RAISED, subjects=CLIENT),
    Feature("days_to_contract_end_now",
            _("Days to the end of the contract that came into force last, negative once it is over"),
            "days", LOWERS, StillToCome(NO_END), (ENDS, STARTED), CLIENT),
    Feature("advance_rate_now", _("Mean advance rate of the contracts in force"),
            "rate", NEITHER, MEAN_RATE, _rate("advance_rate"), CLIENT),
    Feature("annual_rate_now", _("Mean interest rate of the contracts in force"),
            "rate", RAISES, MEAN_RATE, PRICE, CLIENT),
    Feature("annual_rate_year_change_now", _("Mean interest rate of the contracts in force less that 365 days before"),
            "rate", RAISES, MeanChange(MILLION), (*PRICE, *A_YEAR_BEFORE), CLIENT),
    Feature("fee_rate_now", _("Mean fee rate of the contracts in force"),
            "rate", RAISES, MEAN_RATE, _rate("fee_rate"), CLIENT),
    Feature("margin_rate_now", _("Mean cash margin of the contracts in force"),
            "rate", LOWERS, MEAN_RATE, (Stock(CONTRACTS, signed_cover("margin_rate")), IN_FORCE), CLIENT),
    Feature("insured_share_now", _("Mean share of a loss that credit insurance bears"),
            "share", LOWERS, MEAN_RATE, (Stock(CONTRACTS, signed_cover("insured_share")), IN_FORCE), CLIENT),
    Feature("recourse_share_now", _("Share of the limits that is with recourse"),
            "share", LOWERS, ratio, _limit_with("recourse"), CLIENT),
    Feature("disclosed_share_now", _("Share of the limits for disclosed factoring, of which debtors are notified"),
            "share", LOWERS, ratio, _limit_with("disclosed"), CLIENT),
    Feature("reverse_share_now", _("Share of the limits for reverse factoring, which core enterprises initiate"),
            "share", LOWERS, ratio, _limit_with("reverse"), CLIENT),
    Feature("debtor_limit_now", _("Limits for the debtor in force"),
            "money", NEITHER, money, (DEBTOR_LIMIT,), DEBTORS),
    Feature("debtor_limit_use_now", _("Amount owed as a share of the limits for the debtor"),
            "share", RAISES, ratio, (BALANCE, DEBTOR_LIMIT), DEBTORS),
    Feature("debtor_utilisation_now", _("Funds in use as a share of the limits for the debtor"),
            "share", RAISES, ratio, (FUNDS_IN_USE, DEBTOR_LIMIT), DEBTORS),
)
# fmt: on
