"""Ratios of a financial statement: for each the two amounts to divide, as whole numbers of minor units.

Flows of interim statements are brought to a year: multiplied by 12 months, over the months they cover.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Cell = Callable[[str], Any]
"""A column of a statement by name: of the newest one, or of the one a year before."""
Amount = Callable[[Cell], Any]

AMOUNTS = (
    "revenue",
    "cost",
    "ebit",
    "net_income",
    "total_assets",
    "current_assets",
    "inventory",
    "receivables",
    "cash",
    "total_liabilities",
    "current_liabilities",
    "equity",
    "operating_cash_flow",
    "interest_expense",
)
"""The amounts of a statement."""


@dataclass(frozen=True)
class Ratio:
    """What is divided by what."""

    part: Amount
    whole: Amount


def _yearly(column: str) -> Amount:
    return lambda cell: cell(column) * 12


def _times_months(column: str) -> Amount:
    return lambda cell: cell(column) * cell("months")


def _plain(column: str) -> Amount:
    return lambda cell: cell(column)


def _quick(cell: Cell) -> Any:
    return cell("current_assets") - cell("inventory")


def _gross(cell: Cell) -> Any:
    return cell("revenue") - cell("cost")


def _accrued(cell: Cell) -> Any:
    return (cell("net_income") - cell("operating_cash_flow")) * 12


RATIOS = {
    "return_on_assets": Ratio(_yearly("net_income"), _times_months("total_assets")),
    "return_on_equity": Ratio(_yearly("net_income"), _times_months("equity")),
    "gross_margin": Ratio(_gross, _plain("revenue")),
    "ebit_margin": Ratio(_plain("ebit"), _plain("revenue")),
    "net_margin": Ratio(_plain("net_income"), _plain("revenue")),
    "current_ratio": Ratio(_plain("current_assets"), _plain("current_liabilities")),
    "quick_ratio": Ratio(_quick, _plain("current_liabilities")),
    "cash_ratio": Ratio(_plain("cash"), _plain("current_liabilities")),
    "debt_ratio": Ratio(_plain("total_liabilities"), _plain("total_assets")),
    "equity_ratio": Ratio(_plain("equity"), _plain("total_assets")),
    "interest_cover": Ratio(_plain("ebit"), _plain("interest_expense")),
    "receivable_days": Ratio(_times_months("receivables"), _yearly("revenue")),
    "inventory_days": Ratio(_times_months("inventory"), _yearly("cost")),
    "asset_turnover": Ratio(_yearly("revenue"), _times_months("total_assets")),
    "cash_flow_to_debt": Ratio(_yearly("operating_cash_flow"), _times_months("total_liabilities")),
    "cash_flow_to_revenue": Ratio(_plain("operating_cash_flow"), _plain("revenue")),
    "cash_flow_to_current_liabilities": Ratio(_yearly("operating_cash_flow"), _times_months("current_liabilities")),
    "accruals_to_assets": Ratio(_accrued, _times_months("total_assets")),
}
"""The ratios by name; those in days are shares of a year here."""
WATCHED = (
    "ebit_margin",
    "current_ratio",
    "debt_ratio",
    "receivable_days",
    "asset_turnover",
    "cash_flow_to_current_liabilities",
)
"""The ratios that are held against the party's own history and against its industry."""
