"""The page of level: is it as large as what came, as a whole and by grade?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import Verdict
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import curves
from riskmodels.reporting.pages.judgement_days import days_page
from riskmodels.reporting.pages.judgement_shared import mature, measures, unjudged
from riskmodels.reporting.pages.page import unrun
from riskmodels.validation.checks.needs import probabilities
from riskmodels.validation.tables import grade_table

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

GRADE_P = "validation.calibration.worst_grade.holm_p"


def calibration(judged: ModelValidation) -> Iterator[Block]:
    """Observed against expected by grade, the measures and the test of each grade."""
    name = _("Calibration")
    if reason := unjudged(judged) or probabilities(judged.case):
        yield from unrun("6", name, reason)
        return
    checks = judged.of_group("calibration")
    if "grade" not in judged.sample:
        yield Section.of("6", name, _whole_finding(judged), "", checks)
        yield measures(checks, "calibration_measures", _("Measures of calibration"))
        return
    worst = next(c for c in checks if c.name == GRADE_P)
    table = grade_table(judged.sample, worst.limits)
    if worst.verdict is Verdict.NOT_RUN:
        table["verdict"] = Verdict.NOT_RUN
    yield Section.of("6", name, _level_finding(judged, table), "", checks)
    yield _reliability(judged, table, measures(checks, "calibration_measures", _("Measures of calibration")))
    yield _grades(table, worst.reason)
    if judged.stored:
        yield from days_page(judged)


def _whole_finding(judged: ModelValidation) -> str:
    words = _("{observed} bad cases against {expected} expected; there are no grades to test")
    return words.format(observed=f"{judged.case.events:,}", expected=f"{judged.case.probability.sum():,.0f}")


def _reliability(judged: ModelValidation, table: pd.DataFrame, side: Table) -> Figure:
    shown = table[table["n"] > 0]
    words = _("Observed against expected by grade with 95% intervals that allow for repeated obligors. n = {n}.")
    points = pd.DataFrame(
        {
            "grade": shown["grade"].astype("str"),
            "predicted": shown["pd"],
            "observed": shown["rate"],
            "low": shown["low"],
            "high": shown["high"],
            "breach": shown["verdict"] == Verdict.BREACH,
        }
    )
    return Figure.of(
        "reliability",
        curves.reliability,
        points,
        title=_("Observed rate by grade"),
        height=90,
        caption=words.format(n=f"{len(mature(judged)):,}"),
        side=side,
    )


def _level_finding(judged: ModelValidation, table: pd.DataFrame) -> str:
    known = mature(judged)
    observed, expected = known["outcome"].sum(), known["probability"].sum()
    low = [str(g) for g in table.loc[table["verdict"] == Verdict.BREACH, "grade"]]
    if low:
        return _("The level is too low in grade {grades}").format(grades=_(", ").join(low))
    if (table["verdict"] == Verdict.NOT_RUN).all():
        words = _("{observed} bad cases against {expected} expected; grades could not be tested")
    else:
        words = _("{observed} bad cases against {expected} expected, and no grade is too low")
    return words.format(observed=f"{observed:,.0f}", expected=f"{expected:,.0f}")


def _grades(table: pd.DataFrame, reason: str) -> Table:
    """A row per grade; its test only where that could be run, for a p-value that doesn't hold would still be read."""
    total = table[["n", "expected", "observed"]].sum().to_frame().T.assign(grade=_("Total"))
    total["pd"], total["rate"] = total["expected"] / total["n"], total["observed"] / total["n"]
    columns = [
        Column("grade", _("Grade")),
        Column("n", _("Cases"), "count"),
        Column("expected", _("Expected"), "number", decimals=1),
        Column("observed", _("Bad"), "count"),
        Column("pd", _("Probability"), "rate"),
        Column("rate", _("Observed"), "rate"),
        Column("low", _("95% from"), "rate", quiet=True),
        Column("high", _("to"), "rate", quiet=True),
    ]
    rows = table.assign(grade=table["grade"].astype("str"), verdict=table["verdict"].astype("str"))
    if reason:
        caption = _("Not judged grade by grade: {reason}.").format(reason=reason)
        return Table.of(
            "grades", rows, columns, title=_("Expected and observed by grade"), caption=caption, totals=total
        )
    tested = [
        Column("jeffreys_p", _("Jeffreys p"), "p"),
        Column("holm_p", _("Holm p"), "p", judged=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    subtitle = _("H0: the probability is not too low; Holm adjustment over the grades")
    title = _("Test per grade")
    return Table.of("grades", rows, [*columns, *tested], title=title, subtitle=subtitle, totals=total)
