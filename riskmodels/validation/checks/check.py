"""A check of the suite: what it needs, and the function that measures it once the needs are met."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _
from riskmodels.validation.case import Case

Need = Callable[[Case], str]
"""Why a case can't be checked, in words; empty when it can."""


@dataclass(frozen=True)
class Finding:
    """What a check measured; `p_value`, `interval` and `critical` (the value chance alone explains) where it has
    them.
    """

    value: float
    n: int
    p_value: float | None = None
    interval: tuple[float, float] | None = None
    detail: Mapping[str, Any] | None = None
    critical: float | None = None


@dataclass(frozen=True)
class Check:
    """A name, a title (marked for translation), a unit, a method, what must be there, and the measure.

    `method` is the reference of the method, shown in the appendix.
    """

    name: str
    title: str
    unit: str
    measure: Callable[[Case], Finding]
    needs: tuple[Need, ...] = ()
    method: str = ""


def run(check: Check, case: Case, limits: Limits | None) -> CheckResult:
    """The result of a check on a case: not run, with the first need that isn't met, or measured against its limits."""
    title = _(check.title)
    for need in check.needs:
        if reason := need(case):
            return not_run(check.name, title, reason, unit=check.unit, limits=limits, reference=check.method)
    found = check.measure(case)
    undefined = "" if math.isfinite(found.value) else _("the measure is not defined on these data")
    return CheckResult(
        check.name,
        title,
        value=None if undefined else found.value,
        limits=_widened(limits, found.critical),
        unit=check.unit,
        n=found.n,
        p_value=found.p_value,
        interval=found.interval,
        reference=check.method,
        reason=undefined,
        detail=found.detail or {},
    )


def _widened(limits: Limits | None, critical: float | None) -> Limits | None:
    """Limits no tighter than what chance alone explains: a shift fails only if significant and material."""
    if limits is None or critical is None:
        return limits
    high = {k: max(v, critical) for k in ("breach_high", "watch_high") if (v := getattr(limits, k)) is not None}
    low = {k: min(v, -critical) for k in ("breach_low", "watch_low") if (v := getattr(limits, k)) is not None}
    return replace(limits, **high, **low)
