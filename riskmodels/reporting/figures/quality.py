"""Figures of data quality: how far columns are filled, how late rows are known, months that depart from the usual."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures import theme as look

_CELL, _GAP = 1.0, 0.14
_NAMED_BELOW = 0.995


def fullness(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """A strip of cells per `table`, one per `column`, filled as high as its `filled` share, the emptiest first.

    Dark: `required`, light: optional, grey: `judged` is False, the cell may stay empty. The emptiest judged column of a
    table is named beside its strip.
    """
    tables = list(dict.fromkeys(frame["table"]))
    for place, table in enumerate(tables):
        own = frame[frame["table"] == table].sort_values(["judged", "filled", "column"], ascending=[False, True, True])
        _cells(ax, place, own)
        _emptiest(ax, place, own)
    look.rows_axis(ax, tables)
    ax.spines["left"].set_visible(False)
    widest = int(frame.groupby("table").size().max())
    ax.set_xlim(-0.3, widest * (_CELL + _GAP) + 11)
    look.above(
        ax, _("One cell per column, filled as far as it is; dark: required, light: optional, grey: may be empty")
    )
    return ax


def _cells(ax: Axes, place: int, own: pd.DataFrame) -> None:
    left = np.arange(len(own)) * (_CELL + _GAP)
    height = own["filled"].to_numpy(float) * 0.72
    colours = [
        look.GREY if not judged else look.BLUE if required else look.BLUE2
        for required, judged in zip(own["required"], own["judged"], strict=True)
    ]
    ax.bar(left, 0.72, _CELL, bottom=place - 0.36, align="edge", color=look.BLUE3, linewidth=0)
    ax.bar(left, -height, _CELL, bottom=place + 0.36, align="edge", color=colours, linewidth=0)


def _emptiest(ax: Axes, place: int, own: pd.DataFrame) -> None:
    judged = own[own["judged"] & (own["filled"] < _NAMED_BELOW)]
    if judged.empty:
        return
    worst = judged.iloc[0]
    said = f"{worst['column']} {figure(float(worst['filled']), 'share')}"
    look.put(ax, len(own) * (_CELL + _GAP), place, said, dx=3, va="center", color=look.PLUM)


def lateness(frame: pd.DataFrame, *, ax: Axes, limit: float | None = None) -> Axes:
    """Bars of the share booked `late` by `table`; tables that are not `judged` are grey, the limit dashed."""
    colours = [look.BLUE if judged else look.GREY for judged in frame["judged"]]
    ax.barh(range(len(frame)), frame["late"], height=0.5, color=colours)
    for row, share in enumerate(frame["late"]):
        look.put(ax, float(share), row, figure(float(share), "share"), dx=4, va="center")
    look.rows_axis(ax, frame["table"].tolist())
    ax.set_xlim(0, max(float(frame["late"].max()), limit or 0.0) * 1.25 or 1)
    if limit is not None:
        ax.axvline(limit, color=look.INK3, linewidth=0.8, linestyle=(0, (4, 3)))
        said = _("limit {value}").format(value=figure(limit, "share"))
        look.put(ax, limit, len(frame) - 0.6, said, dx=4, va="bottom", color=look.INK2)
    look.above(ax, _("Share of rows known more than five days after their event; grey: not the factor's own"))
    return ax


def months(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Small multiples, one for each `panel`: `value` (in `unit`) by `when`, `expected` dashed, `flagged` marked."""
    panels = list(frame.groupby("panel", sort=False))
    ax.set_axis_off()
    rows = math.ceil(len(panels) / 2)
    for place, (name, panel) in enumerate(panels):
        across, down = place % 2, place // 2
        room = (0.07 + across * 0.53, 1 - (down + 1) / rows + 0.07, 0.38, 1 / rows - 0.17)
        _month_panel(ax.inset_axes(room), str(name), panel.reset_index(drop=True))
    return ax


def _month_panel(ax: Axes, name: str, panel: pd.DataFrame) -> None:
    places = range(len(panel))
    ax.plot(places, panel["value"], color=look.BLUE)
    ax.plot(places, panel["expected"], color=look.INK3, linewidth=0.8, linestyle=(0, (4, 3)))
    for place in np.flatnonzero(panel["flagged"]):
        value, expected = (float(panel[c].iloc[place]) for c in ("value", "expected"))
        ax.plot([place], [value], "o", color=look.PLUM, markersize=4.5)
        said = f"{panel['when'].iloc[place]} {figure(value / expected, 'multiple')}"
        # a label stands above a peak, and beside a dip, which the line leaves steeply
        if value > expected:
            look.put(ax, float(place), value, said, dy=5, ha="center", color=look.PLUM)
        else:
            look.put(ax, float(place), value, said, dx=-7, ha="right", va="center", color=look.PLUM)
    ends = [0, len(panel) - 1]
    look.name_ticks(ax, "x", ends, [str(panel["when"].iloc[e]) for e in ends])
    ax.set_ylim(0, float(np.nanmax(panel[["value", "expected"]].to_numpy(float))) * 1.25)
    top = float(panel["value"].max())
    look.grid_lines(ax, [top], [figure(top, str(panel["unit"].iloc[0]))])
    ax.set_title(name, fontweight="bold", color=look.INK, parse_math=False)
