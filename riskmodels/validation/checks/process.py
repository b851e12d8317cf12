"""Does another hand come to the same: a simple rival fitted by the validator, on the sample the model has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from riskmodels.core.text import mark
from riskmodels.validation.calibration import observed_expected
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import Check, Measured
from riskmodels.validation.checks.concept import shared
from riskmodels.validation.checks.stability import drivers
from riskmodels.validation.dependence import treatment
from riskmodels.validation.discrimination import Difference, auc, auc_difference
from riskmodels.validation.rival import fitted

POWER = 0.8


@dataclass(frozen=True)
class Rivalry:
    """The rival's probabilities of the mature cases (n,), its AUC and level, and the champion's AUC less its own."""

    probability: NDArray[np.float64]
    auc: float
    ratio: float
    difference: Difference


def rivalry(case: Case) -> Rivalry:
    """The validator's logit of development on the cases the model is judged on."""
    told = fitted(case.development.mature, shared(case)).probability(case.mature)
    difference = auc_difference(case.outcome, case.risk, told, case.clusters or None)
    level = observed_expected(case.outcome[case.counted], told[case.counted])
    return Rivalry(told, auc(case.outcome, told), level.ratio, difference)


def against_rival(case: Case) -> Measured:
    """AUC of the model less that of the validator's rival; worse counts only beyond chance, one-sided."""
    found = rivalry(case)
    se = found.difference.se
    return Measured(
        found.difference.value,
        case.n,
        p_value=float(norm.cdf(found.difference.z)) if se > 0 else found.difference.p_value,
        critical=lambda level: float(norm.isf(level) * se),
        dependence=treatment(case.parties),
        detail={"rival": found.auc, "rival_observed_expected": found.ratio},
        detect=lambda level: float((norm.isf(level) + norm.ppf(POWER)) * se),
    )


PROCESS: tuple[Check, ...] = (
    Check(
        "validation.process.rival.delta",
        mark("AUC less that of the validator's own rival"),
        "score",
        against_rival,
        (needs.reference_events, needs.enough_events, drivers),
        "a logit on the ranks of the drivers; DeLong et al. 1988, paired",
        mark("the rival ranks no better"),
        deviation="score",
    ),
)
