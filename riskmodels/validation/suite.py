"""The suite: every check on one sample, each run or not run with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.limits import packaged_limits
from riskmodels.validation.case import Case
from riskmodels.validation.checks import CHECKS, run


def validate(
    sample: pd.DataFrame,
    reference: pd.DataFrame | None = None,
    limits: Mapping[str, Limits] | None = None,
    drivers: Iterable[str] = (),
) -> list[CheckResult]:
    """All checks of the validation report on a sample, in report order.

    `sample` has columns probability (of bad) and outcome (1 bad, 0 good, missing = too young), and may have grade,
    weight (amount), obligor, challenger (another model's probability). Without a probability, column risk orders
    cases, more is worse, and calibration is not run. `reference` is the development sample with the same columns.
    `drivers` names columns of both whose stability is checked. `limits` replace the package's own, by name.
    """
    start = None if reference is None else Case(reference)
    case = Case(sample, start, tuple(drivers))
    lines = {**default_limits(), **(limits or {})}
    return [run(check, case, lines.get(check.name)) for check in CHECKS]


@cache
def default_limits() -> dict[str, Limits]:
    """The limits this package ships for its validation checks, by name."""
    return packaged_limits("riskmodels.validation")
