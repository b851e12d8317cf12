"""Is the loss that probability, LGD and amount foretell the loss that came."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import Check, Measured, run_all
from riskmodels.validation.dependence import clustered_se, treatment
from riskmodels.validation.losses.cases import LGD_COLUMNS, LossCases
from riskmodels.validation.losses.checks import LGD

Floats = NDArray[np.float64]
ESTIMATED, REALISED, GRADE = LGD_COLUMNS
Z95 = 1.959963984540054


def losses(case: Case) -> tuple[Floats, Floats]:
    """The expected and the realised loss of each mature case (n,): probability x LGD x amount, and outcome x LGD x
    amount.

    A bad case whose realised LGD isn't known yet loses what was estimated.
    """
    rows = case.mature
    estimated = rows[ESTIMATED].to_numpy(dtype=float)
    known = rows[REALISED].to_numpy(dtype=float) if REALISED in rows else np.full(case.n, np.nan)
    came = np.where(np.isnan(known), estimated, known)
    amount = np.ones(case.n) if case.weight is None else case.weight
    return case.probability * estimated * amount, case.outcome * came * amount


def realised_expected(case: Case) -> Measured:
    """Realised over expected loss, each default once, with an interval that lets cases of one party depend on each
    other.
    """
    case = case.cohorts
    expected, came = losses(case)
    total = float(expected.sum())
    ratio = float(came.sum()) / total if total > 0 else float("nan")
    se = clustered_se((came - ratio * expected) / total, case.clusters) if total > 0 else float("nan")
    z = (ratio - 1) / se if se > 0 else float("nan")
    return Measured(
        ratio,
        case.n,
        p_value=float(norm.sf(z)) if np.isfinite(z) else None,
        interval=(max(0.0, ratio - Z95 * se), ratio + Z95 * se) if se > 0 else None,
        statistic=z if np.isfinite(z) else None,
        critical=lambda level: (1 - norm.isf(level) * se, 1 + norm.isf(level) * se),
        dependence=treatment([p for p in ("obligor", "client") if p in case.mature]),
        detail={"expected": total, "realised": float(came.sum()), "lgd_known": _known(case)},
        detect=lambda level: float((norm.isf(level) + norm.isf(0.2)) * se),
    )


def lgd_checks(case: Case, limits: Mapping[str, Limits]) -> list[CheckResult]:
    """The checks of the LGD of a sample that estimates one and tells what came; none for other samples."""
    if not {ESTIMATED, REALISED} <= set(case.sample):
        return []
    return run_all(LGD, LossCases(lost(case)), limits)


def lost(case: Case) -> pd.DataFrame:
    """The bad cases as `LossCases` takes them, each default once, graded by their LGD (lgd_grade), not by their
    probability.
    """
    once = case.cohorts
    bad = once.mature[once.outcome == 1].drop(columns="grade", errors="ignore")
    return bad.rename(columns={ESTIMATED: "estimated", REALISED: "realised", GRADE: "grade"})


def _known(case: Case) -> int:
    told = case.mature[REALISED].notna() if REALISED in case.mature else pd.Series(False, index=case.mature.index)
    return int((told & (case.outcome == 1)).sum())


def _estimated(case: Case) -> str:
    if ESTIMATED not in case.mature:
        return _("the model gives no loss")
    missing = int(case.mature[ESTIMATED].isna().sum())
    words = _("{n} of {all} cases have no estimated LGD")
    return words.format(n=f"{missing:,}", all=f"{case.n:,}") if missing else ""


LOSS: tuple[Check, ...] = (
    Check(
        "validation.loss.realised_expected",
        mark("Realised over expected loss"),
        "number",
        realised_expected,
        (needs.probabilities, _estimated, needs.enough_expected),
        "EBA/GL/2017/16",
        mark("the loss expected is at least the true one"),
    ),
)
