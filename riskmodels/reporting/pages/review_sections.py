"""The inside pages of the portfolio review: ageing, concentration, turnover, cohorts, data, appendix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure, money
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.portfolio.ageing import ageing, compare
from riskmodels.portfolio.cohorts import cohorts
from riskmodels.portfolio.concentration import largest
from riskmodels.portfolio.turnover import countback, turnover
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table, Text
from riskmodels.reporting.closing import Glossary
from riskmodels.reporting.figures import bars, curves
from riskmodels.reporting.pages.page import limits_used

if TYPE_CHECKING:
    from riskmodels.reporting.pages.review import PortfolioReview

BAD_FROM = 4
"""The first bucket that is non-performing: 91-180 days."""


def ageing_page(review: PortfolioReview) -> Iterator[Block]:
    """The open balance by days past due, per currency, beside the quarter before."""
    checks = _of_group(review, "asset_quality")
    yield Section.of("1", _("Ageing"), _ageing_finding(review), _ageing_lead(review), checks)
    for currency in review.book.currencies:
        yield from _ageing_of(review, currency)


def _ageing_finding(review: PortfolioReview) -> str:
    table = _aged(review, review.currency)
    late, bad = table["share"][1:].sum(), table["share"][BAD_FROM:].sum()
    return _("{late} of the balance is past due, {bad} by more than 90 days").format(
        late=figure(late, "share"), bad=figure(bad, "rate")
    )


def _ageing_lead(review: PortfolioReview) -> str:
    if review.book.has("payments"):
        return _(
            "Days past due run from the original due date to the close of the day; an invoice counts with what is open."
        )
    return _("The book has no payments: every invoice counts as open with its whole amount, so this is an upper bound.")


def _aged(review: PortfolioReview, currency: str) -> pd.DataFrame:
    day = review.quarter_before
    table = compare(review.book, day) if day else ageing(review.book)
    return table[table["currency"] == currency].reset_index(drop=True)


def _ageing_of(review: PortfolioReview, currency: str) -> Iterator[Block]:
    table = _aged(review, currency)
    past = table[table["bucket"] > 0]
    frame = pd.DataFrame({"bucket": past["name"], "share": past["share"], "breach": past["bucket"] >= BAD_FROM})
    if "share_before" in past:
        frame["previous"] = past["share_before"]
    columns = [Column("name", _("Days past due")), Column("invoices", _("Invoices"), "count")]
    columns += [Column("balance", _("Balance"), "money"), Column("share", _("Share"), "share")]
    if "share_before" in table:
        columns.append(Column("share_before", _("Quarter before"), "share", quiet=True))
    total = table.sum(numeric_only=True).to_frame().T.assign(name=_("All"))
    side = Table.of(
        f"ageing_{currency}",
        table,
        columns,
        title=_("Balance by age, {currency}").format(currency=currency),
        totals=total,
        currency=currency,
    )
    yield Figure.of(
        f"ageing_bars_{currency}",
        bars.ageing,
        frame,
        title=_("Past-due balance by age, {currency}").format(currency=currency),
        caption=_("Open balance by days past due of the original due date. n = {n} invoices, {balance}.").format(
            n=f"{int(table['invoices'].sum()):,}", balance=money(table["balance"].sum(), currency)
        ),
        options={"previous_label": str(review.quarter_before)} if "previous" in frame else {},
        side=side,
    )


def concentration_page(review: PortfolioReview) -> Iterator[Block]:
    """The largest debtors, per currency, by their number in the ledger."""
    top = largest(review.book)
    first = top[(top["currency"] == review.currency) & (top["rank"] == 1)].iloc[0]
    finding = _("The largest debtor holds {share} of the balance").format(share=figure(first["share"], "share"))
    lead = _("Debtors are told apart by their number; names are shown as the ledger last had them.")
    yield Section.of("2", _("Concentration"), finding, lead, _of_group(review, "concentration"))
    for currency in review.book.currencies:
        yield _largest_table(top[top["currency"] == currency], currency)


def _largest_table(top: pd.DataFrame, currency: str) -> Table:
    others = top["rank"] == 0
    rest = top[others].assign(name=_("{n} others").format(n=int(top.loc[others, "parties"].sum())))
    every = top[["balance", "overdue", "share", "invoices"]].sum().to_frame().T.assign(name=_("All"))
    columns = [
        Column("rank", "", "count", quiet=True),
        Column("debtor_id", _("Debtor")),
        Column("name", _("Name"), quiet=True),
        Column("invoices", _("Invoices"), "count"),
        Column("balance", _("Balance"), "money"),
        Column("overdue", _("Past due"), "money"),
        Column("share", _("Share"), "share"),
        Column("cumulative", _("Cumulative"), "share", quiet=True),
    ]
    totals = pd.concat([rest, every], ignore_index=True).drop(columns=["rank", "debtor_id", "cumulative"])
    gap = top["balance"].sum() - every["balance"].iloc[0]
    return Table.of(
        f"largest_debtors_{currency}",
        top[~others],
        columns,
        title=_("Largest debtors, {currency}").format(currency=currency),
        totals=totals,
        caption=_("By open balance. Difference to the ledger {gap}.").format(gap=f"{gap:.2f}"),
        currency=currency,
    )


def turnover_page(review: PortfolioReview) -> Iterator[Block]:
    """How fast receivables turn into cash, now and a quarter before, and over eight quarters."""
    name = _("Turnover")
    if not review.book.has("payments"):
        yield Section("3", name, _("Collection can't be judged on this book"), "", Verdict.NOT_RUN)
        yield NotRun(name, _("no payments in the book, so nothing can be said of collection"))
        return
    checks = _of_group(review, "turnover")
    yield Section.of("3", name, _turnover_finding(checks), _turnover_lead(), checks)
    for currency in review.book.currencies:
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
        "DSO = receivables / sales of 90 days x 90. Best possible DSO counts only what is not yet due; average days delinquent "
        "is the difference. CEI is 100 when all that fell due was collected."
    )


def _turnover_table(review: PortfolioReview, currency: str) -> Table:
    days = [d for d in (review.quarter_before, review.as_of) if d]
    table = turnover(review.book, days)
    rows = table[table["currency"] == currency].set_index("as_of")
    back = countback(review.book)[currency]
    measures = [
        ("receivables", _("Receivables"), "money"),
        ("current", _("of which not yet due"), "money"),
        ("sales", _("Sales of 90 days"), "money"),
        ("dso", _("Days sales outstanding"), "days"),
        ("best_possible_dso", _("Best possible DSO"), "days"),
        ("days_delinquent", _("Average days delinquent"), "days"),
        ("cei", _("Collection effectiveness (per cent)"), "number"),
        ("turnover", _("Turnover per year"), "multiple"),
    ]
    units = {key: unit for key, _title, unit in measures}
    shown = {
        title: [figure(rows[key].iloc[i], units[key], currency) for i in range(len(rows))]
        for key, title, _u in measures
    }
    bound = _("at least {days}") if back.lower_bound else "{days}"
    shown[_("DSO, countback")] = [""] * (len(rows) - 1) + [bound.format(days=figure(back.days, "days"))]
    frame = pd.DataFrame.from_dict(shown, orient="index", columns=[str(d.date()) for d in rows.index])
    frame.insert(0, "measure", frame.index)
    columns = [
        Column("measure", _("Measure")),
        *(Column(c, c, "text", quiet=i < len(rows) - 1) for i, c in enumerate(frame.columns[1:])),
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
    yield Section(
        "4",
        name,
        _vintage_finding(table),
        _(
            "Share of the issued amount that was ever more than 30 days past due, by age; only cohorts that have reached it."
        ),
    )
    yield Figure.of(
        "vintages",
        curves.cohorts,
        table,
        title=_("More than 30 days past due, by half-year of issue, {currency}").format(currency=review.currency),
        width="full",
        options={"label": _("Share of the issued amount")},
        caption=_(
            "Months since the end of the month of issue. A half-year is shown at an age once all its months have reached it."
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


def data_page(review: PortfolioReview) -> Iterator[Block]:
    """The checks of the data the figures stand on."""
    checks = review.quality
    bad = [c for c in checks if c.verdict in (Verdict.BREACH, Verdict.WATCH)]
    finding = (
        ngettext("One data check needs a look", "{n} data checks need a look", len(bad)).format(n=len(bad))
        if bad
        else _("The data hold what the figures need")
    )
    yield Section.of("5", _("Data"), finding, "", checks)
    rows = pd.DataFrame(
        [
            {
                "check": c.title,
                "value": figure(c.value, c.unit),
                "n": c.n,
                "note": c.reason or c.subject,
                "verdict": str(c.verdict),
            }
            for c in checks
        ]
    )
    columns = [
        Column("check", _("Check")),
        Column("value", _("Value"), judged=True),
        Column("n", _("Rows"), "count"),
        Column("note", _("Note"), quiet=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    yield Table.of("data_quality", rows, columns, title=_("Data quality"))


def appendix_page(review: PortfolioReview) -> Iterator[Block]:
    """Limits with their sources, and the words."""
    yield Section("6", _("Appendix"), _("Limits, sources and words"))
    yield limits_used(review.checks[: len(review.checks) // len(review.book.currencies)], review.currency)
    yield Glossary(
        _("Words"),
        (
            (_("days past due"), _("close of the day less the original due date")),
            (_("open balance"), _("amount less payments and credit notes known by the close of the day")),
            (_("dilution"), _("credit notes of 12 months over invoices of 12 months")),
            (_("HHI"), _("sum of squared shares of the open balance; 1 over it is the effective number of names")),
            (_("CEI"), _("(beginning + sales - end) / (beginning + sales - not yet due) x 100")),
        ),
    )


def _of_group(review: PortfolioReview, group: str) -> list[CheckResult]:
    return [c for c in review.checks if c.group == group]


__all__ = ["Text", "ageing_page", "appendix_page", "cohorts_page", "concentration_page", "data_page", "turnover_page"]
