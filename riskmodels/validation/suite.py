"""The suite: every check on one sample, each run or not run with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.limits import packaged_limits
from riskmodels.validation.case import Case
from riskmodels.validation.checks import CHECKS, run_all
from riskmodels.validation.checks.loss import lgd_checks
from riskmodels.validation.losses import suite as losses
from riskmodels.validation.migration import suite as migration
from riskmodels.validation.migration.suite import migration_checks


def validate(
    sample: pd.DataFrame,
    reference: pd.DataFrame | None = None,
    limits: Mapping[str, Limits] | None = None,
    drivers: Iterable[str] = (),
    horizon: int = 0,
) -> list[CheckResult]:
    """All checks of the validation report on a sample, in report order.

    `sample` has columns probability (of bad) and outcome (1 bad, 0 good, missing = too young), and may have grade,
    weight (amount), obligor, client, period, segment, challenger (another model's probability). Without a probability,
    column risk orders cases, more is worse, and calibration is not run. `reference` is the development sample with the
    same columns. `drivers` names columns of both whose stability is checked. `limits` replace the package's own, by
    name. `horizon` is the number of months an obligor's outcome takes: levels are then tested on one row per obligor
    and so many months.
    """
    return validate_case(case_of(sample, reference, drivers, horizon), limits)


def case_of(
    sample: pd.DataFrame, reference: pd.DataFrame | None = None, drivers: Iterable[str] = (), horizon: int = 0
) -> Case:
    """The case a model is judged on, its reference judged with the same horizon."""
    start = None if reference is None else Case(reference, horizon=horizon)
    return Case(sample, start, tuple(drivers), horizon)


def validate_case(case: Case, limits: Mapping[str, Limits] | None = None) -> list[CheckResult]:
    """All checks of the validation report on a case, in report order; `limits` replace the package's own, by name."""
    lines = {**default_limits(), **(limits or {})}
    start = None if case.reference is None else case.reference.sample
    moved = migration_checks(case.sample, lines, start)
    return [*run_all(CHECKS, case, lines), *moved, *lgd_checks(case, lines)]


@cache
def default_limits() -> dict[str, Limits]:
    """The limits this package ships for its validation checks, by name."""
    packages = ("riskmodels.validation", "riskmodels.validation.timing")
    own = {name: limits for package in packages for name, limits in packaged_limits(package).items()}
    return own | losses.default_limits() | migration.default_limits()
