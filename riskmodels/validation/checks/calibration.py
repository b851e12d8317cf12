"""Are probabilities as large as what happened: in the large, by grade, by slope, case by case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskmodels.core.text import mark
from riskmodels.validation import calibration as measure
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import Check, Measured
from riskmodels.validation.grades import jeffreys_p
from riskmodels.validation.tables import grade_table

Z95 = 1.959963984540054
NO_GRADES = mark("no grades in the sample")


def observed_expected(case: Case) -> Measured:
    """Observed over expected bad cases, with a 95 % interval robust to dependence inside an obligor."""
    ratio, se = measure.observed_expected(case.outcome, case.probability, case.cluster)
    detail = {"observed": case.events, "expected": float(case.probability.sum())}
    return Measured(ratio, case.n, interval=(max(0.0, ratio - Z95 * se), ratio + Z95 * se), detail=detail)


def portfolio_jeffreys(case: Case) -> Measured:
    """p of the Jeffreys test on all cases, H0: the mean PD is at least the true rate."""
    p = float(jeffreys_p(case.probability.mean(), case.n, case.events))
    return Measured(p, case.n, p_value=p)


def worst_grade(case: Case) -> Measured:
    """The smallest Holm-adjusted Jeffreys p over the grades that have data enough."""
    table = grade_table(case.mature)
    tested = table.dropna(subset="holm_p")
    if tested.empty:
        return Measured(float("nan"), case.n)
    lowest = tested.iloc[int(np.argmin(tested["holm_p"]))]
    detail = {"grade": str(lowest["grade"]), "grades_tested": len(tested), "grades": len(table)}
    return Measured(float(lowest["holm_p"]), case.n, p_value=float(lowest["holm_p"]), detail=detail)


def slope(case: Case) -> Measured:
    """Slope of outcomes on the logit of probability, with a 95 % interval."""
    line = measure.calibration_line(case.outcome, case.probability, case.cluster)
    detail = {
        "intercept": line.intercept,
        "in_the_large": measure.calibration_in_the_large(case.outcome, case.probability),
    }
    ends = line.slope - Z95 * line.slope_se, line.slope + Z95 * line.slope_se
    return Measured(line.slope, case.n, interval=ends, detail=detail)


def hosmer_lemeshow(case: Case) -> Measured:
    """p of the Hosmer-Lemeshow test out of sample, H0: calibrated, ten groups."""
    found = measure.hosmer_lemeshow(case.outcome, case.probability)
    return Measured(found.p_value, case.n, p_value=found.p_value, detail={"chi2": found.statistic, "df": found.df})


def spiegelhalter(case: Case) -> Measured:
    """p of Spiegelhalter's test, H0: calibrated case by case."""
    z, p = measure.spiegelhalter(case.outcome, case.probability)
    return Measured(p, case.n, p_value=p, detail={"z": z})


def brier_skill(case: Case) -> Measured:
    """Brier score against that of always saying the base rate."""
    detail = {
        "brier": measure.brier(case.outcome, case.probability),
        "calibration_error": measure.expected_calibration_error(case.outcome, case.probability),
    }
    return Measured(measure.brier_skill(case.outcome, case.probability), case.n, detail=detail)


def grade_inversions(case: Case) -> Measured:
    """How many neighbouring grades have event rates in the wrong order."""
    rates = grade_table(case.mature)["rate"].dropna().to_numpy()
    return Measured(int((np.diff(rates) < 0).sum()), case.n, detail={"grades": len(rates)})


def _grades(case: Case) -> str:
    return needs.column("grade", NO_GRADES)(case)


_CHECKS = (
    Check(
        "validation.calibration.observed_expected",
        mark("Observed over expected bad cases"),
        "number",
        observed_expected,
        (needs.enough_expected,),
        primary=True,
    ),
    Check(
        "validation.calibration.portfolio.jeffreys_p",
        mark("Probability high enough, whole sample (p)"),
        "p",
        portfolio_jeffreys,
        (needs.independent_events,),
        "ECB 2019, 2.5.2",
    ),
    Check(
        "validation.calibration.worst_grade.holm_p",
        mark("Probability high enough, worst grade (p)"),
        "p",
        worst_grade,
        (_grades, needs.independent_events),
        "ECB 2019, 2.5.2; Holm 1979",
    ),
    Check(
        "validation.calibration.grade_inversions",
        mark("Grades out of order"),
        "count",
        grade_inversions,
        (needs.enough_events, _grades),
    ),
    Check(
        "validation.calibration.slope", mark("Calibration slope"), "number", slope, (needs.enough_events,), "Cox 1958"
    ),
    Check(
        "validation.calibration.hosmer_lemeshow.p",
        mark("Hosmer-Lemeshow (p)"),
        "p",
        hosmer_lemeshow,
        (needs.independent_events,),
        "Hosmer, Lemeshow 1980",
    ),
    Check(
        "validation.calibration.spiegelhalter.p",
        mark("Spiegelhalter (p)"),
        "p",
        spiegelhalter,
        (needs.independent_events,),
        "Spiegelhalter 1986",
    ),
    Check(
        "validation.calibration.brier_skill",
        mark("Brier skill over the base rate"),
        "score",
        brier_skill,
        (needs.enough_events,),
        "Brier 1950; Murphy 1973",
    ),
)

CALIBRATION: tuple[Check, ...] = tuple(replace(check, needs=(needs.probabilities, *check.needs)) for check in _CHECKS)
