"""Does the model order cases: on later data, as well as at its start, by amount, and no worse than a challenger."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from scipy.stats import norm

from riskmodels.core.text import mark
from riskmodels.validation import discrimination as measure
from riskmodels.validation.auc_power import smallest_difference, smallest_fall
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import Check, Measured
from riskmodels.validation.dependence import treatment
from riskmodels.validation.power import ks_distance
from riskmodels.validation.separation import ks_test

TWO_SIDED = float(norm.isf(0.025))


def auc(case: Case) -> Measured:
    """AUC with a 95 % interval that allows for cases of a debtor and of a client depending on each other."""
    found = _auc(case)
    detail = {
        "gini": 2 * found.value - 1,
        "standard_error": found.se,
        "events": case.events,
        "obligors": None if case.cluster is None else int(case.cluster.max()) + 1,
    }
    return _above_chance(case, found, detail)


def amount_weighted(case: Case) -> Measured:
    """AUC in which each pair counts with its two amounts."""
    weighed = case.having("weight")
    weight = weighed.mature["weight"].to_numpy(dtype=float)
    found = measure.weighted_auc_interval(weighed.outcome, weighed.risk, weight, weighed.clusters or None)
    return _above_chance(weighed, found, {"standard_error": found.se})


def ks(case: Case) -> Measured:
    """Largest distance between the cumulative shares of bad and good cases, and the score where it lies.

    Its p-value takes cases as independent, so that it is left out where parties repeat.
    """
    found = ks_test(case.outcome, case.risk)
    p = None if case.clusters else found.p_value
    detect = partial(ks_distance, case.events, case.n - case.events)
    return Measured(
        found.value, case.n, p, detail={"position": found.position}, dependence=treatment(()), detect=detect
    )


def auc_fall(case: Case) -> Measured:
    """The AUC less that at development, both with their errors; a fall counts beyond what chance explains.

    The samples are taken as independent: obligors of both only make the error of a difference smaller.
    """
    initial, current = _auc(case.development), _auc(case)
    return _fallen(case, initial, current, initial.se)


def auc_fall_p(case: Case) -> Measured:
    """p of the S-test, H0: the AUC has not fallen since development, whose AUC is taken as it was found."""
    initial, current = _auc(case.development), _auc(case)
    found = _fallen(case, initial, current, 0.0)
    p = float("nan") if found.p_value is None else found.p_value
    return replace(found, value=p, p_value=p, interval=None, critical=None)


def _fallen(case: Case, initial: measure.Estimate, current: measure.Estimate, initial_se: float) -> Measured:
    fall, se = current.value - initial.value, math.hypot(current.se, initial_se)
    detail = {"initial": initial.value, "current": current.value, "standard_error": se}
    z = fall / se if se > 0 else math.nan
    return _tested(case, fall, se, z, detail, _fall(case, current, initial.value, initial_se), from_below=True)


def challenger(case: Case) -> Measured:
    """AUC of the model less that of the challenger on the same cases; worse counts beyond what chance explains."""
    both = case.having("challenger")
    other = both.mature["challenger"].to_numpy(dtype=float)
    found = measure.auc_difference(both.outcome, both.risk, other, both.clusters or None)
    detail = {"standard_error": found.se}
    detect = partial(smallest_difference, found.se)
    return _tested(both, found.value, found.se, found.z, detail, detect, from_below=True)


def _tested(
    case: Case,
    value: float,
    se: float,
    z: float,
    detail: Mapping[str, float | None],
    detect: Callable[[float], float],
    *,
    from_below: bool,
) -> Measured:
    """A one-sided test that z is not above H0, or `from_below` not under it.

    `from_below` limits give way to what chance explains of H0; else they are of a level, and its error moves them out.
    """
    return Measured(
        value,
        case.n,
        float(norm.cdf(z) if from_below else norm.sf(z)) if se > 0 else None,
        (value - TWO_SIDED * se, min(value + TWO_SIDED * se, 1.0)) if se > 0 else None,
        detail,
        partial(_beyond, se) if from_below and se > 0 else None,
        z if se > 0 else None,
        treatment(case.parties),
        detect,
        None if from_below or not se > 0 else partial(_beyond, se),
    )


def _above_chance(case: Case, found: measure.Estimate, detail: Mapping[str, float | None]) -> Measured:
    z = (found.value - 0.5) / found.se if found.se > 0 else math.nan
    return _tested(case, found.value, found.se, z, detail, _fall(case, found, found.value), from_below=False)


def _beyond(se: float, level: float) -> float:
    """How far chance carries an estimate to one side."""
    return float(norm.isf(level)) * se


def _fall(case: Case, found: measure.Estimate, start: float, start_se: float = 0.0) -> Callable[[float], float]:
    return lambda level: smallest_fall(found, start, case.events, case.n - case.events, level, start_se)


def _auc(case: Case) -> measure.Estimate:
    return measure.auc_interval(case.outcome, case.risk, case.clusters or None)


CHANCE = mark("the score orders cases no better than chance (AUC 0.5)")
FAMILY = "discrimination"
BOTH_ORDER = (needs.reference_events, needs.enough_events, needs.reference_scores_differ, needs.scores_differ)
NO_FALL = mark("the AUC is not below that of the development sample")

DISCRIMINATION: tuple[Check, ...] = (
    Check(
        "validation.discrimination.auc.out_of_time",
        mark("AUC on later data"),
        "score",
        auc,
        (needs.enough_events, needs.scores_differ),
        "DeLong et al. 1988; Obuchowski 1997; Cameron et al. 2011",
        CHANCE,
        primary=True,
        deviation="score",
    ),
    Check(
        "validation.discrimination.auc_fall.delta",
        mark("AUC less that of development"),
        "score",
        auc_fall,
        BOTH_ORDER,
        "DeLong et al. 1988, of both samples; Obuchowski 1997; Cameron et al. 2011",
        NO_FALL,
        primary=True,
        deviation="score",
    ),
    Check(
        "validation.discrimination.auc_challenger.delta",
        mark("AUC less the challenger's"),
        "score",
        challenger,
        (needs.enough_events, needs.scores_differ, needs.column("challenger", mark("no challenger in the sample"))),
        "DeLong et al. 1988, paired; Obuchowski 1997",
        mark("the model orders cases no worse than the challenger"),
        primary=True,
        deviation="score",
    ),
    Check(
        "validation.discrimination.auc.amount_weighted",
        mark("AUC weighted by amount"),
        "score",
        amount_weighted,
        (needs.enough_events, needs.scores_differ, needs.column("weight", mark("no amounts in the sample"))),
        "DeLong et al. 1988, weighted; Obuchowski 1997",
        CHANCE,
        FAMILY,
        deviation="score",
    ),
    Check(
        "validation.discrimination.auc_fall.p",
        mark("AUC not below development (p)"),
        "p",
        auc_fall_p,
        BOTH_ORDER,
        "ECB 2019, 2.5.3",
        NO_FALL,
        FAMILY,
        deviation="score",
    ),
    Check(
        "validation.discrimination.ks",
        mark("Kolmogorov-Smirnov distance"),
        "score",
        ks,
        (needs.enough_events, needs.scores_differ),
        "Kolmogorov 1933; Smirnov 1948",
        mark("bad and good cases have one distribution of scores"),
        FAMILY,
        deviation="score",
    ),
)
