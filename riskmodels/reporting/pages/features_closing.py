"""The close of the feature review: the features held back or on watch, limits and their sources, the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import Limits, Verdict
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Section, Table
from riskmodels.reporting.closing import Glossary
from riskmodels.reporting.pages.features_all import all_table
from riskmodels.reporting.pages.features_words import fault_words, rest
from riskmodels.reporting.pages.page import limits_used
from riskmodels.reporting.words import limit_text
from riskmodels.validation.features.each import LINES, PREFIX

if TYPE_CHECKING:
    from riskmodels.reporting.pages.features import FeatureReport

MOST_ROWS = 40


def appendix_page(report: FeatureReport) -> Iterator[Block]:
    """Features with a fault, lines and limits with their sources, and the words."""
    review = report.review
    found = review.features if review.columns else pd.DataFrame({"verdict": []})
    faulty = found[found["verdict"].isin([Verdict.BREACH, Verdict.WATCH])]
    yield Section("6", _("Findings and limits"), _finding(found, len(faulty)))
    if len(faulty):
        yield _faulty(report, faulty)
    if review.columns and review.unjudged("power"):
        yield all_table(report)
    yield _lines(report)
    yield limits_used(review.checks, report.book.currency)
    yield Glossary(_("Words"), _words())


def _finding(found: pd.DataFrame, faulty: int) -> str:
    if not faulty:
        return _("Every feature is within its lines") if len(found) else _("No feature could be built on this book")
    held = int((found["verdict"] == Verdict.BREACH).sum())
    return _("{held} features held back, {watched} to look at, {within} without a fault").format(
        held=held, watched=faulty - held, within=len(found) - faulty
    )


def _faulty(report: FeatureReport, faulty: pd.DataFrame) -> Table:
    table = faulty.assign(
        title=faulty["feature"].map(report.titles),
        said=faulty["faults"].map(fault_words),
        verdict=faulty["verdict"].map(str),
    )
    columns = [
        Column("title", _("Feature")),
        Column("feature", _("Column"), quiet=True),
        Column("said", _("Fault")),
        Column("iv", _("IV"), "score"),
        Column("verdict", _("Result"), "verdict"),
    ]
    title = _("Features held back or on watch")
    return Table.of("faulty", table.head(MOST_ROWS), columns, title=title, caption=rest(table, MOST_ROWS))


def _lines(report: FeatureReport) -> Table:
    """The lines each feature is held against."""
    rows = []
    for line in LINES:
        limits = report.review.limits[PREFIX + line.name]
        watch = Limits(breach_low=limits.watch_low, breach_high=limits.watch_high)
        rows.append(
            {
                "fault": _(line.fault),
                "measure": _measure(line.name),
                "limit": limit_text(limits, line.unit),
                "watch": limit_text(watch, line.unit),
                "source": _(limits.source),
            }
        )
    columns = [
        Column("fault", _("Fault")),
        Column("measure", _("Measured by")),
        Column("limit", _("Limit"), right=True),
        Column("watch", _("Warning line"), right=True),
        Column("source", _("Source"), quiet=True),
    ]
    title = _("The lines one feature is held against")
    return Table.of("lines", pd.DataFrame(rows), columns, title=title)


def _measure(name: str) -> str:
    return {
        "filled": _("share of rows with a value"),
        "fall": _("fall of that share since the first months"),
        "common": _("share of the most frequent value"),
        "psi": _("PSI held in two of the last three months"),
        "wrong_p": _("p of the direction being as expected"),
        "order_p": _("p of the bad rate running one way"),
    }[name]


def _words() -> tuple[tuple[str, str], ...]:
    return (
        (_("month end"), _("the close of the last day of a month; only what was known by then counts")),
        (_("PSI"), _("population stability index: how far a distribution has moved from the first months")),
        (_("information value"), _("sum over bins of (share of bad - share of good) x their log ratio; IV in short")),
        (_("AUC"), _("chance that a bad case has a larger value than a good one; 0.5 says nothing")),
        (_("Holm"), _("p-values adjusted for testing many features: noise alone names any in one report of twenty")),
        (_("likeness"), _("absolute rank correlation (Spearman) over the rows that have both values")),
        (_("held back"), _("beyond a line of its own; not offered to a model until it is decided on")),
    )
