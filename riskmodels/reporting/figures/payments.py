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


def payment_curve(frame: pd.DataFrame, *, ax: Axes, at: float | None = None) -> Axes:
    """Shares still open by `day` past due: `expected` a blue line, `observed` ink dots in their band `low` to `high`.

    The day `at` of the largest gap is marked; the due date is dashed.
    """
    ax.fill_between(frame["day"], frame["low"], frame["high"], color=look.GREY, alpha=0.35, linewidth=0)
    ax.plot(frame["day"], frame["observed"], "o-", color=look.INK, linewidth=0.8, markersize=3.2)
    ax.plot(frame["day"], frame["expected"], color=look.BLUE, linewidth=1.6)
    ax.axvline(0, color=look.INK3, linewidth=0.8, linestyle=_DASHED)
    first, last = float(frame["day"].min()), float(frame["day"].max())
    ax.set_xlim(first - 0.02 * (last - first), last + 0.02 * (last - first) + 1e-9)
    ax.set_ylim(0, 1.04)
    if at is not None:
        _widest(ax, frame[frame["day"] == at].iloc[0], beyond=(first + last) / 2)
    marks = (0.0, 0.25, 0.5, 0.75, 1.0)
    look.grid_lines(ax, marks, [look.tick(m, "share") for m in marks])
    ax.set_xlabel(_("Days past due; dashed: the due date"))
    look.above(ax, _("Share still open; blue: expected, dots: came, grey: what chance explains of them"))
    return ax


def _widest(ax: Axes, row: pd.Series, beyond: float) -> None:
    """The two figures at the day of the largest gap, beside it where the curve leaves room."""
    told = {name: figure(float(row[name]), "share") for name in ("expected", "observed")}
    said = _("{observed} open where {expected} was expected").format(**told)
    left = float(row["day"]) > beyond
    style = {"ha": "right" if left else "left", "va": "bottom", "fontsize": 8}
    top = max(float(row["expected"]), float(row["observed"]))
    look.put(ax, float(row["day"]), top, said, dx=-6 if left else 8, dy=8, **style)
