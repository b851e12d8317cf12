"""Small drawings inside text: the five shapes, sparklines and the bar of a limit's use."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from riskmodels.core.checks import Limits, Verdict
from riskmodels.reporting.front import breach_lines
from riskmodels.reporting.words import verdict_word

_DRAWN = {
    Verdict.BREACH: '<rect x=".6" y=".6" width="8.8" height="8.8"/>',
    Verdict.WATCH: '<path d="M5 .4 9.9 9.4H.1z"/>',
    Verdict.NO_EVIDENCE: '<path d="M5 .9 9.1 5 5 9.1.9 5z"/>',
    Verdict.WITHIN: '<circle cx="5" cy="5" r="4.6"/>',
    Verdict.NOT_RUN: '<circle cx="5" cy="5" r="3.7"/>',
}
_WIDE, _HIGH, _EDGE = 72.0, 18.0, 3.5
_FROM_AMBER = 0.95


def shape(verdict: Verdict) -> Markup:
    """The shape of a verdict alone; the word must stand near it."""
    drawn = _DRAWN[Verdict(verdict)]
    # Only words of an enumeration enter the markup.
    return Markup(f'<svg class="shape {verdict}" viewBox="0 0 10 10" aria-hidden="true">{drawn}</svg>')


def light(verdict: Verdict, word: str = "") -> Markup:
    """Shape and word of a verdict, in its colour."""
    said = word or verdict_word(verdict)
    return Markup('<span class="light {v}">{shape}<b>{word}</b></span>').format(
        v=str(verdict), shape=shape(verdict), word=said
    )


def sparkline(values: Sequence[float | None], limits: Limits | None, verdict: Verdict) -> Markup:
    """The trend as a line, its last value as a dot in the verdict's colour, a near limit dashed."""
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return Markup("")
    near = _near([v for _, v in known], limits)
    low, high = _span([v for _, v in known] + near)
    xs = [_EDGE + (_WIDE - 2 * _EDGE) * i / (len(values) - 1) for i, _ in known]
    ys = [_y(v, low, high) for _, v in known]
    dashes = "".join(f'<path class="limit" d="M0 {_y(n, low, high):.1f}H{_WIDE:g}"/>' for n in near)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    # Only formatted numbers and an enumeration's word enter the markup.
    return Markup(
        f'<svg class="spark" viewBox="0 0 {_WIDE:g} {_HIGH:g}" aria-hidden="true">{dashes}<polyline points="{line}"/>'
        f'<circle class="{verdict}" cx="{xs[-1]:.1f}" cy="{ys[-1]:.1f}" r="2.6"/></svg>'
    )


def use_bar(share: float) -> Markup:
    """The used share of a limit as a bar and a number, amber from 95 %."""
    width = min(max(share, 0.0), 1.0) * 36
    state = " watch" if share >= _FROM_AMBER else ""
    return Markup(
        f'<span class="use{state}"><svg viewBox="0 0 36 6" aria-hidden="true">'
        f'<rect class="whole" width="36" height="6"/><rect width="{width:.1f}" height="6"/></svg>'
        f"{share * 100:.0f}%</span>"
    )


def _near(values: list[float], limits: Limits | None) -> list[float]:
    low, high = _span(values)
    reach = 1.2 * (high - low)
    return [line for line in breach_lines(limits) if low - reach <= line <= high + reach]


def _span(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _y(value: float, low: float, high: float) -> float:
    return _HIGH - _EDGE - (_HIGH - 2 * _EDGE) * (value - low) / (high - low)
