"""Financial statements: profit, solvency, operation and cash flow, how they moved in a year, and what is abnormal."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.beside import plus
from riskmodels.features.catalogue.accounts import ACCOUNTS_OF, abnormal, cell, now_and_change, together
from riskmodels.features.catalogue.values import one
from riskmodels.features.facts import RESTATEMENTS, STATEMENTS
from riskmodels.features.facts.accounts import RATIOS, Cell
from riskmodels.features.facts.statements import BEFORE
from riskmodels.features.feature import LOWERS, NEITHER, RAISES, Feature, over
from riskmodels.features.formulas import growth, ratio_change, total
from riskmodels.features.measures import Flow, Last, Since

IMPROVING = ("return_on_assets", "current_ratio", "gross_margin", "asset_turnover")
"""Ratios that are to rise, among Piotroski's signals; the debt ratio is to fall."""


def _rose(name: str, now: Cell, before: Cell) -> Any:
    return _share(name, now) > _share(name, before)


def _share(name: str, of: Cell) -> Any:
    part, whole = (amount(of).cast("float64") for amount in (RATIOS[name].part, RATIOS[name].whole))
    return (whole > 0).ifelse(part / whole, None)


def _signals(r: Any) -> Any:
    """How many of eight signals hold; empty while one of their figures is missing."""
    now, before = cell(r), cell(r, BEFORE)
    earned = [r.net_income > 0, r.operating_cash_flow > 0, r.operating_cash_flow > r.net_income]
    moved = [_rose(name, now, before) for name in IMPROVING] + [_rose("debt_ratio", before, now)]
    return sum(signal.cast("int64") for signal in (*earned, *moved))


def _age(r: Any) -> Any:
    return r.known_on.epoch_days() - r.period_end.epoch_days()


def _published_ago(r: Any) -> Any:
    return r.known_on.epoch_days() - r.published_on.epoch_days()


def _delay(r: Any) -> Any:
    return r.published_on.epoch_days() - r.period_end.epoch_days()


def _grown(column: str) -> tuple[Last, ...]:
    return together(STATEMENTS, lambda r: r[column], lambda r: r[f"{BEFORE}{column}"])


RECEIVABLES_AND_REVENUE = together(
    STATEMENTS,
    lambda r: r.receivables,
    lambda r: r.before_receivables,
    lambda r: r.revenue,
    lambda r: r.before_revenue,
)
UNAUDITED = Last(STATEMENTS, lambda r: r.audited.ifelse(0, 1), where=lambda r: (r.months == 12) & r.audited.notnull())

# fmt: off
PROFIT = (
    *now_and_change("return_on_assets", "share", LOWERS, _("Net income of a year over total assets"),
                    _("Return on assets less that of the same period a year before")),
    *now_and_change("return_on_equity", "share", LOWERS, _("Net income of a year over equity"),
                    _("Return on equity less that of the same period a year before")),
    *now_and_change("gross_margin", "share", LOWERS, _("Revenue less cost of sales, over revenue"),
                    _("Gross margin less that of the same period a year before")),
    *now_and_change("ebit_margin", "share", LOWERS, _("Earnings before interest and taxes over revenue"),
                    _("EBIT margin less that of the same period a year before")),
    *now_and_change("net_margin", "share", LOWERS, _("Net income over revenue"),
                    _("Net margin less that of the same period a year before")),
    Feature("loss_making_now", _("Whether the newest statement shows a loss"), "number", RAISES, total,
            (Last(STATEMENTS, lambda r: r.net_income < 0),), ACCOUNTS_OF),
)
SOLVENCY = (
    *now_and_change("current_ratio", "multiple", LOWERS, _("Current assets over current liabilities"),
                    _("Current ratio less that of the same period a year before")),
    *now_and_change("quick_ratio", "multiple", LOWERS, _("Current assets less inventory, over current liabilities"),
                    _("Quick ratio less that of the same period a year before")),
    *now_and_change("cash_ratio", "multiple", LOWERS, _("Cash over current liabilities"),
                    _("Cash ratio less that of the same period a year before")),
    *now_and_change("debt_ratio", "share", RAISES, _("Total liabilities over total assets"),
                    _("Debt ratio less that of the same period a year before")),
    *now_and_change("equity_ratio", "share", LOWERS, _("Equity over total assets"),
                    _("Equity ratio less that of the same period a year before")),
    *now_and_change("interest_cover", "multiple", LOWERS, _("Earnings before interest and taxes over interest"),
                    _("Interest cover less that of the same period a year before")),
    Feature("negative_equity_now", _("Whether liabilities exceed assets in the newest statement"), "number", RAISES,
            total, (Last(STATEMENTS, lambda r: r.equity < 0),), ACCOUNTS_OF),
)
OPERATION = (
    *now_and_change("receivable_days", "days", RAISES, _("Trade receivables in days of revenue"),
                    _("Receivable days less those of the same period a year before")),
    *now_and_change("inventory_days", "days", RAISES, _("Inventory in days of cost of sales"),
                    _("Inventory days less those of the same period a year before")),
    *now_and_change("asset_turnover", "multiple", LOWERS, _("Revenue of a year over total assets"),
                    _("Asset turnover less that of the same period a year before")),
    Feature("revenue_growth_now", _("Growth of revenue against the same period a year before"), "share", LOWERS,
            growth, _grown("revenue"), ACCOUNTS_OF),
    Feature("asset_growth_now", _("Growth of total assets against the same period a year before"), "share", NEITHER,
            growth, _grown("total_assets"), ACCOUNTS_OF),
    Feature("receivables_outgrow_revenue_now", _("Growth of trade receivables in a year less that of revenue"),
            "share", RAISES, ratio_change, RECEIVABLES_AND_REVENUE, ACCOUNTS_OF),
)
CASH_FLOW = (
    *now_and_change("cash_flow_to_debt", "share", LOWERS, _("Operating cash flow of a year over total liabilities"),
                    _("Cash flow to debt less that of the same period a year before")),
    *now_and_change("cash_flow_to_revenue", "share", LOWERS, _("Operating cash flow over revenue"),
                    _("Cash flow to revenue less that of the same period a year before")),
    *now_and_change("cash_flow_to_current_liabilities", "share", LOWERS,
                    _("Operating cash flow of a year over current liabilities"),
                    _("Cash flow to current liabilities less that of the same period a year before")),
    *now_and_change("accruals_to_assets", "share", RAISES,
                    _("Net income less operating cash flow of a year, over total assets"),
                    _("Accruals to assets less those of the same period a year before")),
)
ABNORMAL = (
    *abnormal("ebit_margin", LOWERS,
              _("EBIT margin in standard deviations above the mean of the party's own earlier statements"),
              _("EBIT margin in standard deviations above the mean of its industry for the same period")),
    *abnormal("current_ratio", LOWERS,
              _("Current ratio in standard deviations above the mean of the party's own earlier statements"),
              _("Current ratio in standard deviations above the mean of its industry for the same period")),
    *abnormal("debt_ratio", RAISES,
              _("Debt ratio in standard deviations above the mean of the party's own earlier statements"),
              _("Debt ratio in standard deviations above the mean of its industry for the same period")),
    *abnormal("receivable_days", RAISES,
              _("Receivable days in standard deviations above the mean of the party's own earlier statements"),
              _("Receivable days in standard deviations above the mean of its industry for the same period")),
    *abnormal("asset_turnover", LOWERS,
              _("Asset turnover in standard deviations above the mean of the party's own earlier statements"),
              _("Asset turnover in standard deviations above the mean of its industry for the same period")),
    *abnormal("cash_flow_to_current_liabilities", LOWERS,
              _("Cash flow to current liabilities in standard deviations above the mean of the party's "
                "own earlier statements"),
              _("Cash flow to current liabilities in standard deviations above the mean of its "
                "industry for the same period")),
)
QUALITY = (
    Feature("statement_age_now", _("Days since the end of the newest period that was reported"), "days", RAISES,
            plus, (Last(STATEMENTS, _age), Since(STATEMENTS, _age)), ACCOUNTS_OF),
    Feature("published_ago_now", _("Days since the newest statement was published"), "days", RAISES,
            plus, (Last(STATEMENTS, _published_ago), Since(STATEMENTS, _published_ago)), ACCOUNTS_OF),
    Feature("publication_delay_now", _("Days from the end of the newest period to its publication"), "days", RAISES,
            total, (Last(STATEMENTS, _delay),), ACCOUNTS_OF),
    Feature("unaudited_now", _("Whether the newest yearly statement lacks an auditor's unqualified opinion"), "number",
            RAISES, total, (UNAUDITED,), ACCOUNTS_OF),
    *over((365, None), "restatement_count", _("Number of statements that were restated"), "count", RAISES,
          total, Flow(RESTATEMENTS, one), subjects=ACCOUNTS_OF),
    # Piotroski (2000), Value investing: of his nine the issue of shares is not in the accounts, and the debt ratio
    # stands for long-term debt
    Feature("piotroski_signals_now", _("How many of eight signs of improving accounts hold"), "count", LOWERS,
            total, (Last(STATEMENTS, _signals),), ACCOUNTS_OF),
)
# fmt: on
FINANCIAL = (*PROFIT, *SOLVENCY, *OPERATION, *CASH_FLOW, *ABNORMAL, *QUALITY)
