"""What changed most between two lists of results, measured by the room that was left to the limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riskmodels.core.checks import CheckResult, Limits


@dataclass(frozen=True)
class Change:
    """One check now and before. `room_used` is the move towards the breach limit over the room that was left: 0.4
    used up two fifths of it, 1 reached it, a negative move got better.
    """

    now: CheckResult
    before: CheckResult
    room_used: float


def largest_changes(current: Iterable[CheckResult], previous: Iterable[CheckResult], top: int = 5) -> list[Change]:
    """The `top` checks, measured both times, whose move used up or gave back most of the room, largest first."""
    earlier = {(r.name, r.subject): r for r in previous}
    pairs = [(r, earlier[r.name, r.subject]) for r in current if (r.name, r.subject) in earlier]
    changes = [Change(now, before, used) for now, before in pairs if (used := room_used(now, before))]
    return sorted(changes, key=lambda c: -abs(c.room_used))[:top]


def room_used(now: CheckResult, before: CheckResult) -> float:
    """The move towards the nearest limit as a share of the room left before; 0 without two values or a limit."""
    lines = _lines(now.limits)
    if not lines or now.value is None or before.value is None:
        return 0.0
    at = now.value
    line, sign = min(lines, key=lambda side: abs(side[0] - at))
    return _share(at, before.value, line, sign)


def _lines(limits: Limits | None) -> list[tuple[float, int]]:
    """Breach lines with the direction that leads to them."""
    if limits is None:
        return []
    sides = ((limits.breach_low, -1), (limits.breach_high, 1))
    return [(line, sign) for line, sign in sides if line is not None]


def _share(now: float, before: float, line: float, sign: int) -> float:
    # A value already at or beyond its line has no room left: the line itself is then the scale.
    room = sign * (line - before)
    return sign * (now - before) / (room if room > 0 else abs(line) or 1.0)
