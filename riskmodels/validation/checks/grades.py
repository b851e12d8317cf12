"""Are grades cut where they should be: alike inside, in order, apart from their neighbours, no more concentrated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.calibration import NO_GRADES, of_cohorts
from riskmodels.validation.checks.check import Check, Measured, Need
from riskmodels.validation.checks.treated import as_independent
from riskmodels.validation.grade_order import SURE, Halves, Neighbours, halves, neighbours
from riskmodels.validation.grades import concentration_index, concentration_p
from riskmodels.validation.tables import grade_table


def mixed(case: Case) -> Measured:
    """How many grades are too wide: their riskier half is worse beyond chance and as bad as the next grade."""
    names, found = halves_of(case)
    tested = np.isfinite(found.holm_p)
    if not tested.any():
        return Measured(float("nan"), case.n)
    worst = int(np.argmax(found.mixed)) if found.mixed.any() else int(np.nanargmin(found.holm_p))
    detail = {"grade": names[worst], "grades_tested": int(tested.sum()), "grades": len(names)}
    p = float(np.nanmin(found.holm_p))
    return Measured(float(found.mixed.sum()), case.n, p_value=p, detail=detail, dependence=as_independent(case))


def inversions(case: Case) -> Measured:
    """How many neighbouring grades have bad rates in the wrong order beyond chance."""
    found = neighbours_of(case)
    detail = {"pairs": len(found.inverted_p)}
    return Measured(float(found.inverted), case.n, detail=detail, dependence=as_independent(case))


def merged(case: Case) -> Measured:
    """How many neighbouring grades are not told apart although their probabilities would be."""
    found = neighbours_of(case)
    detail = {"pairs": len(found.apart_p), "pairs_with_power": int((found.power >= SURE).sum())}
    return Measured(float(found.merged.sum()), case.n, detail=detail, dependence=as_independent(case))


def concentration(case: Case) -> Measured:
    """p of the ECB's test of the numbers of cases by grade."""
    return _concentration(case, lambda c: c.sample["grade"].value_counts())


def concentration_by_amount(case: Case) -> Measured:
    """p of the ECB's test of the amounts by grade."""
    return _concentration(case, lambda c: c.sample.groupby("grade", observed=False)["weight"].sum())


def _concentration(case: Case, by_grade: Callable[[Case], pd.Series]) -> Measured:
    """Against development, over all grades of either; how it would be against equal grades stands beside."""
    both = pd.DataFrame({"now": by_grade(case), "before": by_grade(case.development)}).fillna(0.0)
    now, before = both["now"], both["before"]
    p = concentration_p(now, before)
    detail = {
        "hi": concentration_index(now),
        "hi_initial": concentration_index(before),
        "p_against_equal": concentration_p(now, np.ones(len(now))),
    }
    return Measured(p, len(case.sample), p_value=p, detail=detail)


def halves_of(case: Case) -> tuple[list[str], Halves]:
    """The grades, lowest probability first, and the halves of each."""
    graded = case.having("grade")
    names = by_risk(graded)["grade"].astype("str").tolist()
    code = pd.Index(names).get_indexer(pd.Index(graded.mature["grade"].astype("str")))
    return names, halves(graded.outcome, graded.probability, code, len(names))


def neighbours_of(case: Case) -> Neighbours:
    """Each grade against the next worse one."""
    table = by_risk(case.having("grade"))
    return neighbours(table["pd"], table["n"], table["observed"])


def by_risk(graded: Case) -> pd.DataFrame:
    """The table of grades that have cases, lowest probability first."""
    return grade_table(graded.mature).query("n > 0").sort_values("pd", kind="stable")


def two_grades(case: Case) -> str:
    """Cases in two grades at least."""
    found = case.mature["grade"].nunique() if "grade" in case.mature else 0
    return "" if found > 1 else _("fewer than two grades have cases")


def with_power(case: Case) -> str:
    """Neighbours whose probabilities differ by enough, on cases enough, to be told apart."""
    enough = (neighbours_of(case).power >= SURE).any()
    return "" if enough else _("no two neighbouring grades have cases enough to be distinguishable")


def both_samples(column: str, reason: str) -> Need:
    """A column in the sample and in the development sample; `reason` (marked) where one lacks it."""

    def need(case: Case) -> str:
        """Why they can't be compared; empty when they can."""
        if missing := needs.enough_cases(case):
            return missing
        return "" if all(_told(c.sample, column) for c in (case, case.development)) else _(reason)

    return need


def _told(sample: pd.DataFrame, column: str) -> bool:
    """Whether a column says anything: a name, or an amount above zero."""
    if column not in sample:
        return False
    values = sample[column]
    number = pd.api.types.is_numeric_dtype(values) and column == "weight"
    return bool(values.gt(0).any() if number else values.notna().any())


_graded = needs.column("grade", NO_GRADES)
_grades_of_both = both_samples("grade", mark("no grades in both samples"))
_NO_MORE_CONCENTRATED = mark("grades are not more concentrated than at development")

GRADES: tuple[Check, ...] = (
    of_cohorts(
        Check(
            "validation.grades.mixed",
            mark("Grades that hold more than one risk"),
            "count",
            mixed,
            (_graded, needs.counted_once),
            "Fisher 1935; Holm 1979",
            mark("inside no grade is the half of higher probability the worse one"),
            "grades",
        )
    ),
    of_cohorts(
        Check(
            "validation.grades.inversions",
            mark("Neighbouring grades in the wrong order"),
            "count",
            inversions,
            (_graded, needs.counted_once, two_grades),
            "Fisher 1935; Holm 1979",
            mark("no grade's bad rate is below that of the next better one"),
        )
    ),
    of_cohorts(
        Check(
            "validation.grades.merged",
            mark("Neighbouring grades not distinguishable"),
            "count",
            merged,
            (_graded, needs.counted_once, two_grades, with_power),
            "Fisher 1935; Holm 1979",
            mark("a grade's bad rate is no higher than that of the next better one"),
        )
    ),
    Check(
        "validation.grades.concentration.p",
        mark("Grades not more concentrated (p)"),
        "p",
        concentration,
        (_grades_of_both,),
        "ECB 2019, 2.5.5",
        _NO_MORE_CONCENTRATED,
        "grades",
    ),
    Check(
        "validation.grades.concentration.amount.p",
        mark("Grades not more concentrated by amount (p)"),
        "p",
        concentration_by_amount,
        (_grades_of_both, both_samples("weight", mark("no amounts in both samples"))),
        "ECB 2019, 2.5.5",
        _NO_MORE_CONCENTRATED,
        "grades",
    ),
)
