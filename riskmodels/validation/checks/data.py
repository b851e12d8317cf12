"""Is there enough to judge on, is it whole, and did a driver see the outcome when the model was trained?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import LEVEL, Check, Measured
from riskmodels.validation.checks.stability import drivers, moved, shift_of
from riskmodels.validation.checks.told import rows
from riskmodels.validation.dependence import treatment
from riskmodels.validation.discrimination import auc_interval
from riskmodels.validation.leaked_drivers import driver_falls, strengths
from riskmodels.validation.sampling import KEY, fullness, outside, repeated_share

POWER = 0.8


def events(case: Case) -> Measured:
    """Bad cases among the mature ones."""
    return Measured(case.events, case.n)


def censored_share(case: Case) -> Measured:
    """Share of cases whose outcome isn't known yet."""
    return Measured(float(case.censored.mean()), len(case.sample), detail={"censored": int(case.censored.sum())})


def unusable_share(case: Case) -> Measured:
    """Share of cases whose score is missing or can't be one (a probability outside [0, 1])."""
    return Measured(float(1 - case.usable.mean()), len(case.sample), detail={"unusable": int((~case.usable).sum())})


def censored_amount(case: Case) -> Measured:
    """Share of the amounts whose outcome isn't known yet."""
    weight = case.sample["weight"].fillna(0.0)
    young = float(weight[case.censored].sum())
    return Measured(young / float(weight.sum()), len(case.sample), detail={"amount": young})


def repeated(case: Case) -> Measured:
    """Share of cases that repeat another of their obligor and date in every column."""
    return Measured(repeated_share(case.sample), len(case.sample))


def missing_rise(case: Case) -> Measured:
    """The largest rise of a driver's share of missing values since development."""
    table = fullness(case.sample, case.drivers, case.development.sample).dropna()
    worst = table.iloc[0]
    return Measured(float(worst["rise"]), len(case.sample), detail={"driver": worst["column"], **rows(table)})


def beyond_development(case: Case) -> Measured:
    """The largest share of a driver's values beyond what development had."""
    table = outside(case.development.sample, case.sample, case.drivers)
    worst = table.iloc[0]
    return Measured(float(worst["share"]), len(case.sample), detail={"driver": worst["driver"], **rows(table)})


def amounts_moved(case: Case) -> Measured:
    """PSI of the amounts against development."""
    return moved(shift_of(case, "weight"), case, {})


def falls(case: Case) -> pd.DataFrame:
    """How each driver ranked in development and how it ranks now: see `driver_falls`."""
    return driver_falls(case.development.mature, case.mature, case.drivers)


def leak_suspicion(case: Case) -> Measured:
    """How much more of its AUC one driver lost than the others, beyond what the worst of so many loses by chance.

    Told is the largest excess among those that chance doesn't explain, else the least explained one.
    """
    table = falls(case)
    ratio, sure = table["excess"] / table["se"], table["p_value"] < LEVEL
    worst = table.iloc[int(np.argmax(table["excess"].where(sure, -1.0) if sure.any() else ratio))]
    spread, tests = float(table["se"].max()), 2 * len(table)
    return Measured(
        float(worst["excess"]),
        case.n,
        p_value=float(worst["p_value"]),
        critical=lambda level: float(norm.isf(level / tests)) * float(worst["se"]),
        dependence=treatment(case.mature.columns),
        detail={name: worst[name] for name in ("driver", "initial", "current", "fall")} | rows(table),
        detect=lambda level: float((norm.isf(level / tests) + norm.ppf(POWER)) * spread),
    )


def strongest_driver(case: Case) -> Measured:
    """AUC of the strongest driver alone, in development, or on later data where there is none."""
    sample = case.mature if needs.reference_events(case) else case.development.mature
    best = strengths(sample, case.drivers)
    return Measured(float(best.iloc[0]), case.n, detail={"driver": best.index[0]})


def score_knows(case: Case) -> Measured:
    """AUC of the score: near to 1 it may have been made, or changed, once the outcome was known."""
    found = auc_interval(case.outcome, case.risk, case.clusters or None)
    slack = (lambda level: float(norm.isf(level)) * found.se) if found.se > 0 else None
    return Measured(found.value, case.n, dependence=treatment(case.parties), slack=slack)


def any_driver(case: Case) -> str:
    """At least one driver in the sample."""
    return "" if any(d in case.sample for d in case.drivers) else _("no drivers in the sample")


def keyed(case: Case) -> str:
    """Obligors and dates, without which equal cases may be two."""
    missing = [c for c in KEY if c not in case.sample]
    return _("no obligors or dates in the sample") if missing else needs.cases(case)


def weighed(case: Case) -> str:
    """Amounts above zero."""
    known = "weight" in case.sample and case.sample["weight"].gt(0).any()
    return "" if known else _("no amounts in the sample")


def weighed_before(case: Case) -> str:
    """Amounts in both samples."""
    return weighed(case) or weighed(case.development)


DATA: tuple[Check, ...] = (
    Check("validation.data.events", mark("Bad cases observed"), "count", events, (needs.outcomes,)),
    Check(
        "validation.data.censored_share",
        mark("Cases too young to judge"),
        "share",
        censored_share,
        (needs.cases,),
    ),
    Check(
        "validation.data.unusable_share",
        mark("Cases without a usable score"),
        "rate",
        unusable_share,
        (needs.cases,),
        primary=True,
    ),
    Check(
        "validation.data.leak_suspicion",
        mark("AUC that one driver lost since development beyond the others"),
        "score",
        leak_suspicion,
        (needs.reference_events, needs.enough_events, drivers),
        "clustered difference of AUCs; Holm over the drivers",
        mark("no driver lost more of its AUC than the others"),
        primary=True,
        deviation="score",
    ),
    Check(
        "validation.data.strongest_driver",
        mark("AUC of the strongest driver alone"),
        "score",
        strongest_driver,
        (needs.enough_events, any_driver),
    ),
    Check(
        "validation.data.score_knows",
        mark("AUC so high that the score may know the outcome"),
        "score",
        score_knows,
        (needs.enough_events, needs.scores_differ),
        primary=True,
    ),
    Check(
        "validation.data.censored_amount",
        mark("Amounts too young to judge"),
        "share",
        censored_amount,
        (needs.cases, weighed),
    ),
    Check("validation.data.repeated", mark("Cases that repeat another"), "rate", repeated, (keyed,)),
    Check(
        "validation.data.missing_rise",
        mark("Rise of missing values in the worst driver"),
        "share",
        missing_rise,
        (needs.enough_cases, drivers),
    ),
    Check(
        "validation.data.outside_development",
        mark("Values of the worst driver that development never saw"),
        "share",
        beyond_development,
        (needs.enough_cases, drivers),
    ),
    Check(
        "validation.data.amounts.psi",
        mark("PSI of the amounts"),
        "index",
        amounts_moved,
        (needs.enough_cases, weighed_before),
        "Yurdakul 2018",
        mark("both samples are drawn from one population"),
    ),
)
