"""The suite of losses: every check of an estimate, each run or not run with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.limits import packaged_limits
from riskmodels.validation.checks.check import run_all
from riskmodels.validation.losses.cases import LossCases
from riskmodels.validation.losses.checks import DILUTION, LGD


def validate_losses(
    frame: pd.DataFrame, limits: Mapping[str, Limits] | None = None, initial: pd.DataFrame | None = None
) -> list[CheckResult]:
    """All checks of estimated losses against what was lost, in report order; one row of `frame` per case.

    Columns, one pair at least: estimated and realised (LGD, shares of the exposure), estimated_months and
    workout_months, estimated_recovery and realised_recovery, estimated_dilution and realised_dilution (rates). A value
    that came is missing while it isn't known: young workouts are left out. Optional: grade (of the facility), pool,
    weight (exposure at default, or what was invoiced), obligor, client. `initial` are the cases the estimate was made
    on, with the same columns; `limits` replace the package's own, by name.
    """
    cases = LossCases(frame, None if initial is None else LossCases(initial))
    return run_all((*LGD, *DILUTION), cases, {**default_limits(), **(limits or {})})


@cache
def default_limits() -> dict[str, Limits]:
    """The limits this package ships for its checks of losses, by name."""
    return packaged_limits("riskmodels.validation.losses")
