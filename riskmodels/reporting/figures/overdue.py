"""Figures of an overdue model: days late made up of their reasons, one panel for each invoice."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from riskmodels.core.numbers import NBSP, change, figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures import theme as look

_NAMES, _PLACES = 0.35, 46
"""Part of the width that the names of the rows take, and places of one of their lines."""
_ROOM = 0.42
"""Room for the figures right of the bars, as a part of the longest."""


def delay_reasons(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Bars of `days` by `row`, a panel for each `panel`, on one scale: `kind` base, driver or total.

    Drivers that add days are plum, those that take some light blue; the base is grey, the total blue. Rows and panels
    stand as in the frame; `told` is what stands below a panel's name.
    """
    ax.set_axis_off()
    panels, rows = list(frame.groupby("panel", sort=False)), list(dict.fromkeys(frame["row"].astype(str)))
    wide, ends = (1 - _NAMES) / len(panels), _ends(frame["days"].to_numpy(float))
    for place, (name, panel) in enumerate(panels):
        inner = ax.inset_axes((_NAMES + place * wide, 0, wide * 0.94, 0.86))
        _reasons(inner, panel.set_index("row").reindex(rows))
        inner.set_xlim(*ends)
        look.rows_axis(inner, [look.lines(row, _PLACES) for row in rows] if place == 0 else [""] * len(rows))
        inner.tick_params(axis="y", labelsize=7.5)
        inner.spines["left"].set_visible(False)
        inner.axvline(0, color=look.INK3, linewidth=0.6)
        inner.set_title(str(name), fontweight="bold", color=look.INK, parse_math=False, pad=18)
        look.put(inner, ends[0], -0.6, str(panel["told"].iloc[0]), dy=7, color=look.INK2, fontsize=7.5)
    look.above(ax, _("Days; plum: later, light blue: earlier than the average invoice"))
    return ax


def _ends(days: np.ndarray) -> tuple[float, float]:
    low, high = min(float(days.min()), 0.0), max(float(days.max()), 1.0)
    return low - 0.02 * (high - low), high + _ROOM * (high - low)


def _reasons(ax: Axes, panel: pd.DataFrame) -> None:
    for place, (days, kind) in enumerate(zip(panel["days"].to_numpy(float), panel["kind"], strict=True)):
        if not np.isfinite(days):
            continue
        part = look.PLUM if days > 0 else look.BLUE2
        ax.barh(place, days, height=0.5, color={"base": look.GREY, "total": look.BLUE}.get(str(kind), part))
        said = figure(days, "days") if kind == "total" else change(days, 0.0, "days")
        weight = "bold" if kind == "total" else "normal"
        # Beside a bar to the left there is no room: its figure stands right of zero.
        look.put(ax, max(days, 0.0), place, _bare(said), dx=3, va="center", fontsize=7.5, fontweight=weight)


def _bare(said: str) -> str:
    """A figure without its unit, which the label above says."""
    return said.split(NBSP)[0]
