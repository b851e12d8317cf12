"""Are probabilities as large as what happened: in the large, by amount, by grade, by slope, over years, case by case.

All on cases that count each outcome once (`Case.cohorts`). Observed over expected alone votes; the others say where and
how the level is off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation import calibration as measure
from riskmodels.validation import power
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.calibration_years import YEARS
from riskmodels.validation.checks.check import Check, Measured, Need
from riskmodels.validation.checks.treated import as_independent, by_obligor, treated
from riskmodels.validation.correlated import corporate_correlation, correlated_binomial_p
from riskmodels.validation.dependence import freedom, t_quantile
from riskmodels.validation.grades import jeffreys_p
from riskmodels.validation.reliability import reliability_curve
from riskmodels.validation.tables import grade_table

NO_GRADES = mark("no grades in the sample")
NO_AMOUNTS = mark("no amounts in the sample")
NOT_TOO_LOW = mark("the probability is not below the true rate")
RIGHT = mark("every probability is right")


def observed_expected(case: Case) -> Measured:
    """Observed over expected bad cases, with a 95 % interval robust to dependence inside an obligor and a client."""
    found = measure.observed_expected(case.outcome, case.probability, case.clusters)
    expected = float(case.probability.sum())
    # Where none was expected the ratio is to half a case: infinite is no number that limits could judge
    against = {} if expected > 0 else {"judged_against": measure.LEAST}
    return _level(found, case, {"observed": case.events, "expected": expected, **against})


def by_amount(case: Case) -> Measured:
    """Observed over expected bad amount, with an interval likewise."""
    weighed = case.having("weight")
    found = measure.observed_expected(weighed.outcome, weighed.probability, weighed.clusters, weighed.weight)
    return _level(found, weighed, {})


def _level(found: measure.Level, case: Case, detail: dict[str, float]) -> Measured:
    return Measured(
        found.ratio,
        case.n,
        p_value=found.p_value,
        interval=found.interval,
        critical=found.chance,
        detail={**detail, "standard_error": found.error},
        statistic=(found.ratio - 1) / found.error if found.error > 0 else None,
        dependence=treated(case),
        detect=lambda level: float(power.level_ratio(found.error, level, found.df)),
    )


def portfolio_jeffreys(case: Case) -> Measured:
    """p of the Jeffreys test on all cases."""
    pd_ = case.probability.mean()
    p = float(jeffreys_p(pd_, case.n, case.events))
    return _independent(p, case, case.events, lambda level: float(power.jeffreys_ratio(pd_, case.n, level)))


def portfolio_correlated(case: Case) -> Measured:
    """p of the binomial test on all cases if their defaults share a factor as Basel's formula for corporates has it."""
    pd_ = case.probability.mean()
    rho = float(corporate_correlation(pd_))
    p = float(correlated_binomial_p(pd_, case.n, case.events, rho))
    return Measured(
        p,
        case.n,
        p_value=p,
        statistic=float(case.events),
        detail={"rho": rho},
        dependence=_("one common factor, asset correlation {rho} (CRE31.5, corporates)").format(rho=f"{rho:.2f}"),
        detect=lambda level: float(power.correlated_ratio(pd_, case.n, rho, level)),
    )


def worst_grade(case: Case) -> Measured:
    """The smallest Holm-adjusted Jeffreys p over the grades that have data enough; beside it the smallest as it is."""
    table = grade_table(case.mature)
    tested = table.dropna(subset="holm_p")
    if tested.empty:
        return Measured(float("nan"), case.n)
    lowest = tested.iloc[int(np.argmin(tested["holm_p"]))]
    detail = {"grade": str(lowest["grade"]), "grades_tested": len(tested), "grades": len(table)}

    def detect(level: float) -> float:
        """The smallest ratio found in any one grade."""
        return float(power.jeffreys_ratio(tested["pd"], tested["n"], level / len(tested)).min())

    told = _independent(float(lowest["holm_p"]), case, None, detect)
    return replace(told, p_value=float(tested["jeffreys_p"].min()), detail=detail)


def grades_together(case: Case) -> Measured:
    """p of WP14's chi-squared test over grades."""
    graded = case.having("grade")
    table = grade_table(graded.mature).query("n > 0")
    found = measure.grouped_chi2(graded.outcome, graded.probability, graded.mature["grade"])
    pd_, n = table["pd"].to_numpy(), table["n"].to_numpy()
    return _independent(found.p_value, case, found.statistic, lambda level: power.grouped_ratio(pd_, n, level))


def hosmer_lemeshow(case: Case) -> Measured:
    """p of the Hosmer-Lemeshow test out of sample, ten groups."""
    found = measure.hosmer_lemeshow(case.outcome, case.probability)
    group = np.unique(measure.quantile_groups(case.probability), return_inverse=True)[1]
    n = np.bincount(group)
    pd_ = np.bincount(group, case.probability) / n
    told = _independent(found.p_value, case, found.statistic, lambda level: power.grouped_ratio(pd_, n, level))
    return replace(told, detail={"df": found.df})


def spiegelhalter(case: Case) -> Measured:
    """p of Spiegelhalter's test, case by case."""
    z, p = measure.spiegelhalter(case.outcome, case.probability)
    return _independent(p, case, z, lambda level: power.spiegelhalter_ratio(case.probability, level))


def slope(case: Case) -> Measured:
    """Slope of outcomes on the logit of probability, with a 95 % interval; off only beyond what chance explains."""
    line = measure.calibration_line(case.outcome, case.probability, case.cluster)
    df = freedom(case.cluster)
    half = t_quantile(0.025, df) * line.slope_se
    return Measured(
        line.slope,
        case.n,
        p_value=measure.two_sided(line.slope - 1, line.slope_se, df),
        interval=(line.slope - half, line.slope + half),
        critical=partial(measure.around_one, line.slope_se, df=df) if np.isfinite(half) else None,
        detail={
            "intercept": line.intercept,
            "in_the_large": measure.calibration_in_the_large(case.outcome, case.probability),
        },
        statistic=(line.slope - 1) / line.slope_se if line.slope_se > 0 else None,
        dependence=by_obligor(case),
        detect=lambda level: float(power.estimate_distance(line.slope_se, level, df)),
    )


def brier_skill(case: Case) -> Measured:
    """Brier score against that of always saying the base rate, with a 95 % interval; its parts by the CORP curve."""
    found = measure.brier_skill(case.outcome, case.probability)
    error, df = measure.brier_skill_error(case.outcome, case.probability, case.clusters), freedom(case.clusters)
    half = t_quantile(0.025, df) * error
    curve = reliability_curve(case.outcome, case.probability)
    detail = {
        "brier": measure.brier(case.outcome, case.probability),
        "calibration_error": measure.expected_calibration_error(case.outcome, case.probability),
        "miscalibration": curve.miscalibration,
        "discrimination": curve.discrimination,
        "uncertainty": curve.uncertainty,
        "standard_error": error,
    }
    return Measured(
        found,
        case.n,
        interval=(found - half, found + half),
        detail=detail,
        dependence=treated(case),
        detect=lambda level: float(power.estimate_distance(error, level, df)),
    )


def _independent(p: float, case: Case, statistic: float | None, detect: Callable[[float], float]) -> Measured:
    """A test that takes cases as independent."""
    told = None if statistic is None or not np.isfinite(statistic) else float(statistic)
    return Measured(p, case.n, p_value=p, statistic=told, dependence=as_independent(case), detect=detect)


def amounts(case: Case) -> str:
    """Amounts above zero, on cases enough."""
    return needs.column("weight", NO_AMOUNTS)(case) if case.weight is not None else _(NO_AMOUNTS)


def of_cohorts(check: Check) -> Check:
    """A check measured, and its needs asked, on the cases that count each outcome once."""

    def on_cohorts(need: Need) -> Need:
        return lambda case: need(case.cohorts)

    asked = (needs.probabilities, *map(on_cohorts, check.needs))
    return replace(check, needs=asked, measure=lambda case: check.measure(case.cohorts))


def _of_family(
    name: str,
    title: str,
    measured: Callable[[Case], Measured],
    method: str,
    h0: str,
    *also: Need,
    family: str = "calibration",
) -> Check:
    """A test of a family whose p-value is judged, and which takes cases as independent."""
    asked = (*also, needs.counted_once)
    return Check(f"validation.calibration.{name}", title, "p", measured, asked, method, h0, family)


_grades = needs.column("grade", NO_GRADES)
_CHECKS = (
    Check(
        "validation.calibration.observed_expected",
        mark("Observed over expected bad cases"),
        "number",
        observed_expected,
        (needs.enough_expected, needs.several_obligors),
        "Cameron, Gelbach, Miller 2011",
        mark("as many bad cases as expected"),
        primary=True,
    ),
    Check(
        "validation.calibration.observed_expected.amount",
        mark("Observed over expected bad amount"),
        "number",
        by_amount,
        (needs.enough_expected, needs.several_obligors, amounts),
        "Cameron, Gelbach, Miller 2011",
        mark("as much bad amount as expected"),
    ),
    Check(
        "validation.calibration.slope",
        mark("Calibration slope"),
        "number",
        slope,
        (needs.enough_events, needs.several_obligors),
        "Cox 1958",
        mark("the slope is 1: probabilities are neither too spread nor too flat"),
        "calibration",
    ),
    _of_family(
        "portfolio.jeffreys_p",
        mark("Probability high enough, whole sample (p)"),
        portfolio_jeffreys,
        "ECB 2019, 2.5.2",
        NOT_TOO_LOW,
    ),
    _of_family(
        "portfolio.correlated_p",
        mark("Probability high enough if defaults are correlated (p)"),
        portfolio_correlated,
        "BCBS WP14, 2005; CRE31.5",
        NOT_TOO_LOW,
    ),
    _of_family(
        "worst_grade.holm_p",
        mark("Probability high enough, worst grade (p)"),
        worst_grade,
        "ECB 2019, 2.5.2; Holm 1979",
        mark("no grade's probability is below its true rate"),
        _grades,
        # It is adjusted over the grades already: in the family of the others it would pay twice
        family="",
    ),
    _of_family(
        "grades_together.p",
        mark("All grades together, chi-squared (p)"),
        grades_together,
        "BCBS WP14, 2005",
        mark("every grade's probability is right"),
        _grades,
    ),
    _of_family(
        "hosmer_lemeshow.p", mark("Hosmer-Lemeshow (p)"), hosmer_lemeshow, "Hosmer, Lemeshow 1980", RIGHT
    ),
    _of_family("spiegelhalter.p", mark("Spiegelhalter (p)"), spiegelhalter, "Spiegelhalter 1986", RIGHT),
    *YEARS,
    Check(
        "validation.calibration.brier_skill",
        mark("Brier skill over the base rate"),
        "score",
        brier_skill,
        (needs.enough_events, needs.several_obligors),
        "Brier 1950; Murphy 1973; Dimitriadis et al. 2021",
        deviation="score",
    ),
)  # fmt: skip

CALIBRATION: tuple[Check, ...] = tuple(map(of_cohorts, _CHECKS))
