"""Did the population move: scores and drivers, against the development sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import LEVEL, Check, Measured
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


def drivers(case: Case) -> str:
    """At least one driver that both samples have."""
    shared = [d for d in case.drivers if d in case.sample and d in case.development.sample]
    return "" if shared else _("no drivers in both samples")


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
)
