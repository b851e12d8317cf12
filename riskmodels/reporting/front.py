"""The blocks of page 1: from the masthead to the decisions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from riskmodels.core.checks import CheckResult, Limits, Verdict, counts, worst
from riskmodels.reporting.block import Block

_OF_GRADE = {1: Verdict.WITHIN, 2: Verdict.WATCH, 3: Verdict.BREACH, 4: Verdict.BREACH}


@dataclass(frozen=True)
class Masthead(Block):
    """The title of the report and one line on what it is about."""

    kind = "masthead"
    title: str
    subtitle: str = ""


@dataclass(frozen=True)
class Opinion(Block):
    """The answer in one sentence, its reason, and the counts of results that stand behind it.

    `computed` is the grade the results come to, where a validator may have given another one in its place.
    """

    kind = "opinion"
    sentence: str
    reason: str
    verdict: Verdict
    counts: Mapping[Verdict, int]
    grade: int | None = None
    computed: int | None = None

    @classmethod
    def of(
        cls,
        results: Iterable[CheckResult],
        sentence: str,
        reason: str = "",
        grade: int | None = None,
        computed: int | None = None,
    ) -> Opinion:
        """The opinion on these results; a validation's grade (1 adequate to 4 severe) decides the colour."""
        found = list(results)
        return cls(sentence, reason, _OF_GRADE[grade] if grade else worst(found), counts(found), grade, computed)


@dataclass(frozen=True)
class KeyFigure:
    """A number a committee remembers: with its unit and, where there is one, the previous value or interval."""

    label: str
    value: float | None
    unit: str = "number"
    previous: float | None = None
    currency: str = "CNY"
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class KeyFigures(Block):
    """Up to five key figures side by side."""

    kind = "keyfigures"
    items: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Verdicts(Block):
    """The table of checks with limit, previous value and trend, gathered by group in the order given.

    `others` are the run's checks that stand elsewhere than on page 1: a machine is told them too.
    """

    kind = "verdicts"
    checks: tuple[CheckResult, ...]
    previous: Mapping[str, float] = field(default_factory=dict)
    trends: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)
    title: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    trend_title: str = ""
    note: str = ""
    currency: str = "CNY"
    others: tuple[CheckResult, ...] = ()


@dataclass(frozen=True)
class Change:
    """One figure that moved, with what lies behind it."""

    title: str
    before: float
    after: float
    unit: str = "number"
    note: str = ""
    verdict: Verdict = Verdict.WITHIN
    currency: str = "CNY"


@dataclass(frozen=True)
class Changes(Block):
    """What changed most since the previous report."""

    kind = "changes"
    half = True
    items: tuple[Change, ...]
    since: str = ""

    @classmethod
    def between(
        cls,
        checks: Sequence[CheckResult],
        previous: Mapping[str, float],
        since: str = "",
        notes: Mapping[str, str] | None = None,
        most: int = 5,
    ) -> Changes:
        """The checks that used up or gave back the largest part of the room they had to their limit."""
        moved = [c for c in checks if c.verdict is not Verdict.NOT_RUN and previous.get(c.name) not in (None, c.value)]
        moved.sort(key=lambda c: -_room_used(c, previous[c.name]))
        told = notes or {}
        return cls(tuple(_as_change(c, previous[c.name], told.get(c.name, "")) for c in moved[:most]), since)


def _room_used(check: CheckResult, before: float) -> float:
    rooms = [abs(limit - before) for limit in breach_lines(check.limits)]
    return abs((check.value or 0.0) - before) / max(min(rooms, default=math.inf), 1e-12)


def _as_change(check: CheckResult, before: float, note: str) -> Change:
    return Change(check.title, before, check.value or 0.0, check.unit, note, check.verdict)


def breach_lines(limits: Limits | None) -> list[float]:
    """The values beyond which a check is a breach."""
    ends = (limits.breach_low, limits.breach_high) if limits else ()
    return [end for end in ends if end is not None]


@dataclass(frozen=True)
class Decision:
    """One thing asked of the committee, with the role that owns it and the date."""

    title: str
    owner: str = ""
    due: str = ""


@dataclass(frozen=True)
class Decisions(Block):
    """The decisions asked, each with three boxes to tick."""

    kind = "decisions"
    half = True
    items: tuple[Decision, ...]
