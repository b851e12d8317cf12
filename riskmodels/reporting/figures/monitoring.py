"""The figure of monitoring: each key figure as a line over the months, with its limit and its last result."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from riskmodels.core.numbers import NBSP, figure
from riskmodels.reporting.figures import theme as look

_DASHED = (0, (4, 3))
_MARKS = {"breach": "s", "watch": "^", "no_evidence": "D", "within": "o", "not_run": "o"}
_ACROSS = 5


def key_series(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Small multiples, one for each `panel` of its own `unit`: `value` over `when`, the limit dashed.

    `low` and `high` are the limits, NaN on a side without one. Months beyond a line carry the shape of their `verdict`,
    the last month its value too. Months without a value leave a gap.
    """
    ax.set_axis_off()
    panels = list(frame.groupby("panel", sort=False))
    wide = 1 / max(len(panels), _ACROSS)
    for place, (name, panel) in enumerate(panels):
        inner = ax.inset_axes((place * wide, 0.0, wide * 0.93, 0.86))
        _panel(inner, panel.reset_index(drop=True))
        inner.set_title(str(name), fontweight="bold", color=look.INK, parse_math=False)
    return ax


def _panel(ax: Axes, panel: pd.DataFrame) -> None:
    values, verdicts = panel["value"].to_numpy(float), panel["verdict"].astype(str).tolist()
    unit, known = str(panel["unit"].iloc[0]), np.flatnonzero(np.isfinite(values)).tolist()
    ax.plot(range(len(values)), values, color=look.BLUE)
    low, high = (float(panel[side].iloc[-1]) for side in ("low", "high"))
    lines = _lines(values[known], low, high)
    _scale(ax, [*values[known], *lines], len(values))
    for line in lines:
        ax.axhline(line, color=look.INK3, linewidth=0.8, linestyle=_DASHED)
        told = ("≥" if line == low else "≤") + NBSP + figure(line, unit)
        side, dy = ("top", -2) if line == low else ("bottom", 2)
        look.put(ax, 0, line, told, dy=dy, va=side, color=look.INK2, fontsize=7)
    for place in known:
        if verdicts[place] in ("breach", "watch"):
            _mark(ax, (place, values[place]), verdicts[place], 3.2)
    for place in known[-1:]:
        _mark(ax, (place, values[place]), verdicts[place], 5.5)
        _name_last(ax, (place, values[place]), figure(values[place], unit), verdicts[place], lines)
    _months(ax, panel["when"].astype(str).tolist())


def _mark(ax: Axes, place: tuple[float, float], verdict: str, size: float) -> None:
    ax.plot([place[0]], [place[1]], _MARKS[verdict], color=look.OF_VERDICT[verdict], markersize=size, clip_on=False)


def _name_last(ax: Axes, place: tuple[float, float], told: str, verdict: str, lines: list[float]) -> None:
    """The last value at the right of its mark, above or below a limit that would run through it."""
    close = 0.08 * float(np.ptp(ax.get_ylim()))
    near = [place[1] - line for line in lines if abs(place[1] - line) < close]
    dy = 0 if not near else 6 if near[0] >= 0 else -6
    look.put(ax, *place, told, dx=6, dy=dy, va="center", color=look.OF_VERDICT[verdict], fontweight="bold")


def _lines(values: np.ndarray, low: float, high: float) -> list[float]:
    """The limit nearest to the values, and the other one where the values reach as near."""
    ends = [end for end in (low, high) if np.isfinite(end)]
    if not (len(values) and ends):
        return ends
    away = [float(np.abs(values - end).min()) for end in ends]
    return [end for end, far in zip(ends, away, strict=True) if far == min(away) or far <= float(np.ptp(values))]


def _scale(ax: Axes, shown: list[float], months: int) -> None:
    """Room for the names of limits above and below, and for the last value at the right."""
    low, high = (min(shown), max(shown)) if shown else (0.0, 1.0)
    room = (high - low) * 0.22 or abs(high) * 0.1 or 0.5
    ax.set_ylim(low - room, high + room)
    ax.set_xlim(-0.2, max(months - 1, 1) * 1.42)


def _months(ax: Axes, whens: list[str]) -> None:
    """The first and the last month below the axis."""
    ax.yaxis.set_visible(False)
    ends = sorted({0, len(whens) - 1})
    look.name_ticks(ax, "x", ends, [whens[end] for end in ends])
    if len(ends) > 1:
        ax.get_xticklabels()[0].set_horizontalalignment("left")
