"""Does the model order cases: AUC on later data, by amount, against its start and against a challenger; KS."""

from __future__ import annotations

import numpy as np

from riskmodels.core.text import mark
from riskmodels.validation import discrimination as measure
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import Check, Measured

ONE_SIDED = 1.6448536269514722
"""The 95 % point of a standard normal."""


def auc(case: Case) -> Measured:
    """AUC with a 95 % interval, robust to dependence inside an obligor when obligors are known."""
    found = _auc(case)
    detail = {
        "gini": 2 * found.value - 1,
        "standard_error": found.se,
        "events": case.events,
        "obligors": None if case.cluster is None else len(np.unique(case.cluster)),
    }
    return Measured(found.value, case.n, interval=_interval(found), detail=detail)


def amount_weighted(case: Case) -> Measured:
    """AUC in which each pair counts with its two amounts."""
    weighed = case.having("weight")
    weight = weighed.mature["weight"].to_numpy(dtype=float)
    return Measured(measure.weighted_auc(weighed.outcome, weighed.risk, weight), weighed.n)


def ks(case: Case) -> Measured:
    """Largest distance between the cumulative shares of bad and good cases."""
    return Measured(measure.ks(case.outcome, case.risk), case.n)


def auc_fall(case: Case) -> Measured:
    """p of the S-test, H0: the AUC has not fallen since development."""
    initial = measure.auc(case.development.outcome, case.development.risk)
    current = _auc(case)
    p = measure.auc_fall_p(initial, current)
    return Measured(p, case.n, p_value=p, detail={"initial": initial, "current": current.value})


def challenger(case: Case) -> Measured:
    """AUC of the model less that of the challenger on the same cases, with the paired DeLong p.

    Worse counts only beyond what chance explains, one-sided at 5 %.
    """
    both = case.having("challenger")
    other = both.mature["challenger"].to_numpy(dtype=float)
    found = measure.auc_difference(both.outcome, both.risk, other, both.cluster)
    return Measured(
        found.value, both.n, p_value=found.p_value, critical=ONE_SIDED * found.se, detail={"standard_error": found.se}
    )


def _auc(case: Case) -> measure.Estimate:
    return measure.auc_interval(case.outcome, case.risk, case.cluster)


def _interval(found: measure.Estimate) -> tuple[float, float] | None:
    # Without an error (perfect order, one obligor) an interval would promise a precision nobody has.
    return (found.low, found.high) if found.se > 0 else None


DISCRIMINATION: tuple[Check, ...] = (
    Check(
        "validation.discrimination.auc.out_of_time",
        mark("AUC on later data"),
        "score",
        auc,
        (needs.enough_events,),
        "DeLong et al. 1988; Obuchowski 1997",
        primary=True,
    ),
    Check(
        "validation.discrimination.auc.amount_weighted",
        mark("AUC weighted by amount"),
        "score",
        amount_weighted,
        (needs.enough_events, needs.column("weight", mark("no amounts in the sample"))),
    ),
    Check(
        "validation.discrimination.ks",
        mark("Kolmogorov-Smirnov distance"),
        "score",
        ks,
        (needs.enough_events,),
    ),
    Check(
        "validation.discrimination.auc_fall.p",
        mark("AUC not below development (p)"),
        "p",
        auc_fall,
        (needs.reference_events, needs.enough_events),
        "ECB 2019, 2.5.3",
    ),
    Check(
        "validation.discrimination.auc_challenger.delta",
        mark("AUC less the challenger's"),
        "score",
        challenger,
        (needs.enough_events, needs.column("challenger", mark("no challenger in the sample"))),
        "DeLong et al. 1988, paired",
    ),
)
