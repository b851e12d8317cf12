"""Figures of payment time: how invoices end by days past due, and what leaving out open invoices does."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures import theme as look

_OF_STATE = (look.BLUE, look.INK2, look.PLUM, look.INK3)
_DASHED = (0, (4, 3))


def endings(frame: pd.DataFrame, *, ax: Axes, label: str) -> Axes:
    """A line of the `share` by `day` past due for each `name`, with its interval; the due date dashed."""
    named = list(frame.groupby("name", sort=False))
    top = float(np.nanmax(frame[["share", "high"]].to_numpy(float))) or 1.0
    for (_name, line), colour in zip(named, _OF_STATE, strict=False):
        ax.fill_between(line["day"], line["low"], line["high"], color=colour, alpha=0.18, linewidth=0)
        ax.plot(line["day"], line["share"], color=colour)
    ax.axvline(0, color=look.INK3, linewidth=0.8, linestyle=_DASHED)
    ax.set_xlim(float(frame["day"].min()), float(frame["day"].max()))
    ax.set_ylim(0, top * 1.05)
    ends = [line[line["share"].notna()].iloc[-1] for _name, line in named]
    heights = look.spread(ax, [float(end["share"]) for end in ends])
    for (name, _line), end, height, colour in zip(named, ends, heights, _OF_STATE, strict=False):
        said = _("{name} {share}").format(name=name, share=figure(float(end["share"]), "rate"))
        look.put(ax, float(frame["day"].max()), height, said, dx=6, va="center", color=colour)
    marks = [m for m in MaxNLocator(4).tick_values(0, top) if 0 <= m <= top * 1.05]
    look.grid_lines(ax, marks, [look.tick(round(m, 6), "share") for m in marks])
    ax.set_xlabel(_("Days past due; dashed: the due date"))
    look.above(ax, label)
    return ax


def young(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """A row for each `name`: late share of the settled alone (`dropped`, plum), `model` (blue) and what `came` (ring).

    The line between the settled alone and what came is the bias of leaving out open invoices.
    """
    shown = frame.reset_index(drop=True)
    for row, found in enumerate(shown.to_dict("records")):
        ax.hlines(row, *sorted((found["dropped"], found["came"])), color=look.PLUM, linewidth=2.4, alpha=0.35)
        ax.plot([found["came"]], [row], "o", color="none", markeredgecolor=look.INK, markersize=9)
        ax.plot([found["model"]], [row], "o", color=look.BLUE, markersize=5, markeredgecolor="#ffffff")
        ax.plot([found["dropped"]], [row], "s", color=look.PLUM, markersize=5, markeredgecolor="#ffffff")
        look.put(
            ax, found["dropped"], row, figure(found["dropped"], "share"), dy=7, ha="center", color=look.PLUM, fontsize=8
        )
        look.put(ax, found["came"], row, figure(found["came"], "share"), dy=-14, ha="center", fontsize=8)
    look.name_ticks(ax, "y", range(len(shown)), shown["name"].astype(str).tolist())
    ax.set_ylim(len(shown) - 0.4, -0.6)
    top = float(np.nanmax(shown[["dropped", "model", "came"]].to_numpy(float)))
    ax.set_xlim(-top * 0.03, top * 1.12)
    marks = [m for m in MaxNLocator(5).tick_values(0, top) if 0 <= m <= top * 1.12]
    look.name_ticks(ax, "x", marks, [look.tick(round(m, 6), "share") for m in marks])
    ax.spines["left"].set_visible(True)
    look.above(ax, _("Share late; plum: of those settled by then, blue: the model's, ring: what came"))
    return ax
