"""Construction: milestones, progress billing, retention money, subcontract tiers and the wages of migrant workers.

A contractor is paid by what was built and approved, so its invoices stand or fall with milestones. Of public and
state-owned works at least 80 % of the finished work is paid as it progresses, and no more than 3 % of the price may be
kept as retention money (财建〔2022〕183号, 建质〔2017〕138号). Wages of migrant workers have an account of their own,
which the owner funds at least monthly (保障农民工工资支付条例, articles 24 and 26); arrears there are the first sign
that a site has run out of money, and wages go before what the contractor owes its suppliers.

Everything hangs on `contract_no`: a milestone concerns the parties of the first invoice that names its contract.
"""

from __future__ import annotations

from typing import Any

from riskmodels.book.schema import Column, Rule, Table
from riskmodels.book.schema.contract import POSITIVE_AMOUNT, currency, known_on, not_before, not_negative, share
from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one
from riskmodels.features.facts.base import Tables, in_force
from riskmodels.features.feature import LOWERS, RAISES, Catalogue, Feature, over
from riskmodels.features.formulas import Array, less, ratio, share_less, total
from riskmodels.features.measures import Facts, Flow, Last, Rows, Stock
from riskmodels.features.pack import Pack
from riskmodels.features.packs.contracts import CONTRACT, on_contracts, with_terms

# fmt: off
WORKS = Table(
    "works",
    "contracts of works, one row per version of their terms",
    key=(CONTRACT, "valid_from"),
    event="valid_from",
    zh="工程合同",
    columns=(
        Column(CONTRACT, "text", "number of the contract, as invoices name it", required=True, zh="工程合同号"),
        Column("valid_from", "date", "first day of this version", required=True, zh="版本生效日"),
        Column("project_id", "text", "project the works belong to", zh="项目编号"),
        Column("subcontract_tier", "count", "0 the general contract, 1 a subcontract of it, 2 one of that",
               zh="分包层级"),
        currency(),
        Column("contract_sum", "money", "price agreed, changes included", unit="currency", zh="合同金额"),
        Column("retention_rate", "rate", "share kept as retention money", unit="fraction", zh="质保金比例"),
        Column("completes_on", "date", "day of completion agreed", zh="约定竣工日"),
        known_on(),
    ),
    rules=(
        Rule("tier_not_negative", "subcontract_tier >= 0", "subcontract_tier of 0 or more"),
        share("retention_rate"),
        not_negative("contract_sum"),
    ),
)
MILESTONES = Table(
    "milestones",
    "what is to be built by when, and what is billable once it is approved",
    key=("milestone_id",),
    event="agreed_on",
    zh="工程节点",
    columns=(
        Column("milestone_id", "text", "milestone", required=True, zh="节点编号"),
        Column(CONTRACT, "text", "contract it belongs to", required=True, zh="工程合同号"),
        Column("stage", "text", "what is built", zh="阶段",
               allowed=("foundation", "structure", "installation", "finishing", "completion", "settlement")),
        Column("agreed_on", "date", "day the plan was agreed", required=True, zh="约定日"),
        Column("planned_on", "date", "day it is to be reached", required=True, zh="计划完成日"),
        currency(),
        Column("amount", "money", "billable once approved", unit="currency", required=True, zh="节点金额"),
        Column("reached_on", "date", "day it was reached", revealed_by="reached_on", zh="实际完成日"),
        Column("approved_on", "date", "day the owner or its engineer approved it", revealed_by="approved_on",
               zh="验收确认日"),
        Column("approved_amount", "money", "amount approved", unit="currency", revealed_by="approved_on",
               zh="确认金额"),
        known_on(),
    ),
    rules=(
        POSITIVE_AMOUNT,
        not_negative("approved_amount"),
        not_before("approved_on", "reached_on"),
        not_before("known_on", "agreed_on"),
    ),
)
RETENTIONS = Table(
    "retentions",
    "retention money kept from what was due, until defects can no longer be claimed",
    key=("retention_id",),
    event="withheld_on",
    zh="质保金",
    columns=(
        Column("retention_id", "text", "sum kept", required=True, zh="质保金编号"),
        Column(CONTRACT, "text", "contract it is kept under", required=True, zh="工程合同号"),
        Column("withheld_on", "date", "day it was kept", required=True, zh="扣留日"),
        currency(),
        Column("amount", "money", "amount kept", unit="currency", required=True, zh="扣留金额"),
        Column("due_on", "date", "day it is to be released", required=True, zh="应返还日"),
        Column("released_on", "date", "day it was released", revealed_by="released_on", zh="实际返还日"),
        Column("released_amount", "money", "amount released", unit="currency", revealed_by="released_on",
               zh="返还金额"),
        known_on(),
    ),
    rules=(
        POSITIVE_AMOUNT,
        not_negative("released_amount"),
        not_before("due_on", "withheld_on"),
        not_before("released_on", "withheld_on"),
        not_before("known_on", "withheld_on"),
    ),
)
WAGE_ACCOUNTS = Table(
    "wage_accounts",
    "the account for wages of migrant workers of a contract, by month",
    key=(CONTRACT, "month"),
    event="month",
    zh="农民工工资专户",
    columns=(
        Column(CONTRACT, "text", "contract whose workers are paid", required=True, zh="工程合同号"),
        Column("month", "date", "last day of the month", required=True, zh="月份"),
        currency(),
        Column("payable", "money", "wages due for the month", unit="currency", required=True, zh="应付工资"),
        Column("funded", "money", "paid into the account by the owner", unit="currency", zh="拨付金额"),
        Column("paid", "money", "paid out to workers", unit="currency", zh="实发工资"),
        Column("workers", "count", "workers on the list", zh="用工人数"),
        known_on(),
    ),
    rules=(not_negative("payable", "funded", "paid"), not_before("known_on", "month")),
)
# fmt: on


def _works_invoices(t: Tables) -> Rows:
    return with_terms(t["invoices"], in_force(t["works"], CONTRACT), CONTRACT, "subcontract_tier")


def _milestone_invoices(t: Tables) -> Rows:
    agreed = t["milestones"].mutate(valid_from=t["milestones"].agreed_on)
    return with_terms(t["invoices"], agreed, CONTRACT)


_PLANNED = Facts("construction milestones", ("milestones",), lambda t: on_contracts(t["milestones"], t))
_BILLED = Facts("construction milestone invoices", ("milestones",), _milestone_invoices)
_TERMS = Facts("construction works", ("works",), lambda t: in_force(on_contracts(t["works"], t), CONTRACT))
_WORKS_INVOICES = Facts("construction works invoices", ("works",), _works_invoices)
_RETAINED = Facts("construction retentions", ("retentions",), lambda t: on_contracts(t["retentions"], t))
_WAGES = Facts("construction wages", ("wage_accounts",), lambda t: on_contracts(t["wage_accounts"], t))


def _after(column: str) -> Any:
    """The day after a column's."""
    import ibis

    return lambda r: r[column] + ibis.interval(days=1)


def _days(start: str, end: str) -> Any:
    return lambda r: r[end].epoch_days() - r[start].epoch_days()


def _reached(r: Any) -> Any:
    return r.reached_on.notnull()


def _approved(r: Any) -> Any:
    return r.approved_on.notnull() & r.reached_on.notnull()


DUE = Stock(_PLANNED, one, not_before=_after("planned_on"))
REACHED_OF_DUE = Stock(_PLANNED, one, where=_reached, not_before=_after("planned_on"))
REACHED = Flow(_PLANNED, one, where=_reached)
DELAY = Flow(_PLANNED, _days("planned_on", "reached_on"))
APPROVED = Flow(_PLANNED, one, where=_approved)
APPROVAL = Flow(_PLANNED, _days("reached_on", "approved_on"))
BUILT = Stock(_PLANNED, amount, where=_reached)
BUILT_APPROVED = Stock(_PLANNED, amount, where=_approved)
APPROVED_AMOUNT = Flow(_PLANNED, lambda r: r.approved_amount, where=lambda r: r.approved_on.notnull())
BILLED = Flow(_BILLED, amount)
INVOICED = Flow(_WORKS_INVOICES, amount)
INVOICED_BELOW = Flow(_WORKS_INVOICES, amount, where=lambda r: r.subcontract_tier >= 2)
KEPT = Stock(_RETAINED, amount)
RELEASED = Stock(_RETAINED, lambda r: r.released_amount)
KEPT_DUE = Stock(_RETAINED, amount, not_before=_after("due_on"))
RELEASED_DUE = Stock(_RETAINED, lambda r: r.released_amount, not_before=_after("due_on"))
WAGES_DUE = Flow(_WAGES, lambda r: r.payable)
WAGES_PAID = Flow(_WAGES, lambda r: r.paid)
WAGES_FUNDED = Flow(_WAGES, lambda r: r.funded)


def share_left(whole: Array, part: Array) -> Array:
    """What is left of the whole without the part, as a share of it; NaN where the whole is 0."""
    return ratio(whole - part, whole)


# fmt: off
CATALOGUE: Catalogue = (
    *over((365,), "milestone_delay", _("Mean days from the planned day to the reaching of milestones"),
          "days", RAISES, ratio, DELAY, REACHED),
    Feature("overdue_milestone_count_now", _("Number of milestones past their plan and not reached"),
            "count", RAISES, less, (DUE, REACHED_OF_DUE)),
    *over((365,), "approval_lag", _("Mean days from reaching a milestone to its approval"),
          "days", RAISES, ratio, APPROVAL, APPROVED),
    Feature("unapproved_share_now", _("Share of what was built that isn't approved"),
            "share", RAISES, share_left, (BUILT, BUILT_APPROVED)),
    *over((None,), "billed_to_approved", _("Amount invoiced under contracts with milestones as a multiple of the "
          "amount approved"), "multiple", RAISES, ratio, BILLED, APPROVED_AMOUNT),
    Feature("retention_past_due_share_now", _("Share of the retention money kept that is past its day of release"),
            "share", RAISES, share_less, (KEPT_DUE, RELEASED_DUE, KEPT, RELEASED)),
    *over((365,), "wages_unpaid_share", _("Share of wages due to migrant workers that wasn't paid out"),
          "share", RAISES, share_left, WAGES_DUE, WAGES_PAID),
    *over((365,), "wages_funded_share", _("Share of wages due to migrant workers that the owner paid in"),
          "share", LOWERS, ratio, WAGES_FUNDED, WAGES_DUE),
    Feature("subcontract_tier_now", _("Subcontract tier of the contract whose terms came last, 0 the general contract"),
            "number", RAISES, total, (Last(_TERMS, lambda r: r.subcontract_tier),)),
    *over((365,), "deep_subcontract_share", _("Share of the amount invoiced under contracts of the second subcontract "
          "tier or below"), "share", RAISES, ratio, INVOICED_BELOW, INVOICED),
)
# fmt: on

CONSTRUCTION = Pack(
    "construction",
    _("Construction: milestones, progress billing, retention money, subcontract tiers, wages of migrant workers"),
    (WORKS, MILESTONES, RETENTIONS, WAGE_ACCOUNTS),
    CATALOGUE,
)
