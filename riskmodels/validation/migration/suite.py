"""The suite of transitions: every check of how grades move, each run or not run with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.limits import packaged_limits
from riskmodels.validation.checks.check import run_all
from riskmodels.validation.migration.checks import CHECKS, Transitions
from riskmodels.validation.migration.moves import moves_of


def validate_transitions(
    seen: Any, reference: Any = None, limits: Mapping[str, Limits] | None = None
) -> list[CheckResult]:
    """All checks of how grades move, in report order.

    `seen` and `reference`, what was seen at development, are rating histories, their cohorts, `Moves`, a frame of
    counts (grades in rows, best first, the same and then default, other_model, terminated in columns) or an array of
    them, periods first where it has three dimensions. `limits` replace the package's own, by name.
    """
    judged = Transitions(moves_of(seen), None if reference is None else moves_of(reference))
    return run_all(CHECKS, judged, {**default_limits(), **(limits or {})})


@cache
def default_limits() -> dict[str, Limits]:
    """The limits this package ships for its checks of transitions, by name."""
    return packaged_limits("riskmodels.validation.migration")
