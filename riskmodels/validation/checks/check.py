"""A check of the suite: what it needs, and the function that measures it once the needs are met."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _
from riskmodels.validation.case import Case
from riskmodels.validation.grades import holm

LEVEL, BREACH_LEVEL = 0.05, 0.01
"""Levels of significance beyond which a test has found something: worth watching, and beyond its limit.

What it could have missed is told at the first.
"""
Chance = float | tuple[float, float]
"""The range of values that chance alone explains: its ends, or the size of either end."""

Need = Callable[[Case], str]
"""Why a case can't be checked, in words; empty when it can."""


@dataclass(frozen=True)
class Measured:
    """What a check measured; `p_value`, `interval` and `critical` where it has them.

    `critical` is the range of values that chance alone explains, or gives it for a level of significance: a warning
    line gives way to that of LEVEL, a limit to that of BREACH_LEVEL. `slack` is how far chance carries the value away
    from a true one, by level of significance: for a value held to a level, not to H0, lines move outward by as much.
    `dependence` says how repeated parties were treated. `detect` gives the smallest deviation that a test at a level of
    significance finds with 80 % power.
    """

    value: float
    n: int
    p_value: float | None = None
    interval: tuple[float, float] | None = None
    detail: Mapping[str, Any] | None = None
    critical: Chance | Callable[[float], Chance] | None = None
    statistic: float | None = None
    dependence: str = ""
    detect: Callable[[float], float] | None = None
    slack: Callable[[float], float] | None = None


@dataclass(frozen=True)
class Check:
    """A name, a title (marked for translation), a unit, a method, what must be there, and the measure.

    `needs` and `measure` take whatever the suite judges: a `Case`, the cases of a loss, the moves of grades.
    `method` is the reference of the method, shown in the appendix; `h0` (marked) what its p-value is of. The p-values
    of one `family` are adjusted together. A `primary` check votes on the opinion. `deviation` is the unit of what its
    measure detects.
    """

    name: str
    title: str
    unit: str
    measure: Callable[[Any], Measured]
    needs: tuple[Callable[[Any], str], ...] = ()
    method: str = ""
    h0: str = ""
    family: str = ""
    primary: bool = False
    deviation: str = "number"


@dataclass(frozen=True)
class Tried:
    """A check on a case: what it measured, or the reason why it could not."""

    check: Check
    measured: Measured | None
    reason: str = ""

    @property
    def tested(self) -> bool:
        """Whether it has a p-value, and so belongs to the tests of its family."""
        return self.measured is not None and self.measured.p_value is not None and not math.isnan(self.measured.p_value)


def run_all(checks: tuple[Check, ...], case: Any, limits: Mapping[str, Limits]) -> list[CheckResult]:
    """The results of checks on a case, in their order: not run with a reason, or measured against their limits."""
    tried = [_try(check, case) for check in checks]
    adjusted = _adjusted(tried)
    return [_result(t, limits.get(t.check.name), *adjusted.get(t.check.name, (None, 1))) for t in tried]


def _try(check: Check, case: Any) -> Tried:
    for need in check.needs:
        if reason := need(case):
            return Tried(check, None, reason)
    return Tried(check, check.measure(case))


def _adjusted(tried: list[Tried]) -> dict[str, tuple[float, int]]:
    """The adjusted p-value of each test of a family and how many tests that has, by name of check."""
    found: dict[str, tuple[float, int]] = {}
    for family in {t.check.family for t in tried if t.check.family}:
        tests = [t for t in tried if t.check.family == family and t.tested]
        p = holm(np.array([t.measured.p_value for t in tests if t.measured], float))
        found |= {t.check.name: (float(value), len(tests)) for t, value in zip(tests, p, strict=True)}
    return found


def _result(tried: Tried, limits: Limits | None, adjusted: float | None, tests: int) -> CheckResult:
    check, found = tried.check, tried.measured
    told: dict[str, Any] = {"unit": check.unit, "reference": check.method, "h0": check.h0 and _(check.h0)}
    told |= {"primary": check.primary, "deviation": check.deviation}
    if found is None:
        return not_run(check.name, _(check.title), tried.reason, limits=limits, **told)
    value = adjusted if check.unit == "p" and adjusted is not None else found.value
    if check.unit == "p" and adjusted is None and value != found.p_value:
        adjusted = value  # adjusted inside the test, over its parts
    undefined = "" if math.isfinite(value) else _("the measure is not defined on these data")
    return CheckResult(
        check.name,
        _(check.title),
        value=None if undefined else value,
        limits=_widened(_moved_out(limits, found.slack), found.critical),
        n=found.n,
        p_value=found.p_value,
        adjusted_p=adjusted,
        interval=found.interval,
        reason=undefined,
        detail=found.detail or {},
        statistic=found.statistic,
        dependence=found.dependence,
        detectable=found.detect(LEVEL / tests) if found.detect else None,
        **told,
    )


def _moved_out(limits: Limits | None, slack: Callable[[float], float] | None) -> Limits | None:
    """Limits farther out by what chance does to an estimate, so that a true value on a line is rarely beyond it."""
    if limits is None or slack is None:
        return limits
    watch, breach = slack(LEVEL), slack(BREACH_LEVEL)
    by = {"watch_low": -watch, "watch_high": watch, "breach_low": -breach, "breach_high": breach}
    lines = {name: getattr(limits, name) for name in by}
    return replace(limits, **{name: line + by[name] for name, line in lines.items() if line is not None})


def _widened(limits: Limits | None, critical: Chance | Callable[[float], Chance] | None) -> Limits | None:
    """Limits no tighter than what chance alone explains: a shift fails only if significant and material."""
    if limits is None or critical is None:
        return limits
    wider: dict[str, Any] = {}
    for line, level in (("watch", LEVEL), ("breach", BREACH_LEVEL)):
        told = critical(level) if callable(critical) else critical
        least, most = told if isinstance(told, tuple) else (-told, told)
        if (high := getattr(limits, f"{line}_high")) is not None:
            wider[f"{line}_high"] = max(high, most)
        if (low := getattr(limits, f"{line}_low")) is not None:
            wider[f"{line}_low"] = min(low, least)
    return replace(limits, **wider)
