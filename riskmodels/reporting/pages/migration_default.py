"""Default over several years by grade, and whether one matrix holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.checks import Verdict
from riskmodels.core.dates import add_months
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import SampleError
from riskmodels.models.transitions import PDCurve
from riskmodels.portfolio.migration import by_period
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import migration as figures
from riskmodels.reporting.pages.migration_matrices import ESTIMATORS
from riskmodels.reporting.pages.page import unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.migration import RatingMigration

CHANGED, DOUBTFUL = 0.01, 0.05
"""p-values below which the matrices of the years are said to differ, or are in doubt."""
FIRST = "aalen_johansen"
"""The estimator whose interval is drawn: it takes each year's rates as they were."""


def default_page(report: RatingMigration) -> Iterator[Block]:
    """Cumulative PD by grade and year, by three estimators, with intervals."""
    curves = report.found.curves
    lead = _(
        "The band is the 95% interval of Aalen-Johansen, which takes each year as it was; cohort raises the pooled "
        "year to its powers, duration lets constant rates run on. Where the three part, the years were not alike."
    )
    yield Section("3", _("Default over years"), curves_finding(report), lead)
    yield Figure.of(
        "curves",
        figures.default_curves,
        _curves_frame(curves),
        title=_("Cumulative probability of default by year after rating"),
        width="full",
        height=64,
        caption=_caption(report),
    )
    yield _curves_table(curves)


def curves_finding(report: RatingMigration) -> str:
    """The cumulative PD of the best and worst grade in use over all years, and whether grades keep their order."""
    curve = report.found.curves[FIRST]
    known = np.flatnonzero(~np.isnan(curve.cumulative[:, -1]))
    ordered = bool((np.diff(curve.cumulative[known], axis=0) >= 0).all())
    words = _("Within {years} years {low} of grade {best} default and {high} of grade {worst}; {order}")
    order = _("PD rises from grade to grade in every year") if ordered else _("PD does not rise with every grade")
    low, high = (figure(float(curve.cumulative[i, -1]), "share") for i in known[[0, -1]])
    best, worst = (curve.grades[i] for i in known[[0, -1]])
    return words.format(years=curve.years[-1], low=low, best=best, high=high, worst=worst, order=order)


def _caption(report: RatingMigration) -> str:
    begin = add_months(report.found.histories.until, -12 * report.found.curves[FIRST].years[-1])
    words = _(
        "Log scale; in figures: Aalen-Johansen at the last year. It begins {date}; what happened until {trained} the "
        "model has learnt from."
    )
    return words.format(date=begin, trained=report.stored.trained)


def _curves_frame(curves: dict[str, PDCurve]) -> pd.DataFrame:
    order = [FIRST, *(name for name in curves if name != FIRST)]
    parts = []
    for name in order:
        curve = curves[name]
        size = len(curve.years)
        parts.append(
            pd.DataFrame(
                {
                    "grade": np.repeat(np.array(curve.grades, dtype=object), size),
                    "estimator": _(ESTIMATORS[name]),
                    "year": np.tile(curve.years, len(curve.grades)),
                    "value": curve.cumulative.ravel(),
                    "low": curve.low.ravel(),
                    "high": curve.high.ravel(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _curves_table(curves: dict[str, PDCurve]) -> Table:
    curve = curves[FIRST]
    rows, columns = pd.DataFrame({"grade": curve.grades}), [Column("grade", _("Grade"))]
    for place, year in enumerate(curve.years):
        values = {"p": curve.cumulative, "low": curve.low, "high": curve.high}
        rows = rows.assign(**{f"{side}_{year}": found[:, place] for side, found in values.items()})
        title = _("{n} years").format(n=year) if year > 1 else _("1 year")
        columns.append(Column(f"p_{year}", title, "share", shade="plum"))
        columns.append(Column(f"low_{year}", _("95% from"), "share", quiet=True))
        columns.append(Column(f"high_{year}", _("to"), "share", quiet=True))
    forward = curve.forward[:, -1]
    rows = rows.assign(forward=forward)
    columns.append(Column("forward", _("In the last year, given none before"), "share"))
    return Table.of("curves_table", rows, columns, title=_("Cumulative PD by Aalen-Johansen"))


def homogeneity_page(report: RatingMigration) -> Iterator[Block]:
    """Whether the matrix changed from year to year: the test, its verdict, and what each year looked like."""
    name = _("Homogeneity in time")
    finding, verdict = homogeneity_finding(report)
    if verdict is Verdict.NOT_RUN:
        yield from unrun("4", name, finding)
    else:
        yield Section("4", name, finding, _homogeneity_lead(report), verdict)
    columns = [
        Column("first", _("From"), "date"),
        Column("last", _("To"), "date"),
        Column("n", _("Debtors"), "count"),
        Column("withdrawn", _("Rating ended"), "count", quiet=True),
        Column("up", _("Up"), "share"),
        Column("stay", _("No move"), "share"),
        Column("down", _("Down"), "share"),
        Column("default", _("Default"), "share"),
        Column("low", _("95% from"), "share", quiet=True),
        Column("high", _("to"), "share", quiet=True),
    ]
    yield Table.of("periods", by_period(report.found.cohorts), columns, title=_("Year by year"))
    if verdict is not Verdict.NOT_RUN:
        yield _tests(report)


def homogeneity_finding(report: RatingMigration) -> tuple[str, Verdict]:
    """The verdict of the test in a sentence, and as a shape; the reason where it can't be run."""
    try:
        test = report.found.homogeneity
    except SampleError:
        return _("Two years of twelve months are needed to compare; the book has one"), Verdict.NOT_RUN
    p, verdict = test.p_value, next(c for c in report.checks if c.name.endswith("migration.in_time")).verdict
    told = {"p": figure(p, "p").replace("<", "").strip(), "n": test.periods}
    if p >= DOUBTFUL:
        words = _("Nothing says that the {n} years differ (p {sign} {p}): the pooled matrix may be used")
    elif verdict not in (Verdict.WATCH, Verdict.BREACH):
        words = _("The {n} years differ (p {sign} {p}), too little to matter: the pooled matrix may be used")
    elif p < CHANGED:
        words = _("The {n} years do not share one matrix (p {sign} {p}): use the latest one, not the pooled")
    else:
        words = _(
            "It is doubtful that the {n} years share one matrix (p {sign} {p}): look at the latest beside the pooled"
        )
    return words.format(sign="<" if p < 0.001 else "=", **told), verdict


def _homogeneity_lead(report: RatingMigration) -> str:
    test = report.found.homogeneity
    how = (
        _("Cells are thin, so p comes from tables drawn with the same margins.")
        if test.sparse
        else _("Cells are full enough for the chi-squared distribution.")
    )
    words = _(
        "Anderson and Goodman's test on {n} debtor years from {first} to {last}. {how} It takes the years of a debtor "
        "as independent given its grade, which makes p a little too small. Years until {trained} the model has learnt "
        "from, which alone can make them differ from later ones."
    )
    return words.format(n=f"{test.cases:,}", first=test.first, last=test.last, how=how, trained=report.stored.trained)


def _tests(report: RatingMigration) -> Table:
    rows = report.found.homogeneity.summary()
    rows.columns = pd.Index(["from", "cases", "chi2", "lr", "df", "p", "p_lr"])
    columns = [
        Column("from", _("From")),
        Column("cases", _("Cases"), "count"),
        Column("chi2", _("Chi-squared"), "number", decimals=1),
        Column("df", _("Degrees of freedom"), "count", quiet=True),
        Column("p", _("p (chi-squared)"), "p"),
        Column("p_lr", _("p (likelihood ratio)"), "p"),
    ]
    return Table.of("homogeneity", rows, columns, title=_("Which grade's moves changed"))
