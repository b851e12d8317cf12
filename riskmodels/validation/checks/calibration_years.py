"""Were probabilities high enough over the years: WP14's normal test and the traffic lights."""

from __future__ import annotations

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation import power, years
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import Check, Measured
from riskmodels.validation.checks.treated import as_independent

FEWEST = 5
"""Years below which neither test says anything."""
EVERY_YEAR = mark("no year's probability is below its true rate")


def over_years(case: Case) -> Measured:
    """Student's p of WP14's normal test over years."""
    pd_, n, events = counts(case)
    found = years.normal_test(pd_, n, events)
    error, level_of = float(found.error), float(pd_[n > 0].mean())
    return Measured(
        float(found.p_value),
        case.n,
        p_value=float(found.p_value),
        statistic=float(found.statistic),
        detail={"years": int(found.years), "normal_p": float(found.normal_p)},
        dependence=_("cases of one year may depend on each other, years may not"),
        detect=lambda level: 1 + float(power.years_distance(error, found.years, level)) / level_of,
    )


def traffic_lights(case: Case) -> Measured:
    """p of the profile of green, yellow, orange and red years."""
    found = years.traffic_lights(*counts(case))
    green, yellow, orange, red = found.counts.tolist()
    detail = {"green": green, "yellow": yellow, "orange": orange, "red": red}
    p, (pd_, n, _events) = float(found.p_value), counts(case)

    def detect(level: float) -> float:
        """The smallest ratio of every year."""
        return power.lights_ratio(pd_, n, level)

    return Measured(p, case.n, p_value=p, detail=detail, dependence=as_independent(case), detect=detect)


def counts(case: Case) -> tuple[years.Floats, years.Floats, years.Floats]:
    """PD, cases and bad cases by year (T,)."""
    at = case.mature["period"].dt
    return years.by_year(at.year * 12 + at.month, case.outcome, case.probability)


def enough_years(case: Case) -> str:
    """At least FEWEST years with cases."""
    if missing := needs.outcomes(case):
        return missing
    if "period" not in case.mature or case.mature["period"].isna().any():
        return _("the cases have no dates")
    found = int((counts(case)[1] > 0).sum())
    text = _("too few years: {found}, at least {least} are needed")
    return "" if found >= FEWEST else text.format(found=found, least=FEWEST)


YEARS: tuple[Check, ...] = (
    Check(
        "validation.calibration.years.p",
        mark("Probability high enough over the years (p)"),
        "p",
        over_years,
        (enough_years,),
        "BCBS WP14, 2005",
        EVERY_YEAR,
        "calibration",
    ),
    Check(
        "validation.calibration.traffic_lights.p",
        mark("Traffic lights over the years (p)"),
        "p",
        traffic_lights,
        (enough_years, needs.counted_once),
        "Blochwitz, Hohl, Wehn 2005; BCBS WP14, 2005",
        EVERY_YEAR,
        "calibration",
    ),
)
