"""How grave what a check found is, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple

from riskmodels.core.checks import CheckResult, Limits, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _

MONTHLY = "monitoring"
"""The group of the checks that watch a figure month by month; what they find has persisted already."""


def severity_of(result: CheckResult, key: Collection[str], watched: Collection[str]) -> str:
    """S1 to S4, or nothing where a result raises no finding; `watched` are the checks on watch in the run before."""
    monthly = result.group == MONTHLY
    match result.verdict:
        case Verdict.BREACH:
            return "S1" if result.name in key else "S2" if result.primary or monthly else "S3"
        case Verdict.WATCH:
            return "S3" if monthly or result.name in watched else ""
        case Verdict.WITHIN:
            return ""
    return "S4" if result.primary else ""


def sentence(result: CheckResult) -> str:
    """What was found, in a sentence that stays true when it is read a year later."""
    if result.verdict is Verdict.NOT_RUN:
        reason = result.reason or _("no value")
        return _("{title} could not be judged: {reason}").format(title=result.title, reason=reason)
    if result.verdict is Verdict.NO_EVIDENCE and result.limits is not None:
        hidden, matters = (figure(v, result.deviation) for v in (result.detectable, result.limits.material))
        words = _("{title}: within its limit, but these cases could hide {hidden}; {matters} matters")
        return words.format(title=result.title, hidden=hidden, matters=matters)
    if result.group == MONTHLY and "last" in result.detail:
        return _monthly(result)
    value, line = beyond(result.value or 0.0, result.limits or Limits(), result.unit)
    words = _("{title}: {value}, beyond {line}")
    return words.format(title=result.title, value=value, line=line)


def _monthly(result: CheckResult) -> str:
    told = dict(result.detail)
    told["last"] = figure(told["last"], told["unit"])
    if result.verdict is Verdict.BREACH:
        words = _("{figure} beyond its limit in {beyond} of the {of} months last judged; {last} in {month}")
    else:
        words = _("{figure} on watch in {on_watch} of the {of} months last judged; {last} in {month}")
    return words.format(**told)


def beyond(value: float, limits: Limits, unit: str) -> tuple[str, str]:
    """A value and the line it is beyond, in words, with as many decimals as tell them apart."""
    line = next(end for end in _crossed(value, limits))
    for more in range(4):
        said = figure(value, unit, more=more), figure(line, unit, more=more)
        if said[0] != said[1]:
            break
    return said


def _crossed(value: float, limits: Limits) -> list[float]:
    """The lines the value is beyond, the limit before the warning line."""
    low, high, watch_low, watch_high = astuple(limits)[:4]
    sides = (low, -1), (high, 1), (watch_low, -1), (watch_high, 1)
    return [line for line, side in sides if line is not None and (value - line) * side > 0]
