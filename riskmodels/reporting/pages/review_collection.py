"""How it turns into cash: the pages on turnover and on vintages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.portfolio.cohorts import cohorts
from riskmodels.portfolio.turnover import countback, turnover
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import curves

if TYPE_CHECKING:
    from riskmodels.reporting.pages.review import PortfolioReview


def turnover_page(review: PortfolioReview) -> Iterator[Block]:
    """How fast receivables turn into cash, now and a quarter before, and over eight quarters."""
    name = _("Turnover")
    if not review.book.has("payments"):
        yield Section("3", name, _("Collection can't be judged on this book"), "", Verdict.NOT_RUN)
        yield NotRun(name, _("no payments in the book, so nothing can be said of collection"))
        return
    checks = review.of_group("turnover")
    yield Section.of("3", name, _turnover_finding(checks), _turnover_lead(), checks)
    for currency in review.currencies:
        yield _turnover_table(review, currency)
    if panels := [c for c in checks if len(c.detail.get("trend", {})) > 1]:
        yield _trend_strip(panels)


def _turnover_finding(checks: list[CheckResult]) -> str:
    ran = {c.name.split(".")[2]: c for c in checks if c.value is not None}
    if "dso" not in ran:
        return _("The book is too young for a figure of collection")
    words = _("Receivables turn into cash in {dso}, {late} of it after the due date")
    return words.format(dso=figure(ran["dso"].value, "days"), late=figure(ran["days_delinquent"].value, "days"))


def _turnover_lead() -> str:
    return _(
        "DSO = receivables / sales of 90 days x 90. Best possible DSO counts only what is not yet due; average days "
        "delinquent is the difference. CEI is 100 when all that fell due was collected."
    )


MEASURES = (
    ("receivables", mark("Receivables"), "money"),
    ("current", mark("of which not yet due"), "money"),
    ("sales", mark("Sales of 90 days"), "money"),
    ("dso", mark("Days sales outstanding"), "days"),
    ("best_possible_dso", mark("Best possible DSO"), "days"),
    ("days_delinquent", mark("Average days delinquent"), "days"),
    ("cei", mark("Collection effectiveness (per cent)"), "number"),
    ("turnover", mark("Turnover per year"), "multiple"),
)
"""Rows of the collection table: the column of `turnover`, its title (marked), its unit."""


def _turnover_table(review: PortfolioReview, currency: str) -> Table:
    days = [d for d in (review.quarter_before, review.as_of) if d]
    table = turnover(review.book, days)
    rows = table[table["currency"] == currency].set_index("as_of")
    back = countback(review.book)[currency]
    shown = {_(title): [figure(value, unit, currency) for value in rows[key]] for key, title, unit in MEASURES}
    bound = _("at least {days}") if back.lower_bound else "{days}"
    shown[_("DSO, countback")] = [""] * (len(rows) - 1) + [bound.format(days=figure(back.days, "days"))]
    frame = pd.DataFrame.from_dict(shown, orient="index", columns=[str(d.date()) for d in rows.index])
    frame.insert(0, "measure", frame.index)
    columns = [
        Column("measure", _("Measure")),
        *(Column(c, c, "text", right=True, quiet=i < len(rows) - 1) for i, c in enumerate(frame.columns[1:])),
    ]
    return Table.of(
        f"turnover_{currency}",
        frame,
        columns,
        title=_("Collection measures, {currency}").format(currency=currency),
        currency=currency,
    )


def _trend_strip(checks: list[CheckResult]) -> Figure:
    days = [c for c in checks if c.unit == "days"] or checks
    frame = pd.DataFrame(
        [
            {"panel": c.title, "when": when[:7], "value": value}
            for c in days
            for when, value in c.detail["trend"].items()
        ]
    )
    return Figure.of(
        "turnover_trend",
        curves.strip,
        frame,
        title=_("Collection over eight quarters"),
        width="full",
        height=40,
        options={"unit": "days"},
        caption=_("Each quarter end as it was known then."),
    )


def cohorts_page(review: PortfolioReview) -> Iterator[Block]:
    """Invoices by quarter of issue: the share that was ever more than 30 days past due, at equal age."""
    name = _("Vintages")
    if not review.book.has("payments"):
        yield Section("4", name, _("Vintages can't be drawn on this book"), "", Verdict.NOT_RUN)
        yield NotRun(name, _("no payments in the book, so it can't be told what was paid late"))
        return
    table = _yearly(cohorts(review.book), review.currency)
    if table.empty:
        yield Section("4", name, _("No cohort is old enough to be compared"), "", Verdict.NOT_RUN)
        yield NotRun(name, _("no month of issue has reached the age at which invoices can be 30 days past due"))
        return
    told = _(
        "Share of the issued amount that was ever more than 30 days past due, by age; only cohorts "
        "that have reached it."
    )
    yield Section("4", name, _vintage_finding(table), told)
    yield _vintages(table, review.currency)


def _vintages(table: pd.DataFrame, currency: str) -> Figure:
    return Figure.of(
        "vintages",
        curves.cohorts,
        table,
        title=_("More than 30 days past due, by half-year of issue, {currency}").format(currency=currency),
        width="full",
        options={"label": _("Share of the issued amount")},
        caption=_(
            "Months since the end of the month of issue. A half-year is shown at an age once all its "
            "months have reached it."
        ),
    )


def _yearly(table: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Monthly cohorts gathered by half-year, at the ages all months of it have reached."""
    mine = table[table["currency"] == currency]
    half = mine["cohort"].dt.year.astype(str) + "H" + ((mine["cohort"].dt.month + 5) // 6).astype(str)
    grouped = (
        mine.assign(cohort=half)
        .groupby(["cohort", "age"])
        .agg(bad=("bad", "sum"), amount=("amount", "sum"), months=("bad", "size"))
        .reset_index()
    )
    full = grouped.groupby("cohort")["months"].transform("max")
    kept = grouped[grouped["months"] == full]
    return kept.assign(value=kept["bad"] / kept["amount"])[["cohort", "age", "value"]].reset_index(drop=True)


def _vintage_finding(table: pd.DataFrame) -> str:
    ages = table.groupby("age")["cohort"].nunique()
    shared = ages[ages >= 2].index
    if not len(shared):
        return _("One cohort only: nothing to compare it with yet")
    at = table[table["age"] == shared.max()].sort_values("cohort")
    first, last = at.iloc[0], at.iloc[-1]
    words = _("At {age} months, {last} of the {new} invoices had run more than 30 days late, {first} of those of {old}")
    return words.format(
        age=int(shared.max()),
        last=figure(last["value"], "rate"),
        new=last["cohort"],
        first=figure(first["value"], "rate"),
        old=first["cohort"],
    )
