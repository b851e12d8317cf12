"""The suite of transitions: every check of how grades move, each run or not run with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.limits import packaged_limits
from riskmodels.core.text import gettext as _
from riskmodels.validation.checks.check import run_all
from riskmodels.validation.migration.checks import CHECKS, Transitions
from riskmodels.validation.migration.moves import Moves, moves_of
from riskmodels.validation.migration.sample import joined, migration_of


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


def migration_checks(
    sample: pd.DataFrame, limits: Mapping[str, Limits], development: pd.DataFrame | None = None
) -> list[CheckResult]:
    """The checks on the moves of a scored sample (`transitions_of`); none for a sample without grades."""
    if "grade" not in sample or sample["grade"].isna().all():
        return []
    return moved_checks(transitions_of(sample, development), limits)


def moved_checks(seen: Transitions | str, limits: Mapping[str, Limits]) -> list[CheckResult]:
    """The checks on moves; not run for the reason why nobody's moves are known."""
    if isinstance(seen, Transitions):
        return run_all(CHECKS, seen, limits)
    return [not_run(c.name, _(c.title), seen, unit=c.unit, limits=limits.get(c.name)) for c in CHECKS]


def transitions_of(sample: pd.DataFrame, development: pd.DataFrame | None = None) -> Transitions | str:
    """The moves in a scored sample beside those within development, or in words why nobody's moves are known.

    A sample of one period is held against the grades of the same obligors in `development` twelve months before.
    """
    found = migration_of(sample)
    if isinstance(found, str) and development is not None:
        earlier = migration_of(joined(development, sample))
        found = earlier if isinstance(earlier, Moves) else found
    return found if isinstance(found, str) else Transitions(found, _before(found, sample, development))


def _before(found: Moves, sample: pd.DataFrame, development: pd.DataFrame | None) -> Moves | None:
    """The moves within development, on the same grades."""
    before = None if development is None else migration_of(joined(development, sample.iloc[:0]))
    return before if isinstance(before, Moves) and before.grades == found.grades else None


@cache
def default_limits() -> dict[str, Limits]:
    """The limits this package ships for its checks of transitions, by name."""
    return packaged_limits("riskmodels.validation.migration")
