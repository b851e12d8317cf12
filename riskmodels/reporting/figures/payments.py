"""Figures of payment time: how invoices end by days past due, and what leaving out open invoices does."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from riskmodels.core.numbers import change, figure
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


def payment_curve(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Shares still open by `day` past due, `expected` (blue) and `observed` (ink dots), and below how far they differ.

    The difference stands in the band about zero that chance alone explains, `low` and `high` less `observed`; its
    widest day is told. The due date is dashed.
    """
    ax.set_axis_off()
    share, gap = ax.inset_axes((0, 0.46, 1, 0.49)), ax.inset_axes((0, 0, 1, 0.32))
    share.plot(frame["day"], frame["observed"], "o-", color=look.INK, linewidth=0.8, markersize=3.2)
    share.plot(frame["day"], frame["expected"], color=look.BLUE, linewidth=1.6)
    share.set_ylim(0, 1.04)
    marks = (0.0, 0.25, 0.5, 0.75, 1.0)
    look.grid_lines(share, marks, [look.tick(m, "share") for m in marks])
    _gaps(gap, frame)
    first, last = float(frame["day"].min()), float(frame["day"].max())
    for panel in (share, gap):
        panel.axvline(0, color=look.INK3, linewidth=0.8, linestyle=_DASHED)
        panel.set_xlim(first - 0.02 * (last - first), last + 0.02 * (last - first) + 1e-9)
    gap.set_xlabel(_("Days past due; dashed: the due date"))
    look.above(ax, _("Share still open; blue: expected, dots: what came"))
    return ax


def _gaps(ax: Axes, frame: pd.DataFrame) -> None:
    """What came less what was expected, and its widest day."""
    apart = (frame["observed"] - frame["expected"]).to_numpy(float)
    half = float(np.nanmax(np.fmax(frame["high"] - frame["observed"], frame["observed"] - frame["low"])))
    ax.axhspan(-half, half, color=look.BLUE3, linewidth=0)
    ax.axhline(0, color=look.INK3, linewidth=0.6)
    beyond = np.abs(apart) > half
    ax.vlines(frame["day"], 0, apart, color=np.where(beyond, look.PLUM, look.INK).tolist(), linewidth=1.4)
    ax.scatter(frame["day"], apart, c=np.where(beyond, look.PLUM, look.INK).tolist(), s=9, zorder=3)
    top = 1.9 * max(float(np.abs(apart).max()), half)
    ax.set_ylim(-top, top)
    look.grid_lines(ax, (-half, 0.0, half), [look.tick(round(v, 3), "share") for v in (-half, 0.0, half)])
    at = int(np.argmax(np.abs(apart)))
    said = _("{gap} on day {day}").format(gap=change(apart[at], 0.0, "share"), day=f"{frame['day'].iloc[at]:g}")
    above = 6 if apart[at] > 0 else -13
    look.put(ax, float(frame["day"].iloc[at]), float(apart[at]), said, dx=6, dy=above, fontsize=7.5)
    ax.set_title(_("What came less what was expected; band: what chance alone explains"), color=look.INK2)
