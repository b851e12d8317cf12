"""Figures of the feature review: heat maps, quartiles by month, intervals of AUC, bad rates by bin."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures import theme as look

LONGEST_LINE = 58
"""Characters after which the name of a row goes on in a second line."""
MOST_ROWS = 20
PANEL_LINE = 30
"""The same above a panel."""
_TINT = 0.42
_DASHED = (0, (4, 3))
_HIGH = 0.54


def heat(
    frame: pd.DataFrame,
    *,
    ax: Axes,
    unit: str = "share",
    full: float = 1.0,
    limit: float | None = None,
    label: str = "",
) -> Axes:
    """A cell for each `title` (rows, in order) and `when` (columns), tinted by `value` up to `full`, the value in it.

    A value beyond the limit is red; zeros and missing ones stay empty.
    """
    table = frame.pivot_table(index="title", columns="when", values="value", sort=False, dropna=False)
    table = table.reindex(columns=sorted(table.columns))
    for row, values in enumerate(table.to_numpy(float)):
        for place, value in enumerate(values):
            _cell(ax, place, row, value, (unit, full, limit))
    _rows(ax, [str(t) for t in table.index])
    ax.spines["left"].set_visible(False)
    ax.set_xlim(-0.5, len(table.columns) - 0.5)
    look.name_ticks(ax, "x", range(len(table.columns)), [str(w)[2:] for w in table.columns])
    ax.xaxis.set_visible(True)
    ax.tick_params(axis="x", length=0, labelsize=7)
    look.above(ax, label)
    return ax


def _cell(ax: Axes, x: int, y: int, value: float, told: tuple[str, float, float | None]) -> None:
    unit, full, limit = told
    if not np.isfinite(value) or value == 0:
        return
    over = limit is not None and value > limit
    ax.fill_between([x - 0.5, x + 0.5], y - 0.46, y + 0.46, color=_tint(abs(value) / full), linewidth=0)
    text = f"{value * 100:.0f}" if unit == "share" else f"{value:.2f}".replace("-", look.MINUS)
    look.put(ax, x, y, text, ha="center", va="center", fontsize=7, color=look.RED if over else look.INK)


def _tint(share: float) -> str:
    """Blue on white, at most by 42 %, as text stands on it."""
    part = min(max(share, 0.0), 1.0) * _TINT
    mixed = (round(255 * (1 - part + part * c)) for c in to_rgb(look.BLUE))
    return "#" + "".join(f"{c:02x}" for c in mixed)


def quartiles(frame: pd.DataFrame, *, ax: Axes, across: int = 3) -> Axes:
    """Small multiples, one for each `panel`: `median` by `when` in a band from `low` to `high`, values in `unit`."""
    for inner, name, panel in _panels(frame, ax, across):
        _quartile_panel(inner, name, panel)
    return ax


def _quartile_panel(ax: Axes, name: str, panel: pd.DataFrame) -> None:
    places, unit = range(len(panel)), str(panel["unit"].iloc[0])
    ax.fill_between(places, panel["low"], panel["high"], color=look.BLUE3, linewidth=0)
    ax.plot(places, panel["median"], color=look.BLUE)
    ends = [0, len(panel) - 1]
    look.name_ticks(ax, "x", ends, [str(panel["when"].iloc[e]) for e in ends])
    first, *_between, last = ax.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    low, high = float(panel["low"].min()), float(panel["high"].max())
    marks = [low, high] if high > low else [low]
    look.grid_lines(ax, marks, [look.tick(round(m, 3), unit) for m in marks])
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    ax.set_ylim(low - room, high + room)
    _name(ax, name)


def rates(frame: pd.DataFrame, *, ax: Axes, across: int = 4) -> Axes:
    """Small multiples, one for each `panel`: bars of `rate` by bin, lowest values first, on one scale.

    `low` and `high` (in `unit`) stand under the first and last bar; panels marked `against` are plum.
    """
    top = float(frame["rate"].max()) * 1.28 or 1.0
    for inner, name, panel in _panels(frame, ax, across):
        colour = look.PLUM if bool(panel["against"].iloc[0]) else look.BLUE
        inner.bar(range(len(panel)), panel["rate"], width=0.62, color=colour)
        for place, rate in enumerate(panel["rate"]):
            look.put(inner, place, float(rate), f"{float(rate) * 100:.1f}", dy=2, ha="center", fontsize=7)
        ends, unit = [0, len(panel) - 1], str(panel["unit"].iloc[0])
        values = panel["low"].iloc[0], panel["high"].iloc[-1]
        look.name_ticks(inner, "x", ends, [_short(float(v), unit) for v in values])
        inner.tick_params(axis="x", length=0, labelsize=7)
        inner.yaxis.set_visible(False)
        inner.set_ylim(0, top)
        _name(inner, name)
    look.above(ax, _("Bad rate, per cent"))
    return ax


def _short(value: float, unit: str) -> str:
    return figure(value, unit, "") if unit == "money" else look.tick(round(value, 3), unit)


def intervals(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """AUC of the first twenty rows with its interval (`low` to `high`) and 0.5 dashed, `iv` in figures at the right.

    Blue: `telling`; grey: chance explains it; plum: `direction` says it contradicts what was expected.
    """
    shown = frame.head(MOST_ROWS)
    for row, found in enumerate(shown.to_dict("records")):
        colour = look.PLUM if found["direction"] == "contradicts" else look.BLUE if found["telling"] else look.GREY
        ax.hlines(row, float(found["low"]), float(found["high"]), color=colour, linewidth=2.4)
        ax.plot([found["auc"]], [row], "o", color=colour, markersize=5, markeredgecolor="#ffffff", markeredgewidth=0.8)
    ax.axvline(0.5, color=look.INK3, linewidth=0.8, linestyle=_DASHED)
    _rows(ax, [str(t) for t in shown["title"]])
    low, high = min(float(shown["low"].min()), 0.45), max(float(shown["high"].max()), 0.55)
    edge = high + (high - low) * 0.14
    ax.set_xlim(low - 0.01, edge)
    for row, iv in enumerate(shown["iv"]):
        look.put(ax, edge, row, figure(float(iv), "score"), va="center", ha="right")
    look.put(ax, edge, -0.6, _("IV"), dy=4, ha="right", color=look.INK2)
    marks = [m / 10 for m in range(math.ceil(low * 10), math.floor(high * 10) + 1)]
    ax.xaxis.set_visible(True)
    ax.spines["bottom"].set_visible(True)
    look.name_ticks(ax, "x", marks, [f"{m:.1f}" for m in marks])
    look.above(ax, _("AUC with 95% interval; dashed: chance; grey: not beyond chance"))
    return ax


def _rows(ax: Axes, titles: list[str]) -> None:
    """Rows with their titles, which may be long."""
    look.rows_axis(ax, [look.lines(title, LONGEST_LINE) for title in titles])
    ax.tick_params(axis="y", labelsize=7)


def _name(ax: Axes, name: str) -> None:
    """The name of a panel above it, in lines as long as the panel is wide."""
    ax.set_title(look.lines(name, PANEL_LINE), fontweight="bold", color=look.INK, parse_math=False, fontsize=7, pad=4)


def _panels(frame: pd.DataFrame, ax: Axes, across: int) -> list[tuple[Axes, str, pd.DataFrame]]:
    """Axes in a grid, one for each `panel` of the frame, in order."""
    ax.set_axis_off()
    named = list(frame.groupby("panel", sort=False))
    across = min(across, len(named))
    rows = math.ceil(len(named) / across)
    wide, high = 1 / across, 1 / rows
    made = []
    for place, (name, panel) in enumerate(named):
        left, bottom = place % across * wide, 1 - (place // across + 1) * high
        room = (left + 0.19 * wide, bottom + 0.14 * high, 0.76 * wide, _HIGH * high)
        made.append((ax.inset_axes(room), str(name), panel.reset_index(drop=True)))
    return made


def likeness(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Rank correlations of each two `title`s (rows) and `other`s (columns, by number) as cells below the diagonal."""
    titles = list(dict.fromkeys(frame["title"]))
    place = {title: i for i, title in enumerate(titles)}
    for row in frame.to_dict("records"):
        x, y, value = place[row["other"]], place[row["title"]], float(row["value"])
        if x < y:
            ax.fill_between([x - 0.5, x + 0.5], y - 0.46, y + 0.46, color=_tint(abs(value)), linewidth=0)
            if abs(value) >= 0.1:
                text = f"{value:.1f}".replace("-", look.MINUS)
                look.put(ax, x, y, text, ha="center", va="center", fontsize=7)
    _rows(ax, [f"{i + 1}  {title}" for i, title in enumerate(titles)])
    ax.spines["left"].set_visible(False)
    ax.set_xlim(-0.5, len(titles) - 0.5)
    ax.xaxis.set_visible(True)
    look.name_ticks(ax, "x", range(len(titles)), [str(i + 1) for i in range(len(titles))])
    ax.tick_params(axis="x", length=0, labelsize=7)
    look.above(ax, _("Rank correlation; below 0.1 not printed"))
    return ax
