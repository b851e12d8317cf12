"""Did the population move: scores and drivers, against the development sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import LEVEL, Check, Measured
from riskmodels.validation.dependence import treatment
from riskmodels.validation.power import psi_distance
from riskmodels.validation.stability import Parties, Shift, csi, psi


def score_psi(case: Case) -> Measured:
    """PSI of the probability, or of what orders cases without one, all scored cases, mature or not."""
    shift = shift_of(case, case.score)
    return moved(shift, case, {}, lambda level: psi_distance(shift.chance.scale, shift.chance.df, level))


def worst_csi(case: Case) -> Measured:
    """The largest PSI among the model's drivers, beyond what the largest of so many reaches by chance."""
    shifts = shifts_of(case)
    driver, shift = next(iter(shifts.items()))
    return moved(shift, case, {"driver": driver, "drivers": len(shifts)}, tests=len(shifts))


def shift_of(case: Case, column: str) -> Shift:
    """How one column moved since development, cases of one obligor free to depend on each other."""
    return psi(case.development.sample[column], case.sample[column], parties=both_parties(case))


def shifts_of(case: Case) -> dict[str, Shift]:
    """How each driver moved since development, the most moved first."""
    return csi(case.development.sample, case.sample, case.drivers, parties=both_parties(case))


def both_parties(case: Case) -> Parties:
    """The obligors of development and of the case, None where none comes twice."""
    return case.development.obligors, case.obligors


def counted(case: Case) -> str:
    """What was done about obligors that come twice, in words."""
    return treatment(("obligor",) if any(codes is not None for codes in both_parties(case)) else ())


def drivers(case: Case) -> str:
    """At least one driver that both samples have."""
    shared = [d for d in case.drivers if d in case.sample and d in case.development.sample]
    return "" if shared else _("no drivers in both samples")


def moved(
    shift: Shift,
    case: Case,
    detail: dict[str, Any],
    detect: Callable[[float], float] | None = None,
    tests: int = 1,
) -> Measured:
    """A PSI as a check takes it: chance is that of the largest of so many `tests`."""
    return Measured(
        shift.value,
        len(case.sample),
        p_value=min(1.0, tests * shift.chance.p_value(shift.value)),
        critical=lambda level: shift.chance.critical(level / tests),
        dependence=counted(case),
        detail={**detail, "critical": shift.chance.critical(LEVEL / tests)},
        detect=detect,
    )


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
