"""Section 6, calibration: is it as large as what came, as a whole, by grade, by amount, by segment and by year?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.checks import CheckResult, Limits, Verdict
from riskmodels.core.numbers import figure, interval
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Figure, Section
from riskmodels.reporting.figures import curves
from riskmodels.reporting.pages.judgement_level_tables import (
    brier_parts,
    by_grade,
    by_leg,
    by_segment,
    by_year,
    other_tests,
)
from riskmodels.reporting.pages.judgement_shared import unjudged
from riskmodels.reporting.pages.page import joined, listed, unrun
from riskmodels.reporting.pages.tested import CHALLENGED, table_of_tests
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.opinion import OBSERVED_EXPECTED
from riskmodels.validation.reliability import consistency_band, reliability_curve
from riskmodels.validation.tables import grade_table, in_tenths

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

GRADE_P = "validation.calibration.worst_grade.holm_p"
WHOLE_P = "validation.calibration.portfolio.jeffreys_p"
BY_AMOUNT = "validation.calibration.observed_expected.amount"
SHOWN = 200
"""Places at which a curve is drawn: more can't be seen."""


def calibration(judged: ModelValidation) -> Iterator[Block]:
    """Observed against expected by grade, the curve without bins, each test and what it could miss."""
    name, number = _("Calibration"), "6"
    if reason := unjudged(judged) or _no_level(judged.case):
        yield from unrun(number, name, reason)
        return
    checks, case = judged.of_group("calibration"), judged.case.cohorts
    found = {c.name: c for c in checks}
    graded = "grade" in case.mature and bool(case.mature["grade"].notna().any())
    limits, untested = _of_one_grade(found), found[GRADE_P if graded else WHOLE_P].reason
    table = grade_table(case.mature if graded else in_tenths(case.mature), limits)
    if untested:
        table["verdict"] = Verdict.NOT_RUN
    yield Section.of(number, name, _finding(found[OBSERVED_EXPECTED], table, graded), _lead(found), _telling(checks))
    yield _reliability(case, table, graded)
    yield by_grade(table, graded, untested, limits.material)
    yield from filter(None, (None if untested else other_tests(table, graded), by_year(case), _curve(case)))
    title = _("Measures and tests of calibration")
    yield table_of_tests(checks, "calibration_tests", title, judged.currency, CHALLENGED)
    yield from filter(None, (by_leg(case), by_segment(case)))


def _telling(checks: list[CheckResult]) -> list[CheckResult]:
    """The checks whose worst is the section's: what votes, and what another found; not that another found nothing."""
    return [c for c in checks if c.primary or c.verdict in (Verdict.BREACH, Verdict.WATCH)]


def _no_level(case: Case) -> str:
    """Why a score has no level; empty for probabilities."""
    return "" if case.score == PROBABILITY else _("the score ranks cases and gives no probability")


def _of_one_grade(found: dict[str, CheckResult]) -> Limits:
    """The limits of a grade's test: those of the worst grade, with the ratio that matters for the whole."""
    limits, whole = found[GRADE_P].limits or Limits(), found[OBSERVED_EXPECTED].limits
    return replace(limits, material=whole.material if whole else None)


def _finding(whole: CheckResult, table: pd.DataFrame, graded: bool) -> str:
    low = [str(g) for g in table.loc[table["verdict"] == Verdict.BREACH, "grade"]]
    if low:
        words = _("The level is too low in grade {grades}") if graded else _("The level is too low in tenth {grades}")
        return words.format(grades=listed(low, 4))
    if whole.value is None:
        return _("Whether the level is right can't be told")
    counts = {name: figure(whole.detail[name], "count") for name in ("observed", "expected")}
    if whole.verdict in (Verdict.BREACH, Verdict.WATCH):
        high = _("The level is too high: {observed} bad cases against {expected} expected")
        low_words = _("The level is too low: {observed} bad cases against {expected} expected")
        return (high if whole.value < 1 else low_words).format(**counts)
    if whole.verdict is Verdict.NO_EVIDENCE:
        words = _("{observed} bad cases against {expected} expected: too few to tell whether the level is right")
    elif graded and (table["verdict"] == Verdict.NOT_RUN).all():
        words = _("{observed} bad cases against {expected} expected; grades could not be tested")
    else:
        words = _("The level is right: {observed} bad cases against {expected} expected")
    return words.format(**counts)


def _lead(found: dict[str, CheckResult]) -> str:
    whole, amount = found[OBSERVED_EXPECTED], found[BY_AMOUNT]
    if whole.value is None or whole.interval is None:
        return ""
    ratio = _(
        "Observed over expected is {ratio} ({low} to {high}, {treated}); a ratio of {least} would have been found."
    )
    said = ratio.format(
        ratio=figure(whole.value),
        low=figure(whole.interval[0]),
        high=figure(whole.interval[1]),
        treated=whole.dependence,
        least=figure(whole.detectable),
    )
    if "judged_against" in whole.detail:
        said = joined(said, _("No bad case was expected: the ratio is to half a case."))
    if amount.value is None or amount.interval is None:
        return said
    words = _("By amount it is {ratio} ({interval}).")
    return joined(said, words.format(ratio=figure(amount.value), interval=interval(*amount.interval)))


def _reliability(case: Case, table: pd.DataFrame, graded: bool) -> Figure:
    shown = table[table["n"] > 0]
    points = shown[["grade", "low", "high"]].assign(
        grade=shown["grade"].astype("str"),
        predicted=shown["pd"],
        observed=shown["rate"],
        breach=shown["verdict"] == Verdict.BREACH,
    )
    words = _("Observed against expected by grade with 95% intervals that allow for repeated obligors. n = {n}.")
    tenths = _("Observed against expected by tenths of probability, with 95% intervals likewise. n = {n}.")
    return Figure.of(
        "reliability",
        curves.reliability,
        points,
        title=_("Observed rate by grade") if graded else _("Observed rate by tenth of probability"),
        height=90,
        caption=(words if graded else tenths).format(n=f"{case.n:,}"),
        width="full",
    )


def _curve(case: Case) -> Figure:
    """The CORP curve in its consistency band, and the Brier score taken apart by it."""
    curve = reliability_curve(case.outcome, case.probability)
    band = consistency_band(curve)
    shown = _even(curve.n)
    frame = pd.DataFrame(
        {
            "probability": curve.probability[shown],
            "recalibrated": curve.recalibrated[shown],
            "low": band.low[shown],
            "high": band.high[shown],
        }
    )
    caption = _(
        "The isotonic recalibration of outcomes, which has no bins to choose (CORP); right probabilities lie in the "
        "band with 90% at each place, cases taken as independent."
    )
    return Figure.of(
        "recalibrated",
        curves.recalibrated,
        frame,
        title=_("What the outcomes make of each probability"),
        height=72,
        caption=caption,
        side=brier_parts(case, curve),
    )


def _even(n: Sequence[float] | np.ndarray) -> np.ndarray:
    """Places spread evenly over the cases, but for the safest hundredth, which would take half of a log axis."""
    seen = np.cumsum(n)
    return np.unique(np.searchsorted(seen, np.linspace(seen[-1] / 100, seen[-1], SHOWN)))
