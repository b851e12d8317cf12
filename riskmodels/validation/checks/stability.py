"""Did the population move: scores, drivers, grades, against the development sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import LEVEL, Check, Measured
from riskmodels.validation.grades import concentration_index, concentration_p
from riskmodels.validation.power import psi_distance
from riskmodels.validation.stability import Shift, csi, psi, psi_critical


def score_psi(case: Case) -> Measured:
    """PSI of the probability, or of what orders cases without one, all scored cases, mature or not."""
    before, now = case.development.sample[case.score], case.sample[case.score]
    shift = psi(before, now)
    sizes = before.notna().sum(), now.notna().sum(), len(shift.table)
    return _measured(shift, case, {"critical": shift.critical}, lambda level: psi_distance(*sizes, level))


def worst_csi(case: Case) -> Measured:
    """The largest PSI among the model's drivers, beyond what the largest of so many reaches by chance."""
    shifts = csi(case.development.sample, case.sample, case.drivers)
    driver, shift = next(iter(shifts.items()))
    bins = len(shift.table)
    critical = psi_critical(len(case.development.sample), len(case.sample), bins, LEVEL / len(shifts))
    return _measured(shift, case, {"driver": driver, "critical": critical, "drivers": len(shifts)})


def grade_concentration(case: Case) -> Measured:
    """p of the ECB's test, H0: grades are not more concentrated than at development."""
    before, now = case.development.sample["grade"], case.sample["grade"]
    counts = pd.DataFrame({"before": before.value_counts(), "now": now.value_counts()}).fillna(0)
    p = concentration_p(counts["now"], counts["before"])
    return Measured(p, int(counts["now"].sum()), p_value=p, detail={"hi": concentration_index(counts["now"])})


def drivers(case: Case) -> str:
    """At least one driver that both samples have."""
    shared = [d for d in case.drivers if d in case.sample and d in case.development.sample]
    return "" if shared else _("no drivers in both samples")


def grades(case: Case) -> str:
    """Grades in both samples."""
    both = all("grade" in c.sample and c.sample["grade"].notna().any() for c in (case, case.development))
    return "" if both else _("no grades in both samples")


def _measured(
    shift: Shift, case: Case, detail: dict[str, Any], detect: Callable[[float], float] | None = None
) -> Measured:
    return Measured(shift.value, len(case.sample), critical=detail["critical"], detail=detail, detect=detect)


NO_SHIFT = mark("both samples are drawn from one population")

STABILITY: tuple[Check, ...] = (
    Check(
        "validation.stability.psi.score",
        mark("PSI of the probability"),
        "index",
        score_psi,
        (needs.enough_cases,),
        "Yurdakul 2018",
        NO_SHIFT,
        primary=True,
        deviation="index",
    ),
    Check(
        "validation.stability.csi.worst",
        mark("PSI of the worst driver"),
        "index",
        worst_csi,
        (needs.enough_cases, drivers),
        "Yurdakul 2018",
        NO_SHIFT,
    ),
    Check(
        "validation.stability.grade_concentration.p",
        mark("Grades not more concentrated (p)"),
        "p",
        grade_concentration,
        (needs.enough_cases, grades),
        "ECB 2019, 2.5.5",
    ),
)
