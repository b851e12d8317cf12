"""What the use of the score earns: the bad cases it lets in against those that another score would."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.acceptance import swap_set
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import Check, Measured
from riskmodels.validation.checks.process import POWER, rivalry
from riskmodels.validation.checks.stability import drivers
from riskmodels.validation.checks.told import rows
from riskmodels.validation.dependence import clustered_se, treatment

APPROVED = 0.8
"""Share of the cases let in when two scores are compared: a house default."""
CHALLENGER, RIVAL = "challenger", "rival"


def other_score(case: Case) -> tuple[str, NDArray[np.float64]]:
    """What the model is held against, and its risk of the mature cases: the challenger where all have one, else the
    validator's rival.
    """
    if _challenged(case):
        return CHALLENGER, case.mature["challenger"].to_numpy(float)
    return RIVAL, rivalry(case).probability


def bad_swapped(case: Case) -> Measured:
    """Bad cases that the model lets in beyond the other score, as a share of all bad ones; counts only beyond chance.

    Under H0 those swapped in and out are alike: the variance of their difference is the sum of the squared places that
    the bad cases of each party move.
    """
    name, other = other_score(case)
    found = swap_set(case.outcome, case.risk, other, APPROVED, case.weight)
    into, out = (float(found.table["events"].loc[kind]) for kind in ("swapped_in", "swapped_out"))
    se = clustered_se(found.moved * case.outcome / case.events, case.clusters or None)
    told = {
        "against": name,
        "swapped_in": into,
        "swapped_out": out,
        "approved": found.share,
        **rows(found.table.rename_axis("kind").reset_index()),
    }
    return Measured(
        (into - out) / case.events,
        case.n,
        p_value=float(norm.sf((into - out) / case.events / se)) if se > 0 else 1.0,
        critical=lambda level: float(norm.isf(level)) * se,
        dependence=treatment(case.parties),
        detail=told,
        detect=lambda level: float(norm.isf(level) + norm.ppf(POWER)) * se,
    )


def comparable(case: Case) -> str:
    """Another score: a challenger's, or what a rival can be fitted on."""
    if _challenged(case):
        return ""
    missing = needs.reference_events(case) or drivers(case)
    return missing and _("no challenger in the sample, and no rival: {reason}").format(reason=missing)


def _challenged(case: Case) -> bool:
    return "challenger" in case.mature and bool(case.mature["challenger"].notna().all())


BUSINESS: tuple[Check, ...] = (
    Check(
        "validation.business.swap.bad",
        mark("Bad cases approved beyond the other score's, share of all bad"),
        "share",
        bad_swapped,
        (needs.enough_events, comparable),
        "swap set at one rate of approval; normal approximation of the signs, clustered",
        mark("the cases swapped in go bad as often as those swapped out"),
        deviation="share",
    ),
)
