"""Figures of what a cut-off on a score earns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

import riskmodels.reporting.figures.theme as look
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _

_COLOURS = (look.GREY, look.BLUE, look.PLUM)
_MARKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def profit(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """One line per `series` of `y` (profit, a share of all amounts) over `x` (share let in), marked where highest."""
    named = list(frame.groupby("series", sort=False))
    ax.axhline(0, color=look.INK3, linewidth=0.8)
    for (_name, line), colour in zip(named, _COLOURS, strict=False):
        ax.plot(line["x"], line["y"], color=colour)
        best = line.iloc[int(np.argmax(line["y"].to_numpy(float)))]
        x, y = float(best["x"]), float(best["y"])
        ax.plot([x], [y], "o", color=colour, markersize=5, markeredgecolor="#ffffff")
        said = _("best at {share}").format(share=figure(x, "share"))
        look.put(ax, x, y, said, dy=6, ha="right", color=look.INK2, fontsize=7.5)
    ends = look.spread(ax, [float(line["y"].iloc[-1]) for _name, line in named])
    for (name, _line), colour, height in zip(named, _COLOURS, ends, strict=False):
        look.put(ax, 1, height, str(name), dx=6, va="center", color=look.INK2 if colour == look.GREY else colour)
    low, high = (float(v) for v in ax.get_ylim())
    places = [float(p) for p in MaxNLocator(4).tick_values(low, high) if low <= p <= high]
    look.grid_lines(ax, places, [look.tick(round(p, 6), "rate") for p in places])
    look.name_ticks(ax, "x", _MARKS, [look.tick(m, "share") for m in _MARKS])
    ax.set_xlim(0, 1)
    ax.set_ylim(low, high + (high - low) * 0.08)
    ax.set_xlabel(_("Share of cases approved, the safest first"))
    look.above(ax, _("Profit, share of all amounts"))
    return ax
