"""The portfolio review: the book's key figures at a cut as checks, per currency, beside the previous cut and their
trend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.limits import packaged_limits
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.portfolio.balances import cut_day, past_days
from riskmodels.portfolio.measures import SALES_WINDOW, YEAR, measures


@dataclass(frozen=True)
class Figure:
    """A key figure: the check's name, its title (marked), unit, its column in `measures`, the table and column it needs
    with the words for their absence (marked), and the days of history it needs.
    """

    name: str
    title: str
    unit: str
    column: str
    table: str = "invoices"
    needs: tuple[str, ...] = ()
    absent: str = ""
    history: int = 0


NO_PAYMENTS = mark("no payments in the book, so nothing can be said of collection")
NO_NOTES = mark("no credit notes in the book")
NO_DISPUTES = mark("no disputes in the book")
NO_CONFIRMATIONS = mark("no confirmations in the book")

FIGURES: tuple[Figure, ...] = (
    Figure("portfolio.asset_quality.over_90", mark("Balance more than 90 days past due"), "rate", "over_90"),
    Figure("portfolio.asset_quality.over_30", mark("Balance more than 30 days past due"), "rate", "over_30"),
    Figure("portfolio.asset_quality.overdue", mark("Balance past due"), "share", "overdue"),
    Figure(
        "portfolio.receivable_quality.dilution_12m",
        mark("Dilution, 12 months"),
        "rate",
        "dilution_12m",
        "credit_notes",
        absent=NO_NOTES,
        history=YEAR,
    ),
    Figure(
        "portfolio.receivable_quality.disputed",
        mark("Balance in dispute"),
        "rate",
        "disputed",
        "disputes",
        absent=NO_DISPUTES,
    ),
    Figure(
        "portfolio.receivable_quality.unconfirmed",
        mark("Balance not confirmed by the debtor"),
        "share",
        "unconfirmed",
        "invoices",
        ("confirmed_on",),
        NO_CONFIRMATIONS,
    ),
    Figure("portfolio.concentration.top10_debtors", mark("Ten largest debtors"), "share", "top10_debtor"),
    Figure("portfolio.concentration.largest_debtor", mark("Largest debtor"), "share", "largest_debtor"),
    Figure("portfolio.concentration.hhi_debtors", mark("Concentration of debtors (HHI)"), "index", "hhi_debtor"),
    Figure("portfolio.concentration.largest_client", mark("Largest client"), "share", "largest_client"),
    Figure(
        "portfolio.turnover.dso",
        mark("Days sales outstanding"),
        "days",
        "dso",
        "payments",
        absent=NO_PAYMENTS,
        history=SALES_WINDOW,
    ),
    Figure(
        "portfolio.turnover.days_delinquent",
        mark("Average days delinquent"),
        "days",
        "days_delinquent",
        "payments",
        absent=NO_PAYMENTS,
        history=SALES_WINDOW,
    ),
    Figure(
        "portfolio.turnover.cei",
        mark("Collection effectiveness (per cent)"),
        "number",
        "cei",
        "payments",
        absent=NO_PAYMENTS,
        history=SALES_WINDOW,
    ),
)


def review(
    book: Book, previous: Book | None = None, limits: Mapping[str, Limits] | None = None, periods: int = 8
) -> list[CheckResult]:
    """All checks of the portfolio review on a cut book, per currency (`subject`), in report order.

    `detail` holds `previous` (the value at the previous cut), `trend` (value by ISO date, the last `periods` quarters
    up to the cut), and `assumes` where the book leaves something to assume. `limits` replace the package's own, by
    name.
    """
    lines = {**default_limits(), **(limits or {})}
    table = measures(book, past_days(book, periods))
    before = measures(previous) if previous is not None else None
    return [
        _check(book, figure, currency, _of(table, currency), _of(before, currency), lines.get(figure.name))
        for currency in book.currencies
        for figure in FIGURES
    ]


@cache
def default_limits() -> dict[str, Limits]:
    """The limits this package ships for its portfolio checks, by name."""
    return packaged_limits("riskmodels.portfolio")


def _check(
    book: Book, figure: Figure, currency: str, series: pd.DataFrame, before: pd.DataFrame, limits: Limits | None
) -> CheckResult:
    now = series.iloc[-1]
    known: dict[str, Any] = {"unit": figure.unit, "subject": currency, "limits": limits, "n": int(now["open"])}
    if reason := _reason(book, figure, now):
        return not_run(figure.name, _(figure.title), reason, **known)
    detail = {"previous": _last(before, figure.column), "trend": _trend(series, figure.column), **_assumes(book)}
    return CheckResult(figure.name, _(figure.title), float(now[figure.column]), detail=detail, **known)


def _reason(book: Book, figure: Figure, now: pd.Series) -> str:
    """Why a figure can't be given; empty when it can."""
    if not book.has(figure.table, *figure.needs):
        return _(figure.absent)
    if np.isfinite(now[figure.column]):
        return ""
    first = book.first_day
    if figure.history and first and (cut_day(book) - first).days < figure.history:
        text = _("the book begins on {first}, and {days} days before the cut are needed")
        return text.format(first=first, days=figure.history)
    return _("no sales in the period") if figure.history else _("nothing is open")


def _assumes(book: Book) -> dict[str, str]:
    if book.has("payments"):
        return {}
    return {"assumes": _("the book has no payments: each invoice is taken as open with its whole amount")}


def _of(table: pd.DataFrame | None, currency: str) -> pd.DataFrame:
    return pd.DataFrame() if table is None else table[table["currency"] == currency]


def _last(table: pd.DataFrame, column: str) -> float | None:
    if table.empty or not np.isfinite(table[column].iloc[-1]):
        return None
    return float(table[column].iloc[-1])


def _trend(table: pd.DataFrame, column: str) -> dict[str, float]:
    shown = table[np.isfinite(table[column])]
    return {f"{day:%Y-%m-%d}": float(value) for day, value in zip(shown["as_of"], shown[column])}
