"""One result type from data quality to back-tests: a value, its limits and the verdict that follows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class Verdict(StrEnum):
    """What a check found, worst first."""

    BREACH = "breach"
    WATCH = "watch"
    NO_EVIDENCE = "no_evidence"
    WITHIN = "within"
    NOT_RUN = "not_run"


_SEVERITY = {verdict: place for place, verdict in enumerate(Verdict)}


@dataclass(frozen=True)
class Limits:
    """The range a value may take: beyond `breach` it is a breach, beyond `watch` it is watched.

    A side that is None doesn't bind. A value equal to a line is inside it. `material` is the smallest deviation that
    matters: a test that could have missed one as large shows nothing by finding none.
    """

    breach_low: float | None = None
    breach_high: float | None = None
    watch_low: float | None = None
    watch_high: float | None = None
    source: str = ""
    material: float | None = None

    @classmethod
    def at_least(cls, breach: float, watch: float | None = None, source: str = "") -> Limits:
        """Limits for a value that is better when larger."""
        return cls(breach_low=breach, watch_low=watch, source=source)

    @classmethod
    def at_most(cls, breach: float, watch: float | None = None, source: str = "") -> Limits:
        """Limits for a value that is better when smaller."""
        return cls(breach_high=breach, watch_high=watch, source=source)

    @classmethod
    def between(cls, breach: tuple[float, float], watch: tuple[float, float] | None = None, source: str = "") -> Limits:
        """Limits for a value that should lie inside a band."""
        low, high = watch or (None, None)
        return cls(*breach, low, high, source)

    def verdict(self, value: float) -> Verdict:
        """Breach, watch or within for one finite value."""
        if _outside(value, self.breach_low, self.breach_high):
            return Verdict.BREACH
        if _outside(value, self.watch_low, self.watch_high):
            return Verdict.WATCH
        return Verdict.WITHIN


def _outside(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


@dataclass(frozen=True)
class CheckResult:
    """One check: what was measured, against which limits, on how many cases; the verdict is derived.

    `name` is the stable dotted key of the machine-readable result (`area.group.measure[.part]`), `title` the words a
    reader sees, in the language of the run. `unit` is one of `core.numbers.UNITS`. A check with a `reason`
    was not run, because of it, and never counts as within. `p_value` belongs to the hypothesis `h0` and the
    `statistic`, `adjusted_p` is Holm's over the tests of its family, `dependence` says how repeated parties were
    treated. `detectable` is the smallest deviation that would have been found with 80 % power, in the unit `deviation`.
    A `primary` check votes on the opinion.
    """

    name: str
    title: str
    value: float | None = None
    limits: Limits | None = None
    unit: str = "number"
    n: int | None = None
    p_value: float | None = None
    interval: tuple[float, float] | None = None
    subject: str = ""
    reference: str = ""
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    h0: str = ""
    statistic: float | None = None
    adjusted_p: float | None = None
    dependence: str = ""
    detectable: float | None = None
    deviation: str = "number"
    primary: bool = False

    @property
    def verdict(self) -> Verdict:
        """Within, watch or breach by the limits; not run when there is a reason, no value or no limit.

        No evidence instead of within where a deviation that matters could have been missed.
        """
        if self.reason or self.value is None or self.limits is None or not math.isfinite(self.value):
            return Verdict.NOT_RUN
        found = self.limits.verdict(self.value)
        return Verdict.NO_EVIDENCE if found is Verdict.WITHIN and self._blind(self.limits) else found

    def _blind(self, limits: Limits) -> bool:
        known = self.detectable is not None and limits.material is not None
        return known and not self.detectable <= limits.material  # type: ignore[operator]

    @property
    def group(self) -> str:
        """The second word of the name, under which reports gather checks."""
        return self.name.split(".")[1]

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values for JSON, verdict included; nothing is detectable where nothing could be."""
        found = self.detectable if self.detectable is not None and math.isfinite(self.detectable) else None
        return {**asdict(self), "detectable": found, "detail": dict(self.detail), "verdict": str(self.verdict)}


def not_run(name: str, title: str, reason: str, **known: Any) -> CheckResult:
    """A check that could not be run, with the reason a reader is given."""
    return CheckResult(name, title, reason=reason, **known)


def worst(results: Iterable[CheckResult]) -> Verdict:
    """The worst verdict of several checks; not run when none was run."""
    return min((r.verdict for r in results), key=_SEVERITY.__getitem__, default=Verdict.NOT_RUN)


def counts(results: Iterable[CheckResult]) -> dict[Verdict, int]:
    """How many checks ended with each verdict, worst first; zeros kept but for no evidence, which few can say."""
    verdicts = [r.verdict for r in results]
    return {v: n for v in Verdict if (n := verdicts.count(v)) or v is not Verdict.NO_EVIDENCE}


def by_severity(results: Iterable[CheckResult]) -> list[CheckResult]:
    """Checks sorted worst first, otherwise in the order given."""
    return sorted(results, key=lambda r: _SEVERITY[r.verdict])


def as_frame(results: Sequence[CheckResult]) -> pd.DataFrame:
    """One row per check: name, subject, title, value, unit, n, p_value, verdict, reason, reference."""
    import pandas as pd  # a second to import, and most commands print no frame

    columns = ["name", "subject", "title", "value", "unit", "n", "p_value", "verdict", "reason", "reference"]
    return pd.DataFrame([r.as_dict() for r in results], columns=columns)
