"""Figures of losses and dilution: how losses lie, when money came, what covers a claim, how credits ripen."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from riskmodels.core.numbers import MINUS, figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures.theme import (
    BLUE,
    BLUE2,
    BLUE3,
    GREY,
    INK,
    INK2,
    INK3,
    PLUM,
    above,
    grid_lines,
    name_ticks,
    put,
    rows_axis,
    tick,
)

_DASHED = (0, (4, 3))
_OF_COVER = (BLUE, BLUE2, GREY, INK3, BLUE3, PLUM)


def tenths(frame: pd.DataFrame, *, ax: Axes, mean: float) -> Axes:
    """Bars of the `share` of claims by tenth of the exposure lost (`low`), each with its `n`; the mean dashed."""
    ax.bar(frame["low"] * 10 + 0.5, frame["share"], width=0.84, color=BLUE)
    for place, (share, n) in enumerate(zip(frame["share"], frame["n"], strict=True)):
        put(ax, place + 0.5, share, figure(n, "count"), dy=3, ha="center", color=INK if n else INK3)
    name_ticks(ax, "x", range(0, 11, 2), [tick(place / 10, "share") for place in range(0, 11, 2)])
    ax.axvline(mean * 10, color=PLUM, linewidth=1, linestyle=_DASHED)
    top = float(frame["share"].max()) * 1.15 or 1.0
    put(ax, mean * 10, top, _("mean {lgd}").format(lgd=figure(mean, "share")), dx=4, va="top", color=PLUM)
    ax.set_xlim(0, 10)
    ax.set_ylim(0, top)
    _shares(ax, top)
    ax.set_xlabel(_("Share of the exposure lost"))
    above(ax, _("Share of claims; above each bar their number"))
    return ax


def recovery(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Share of the exposure `covered` by each `month` after default; half of the end's is marked."""
    month, covered = frame["month"].to_numpy(float), frame["covered"].to_numpy(float)
    ax.fill_between(month, 0, covered, color=BLUE3, linewidth=0)
    ax.plot(month, covered, color=BLUE)
    half = int(np.argmax(covered >= covered[-1] / 2))
    for at, dx in ((half, -6), (len(month) - 1, -2)):
        ax.plot([month[at]], [covered[at]], "o", color=BLUE, markersize=4.5, clip_on=False)
        words = _("{share} by month {month}").format(share=figure(covered[at], "share"), month=f"{month[at]:g}")
        put(ax, month[at], covered[at], words, dx=dx, dy=5, ha="right", color=BLUE)
    name_ticks(ax, "x", month[::6].tolist(), [f"{m:g}" for m in month[::6]])
    ax.set_xlim(0, float(month[-1]))
    ax.set_ylim(0, 1.08)
    _shares(ax, 1.0)
    ax.set_xlabel(_("Months after default"))
    above(ax, _("Share of the exposure covered, present value"))
    return ax


def forest(frame: pd.DataFrame, *, ax: Axes, unit: str, label: str, line: float, named: str = "") -> Axes:
    """A `value` with its interval (`low` to `high`) for each `name`; plum where it leaves out the dashed `line`.

    `raw`, where the frame has it, is a hollow mark; `named` says what the line is.
    """
    shown = frame.reset_index(drop=True)
    ends = [c for c in ("low", "high", "raw") if c in shown]
    seen = np.append(shown[ends].to_numpy(float), line)
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    for row, found in enumerate(shown.to_dict("records")):
        colour = BLUE if found["low"] <= line <= found["high"] else PLUM
        ax.hlines(row, found["low"], found["high"], color=colour, linewidth=2.4, alpha=0.45)
        if "raw" in shown:
            ax.plot([found["raw"]], [row], "o", color="none", markeredgecolor=INK3, markersize=4.5)
        ax.plot([found["value"]], [row], "o", color=colour, markersize=5, markeredgecolor="#ffffff")
        put(ax, high, row, figure(found["value"], unit), dx=8, va="center", color=colour)
    rows_axis(ax, shown["name"].astype(str).tolist())
    ax.axvline(line, color=INK3, linewidth=0.8, linestyle=_DASHED)
    if named:
        put(ax, line, len(shown) - 0.45, named, dx=4, va="bottom", color=INK2, fontsize=7.5)
    ax.set_xlim(low - (high - low) * 0.03, high + (high - low) * 0.12)
    _value_below(ax, low, high, unit)
    above(ax, label)
    return ax


def cover(frame: pd.DataFrame, *, ax: Axes, sources: dict[str, str]) -> Axes:
    """A bar for each claim (`name`) of what covers its exposure by source, as shares; what isn't covered is plum.

    `sources` gives the column of each source its words; `lost` is the rest, told at the end.
    """
    shown, left = frame.reset_index(drop=True), np.zeros(len(frame))
    parts = {**sources, "lost": _("lost")}
    for (column, words), colour in zip(parts.items(), (*_OF_COVER[: len(sources)], PLUM), strict=True):
        width = shown[column].to_numpy(float)
        ax.barh(shown.index, width, left=left, height=0.56, color=colour, label=words)
        left = left + width
    for row, lost in enumerate(shown["lost"]):
        put(ax, max(1.0, float(left[row])), row, figure(float(lost), "share"), dx=5, va="center", color=PLUM)
    rows_axis(ax, shown["name"].astype(str).tolist())
    ax.set_xlim(0, 1.09)
    _key(ax, len(parts))
    return ax


def dilution_months(frame: pd.DataFrame, *, ax: Axes, expected: float, spike: str) -> Axes:
    """Bars of the share of each `month`'s invoices credited so far (`came`) and still to come (`left`).

    The expected rate is dashed, the month of the spike plum.
    """
    places = np.arange(len(frame))
    colours = np.where(frame["month"] == spike, PLUM, BLUE).tolist()
    ax.bar(places, frame["came"], width=0.72, color=colours)
    ax.bar(places, frame["left"], bottom=frame["came"], width=0.72, color=BLUE2)
    total = (frame["came"] + frame["left"]).to_numpy(float)
    top = float(np.nanmax([*total, expected])) * 1.16
    if spike in set(frame["month"]):
        at = int(np.flatnonzero(frame["month"] == spike)[0])
        words = _("{month}: {rate}").format(month=spike, rate=figure(total[at], "rate"))
        put(ax, at, total[at], words, dy=4, ha="center", color=PLUM)
    ax.axhline(expected, color=INK3, linewidth=0.9, linestyle=_DASHED)
    every = max(1, len(frame) // 8)
    name_ticks(ax, "x", places[::every].tolist(), frame["month"].astype(str).tolist()[::every])
    ax.set_xlim(-0.7, len(frame) - 0.3)
    ax.set_ylim(0, top)
    _shares(ax, top)
    words = _("Share of the month's invoices credited; light: still expected; dashed: {rate} expected")
    above(ax, words.format(rate=figure(expected, "rate")))
    return ax


def _shares(ax: Axes, top: float) -> None:
    marks = [m for m in MaxNLocator(4).tick_values(0, top) if 0 <= m <= top]
    grid_lines(ax, marks, [tick(round(m, 6), "share") for m in marks])


def _value_below(ax: Axes, low: float, high: float, unit: str) -> None:
    """A few marks on the axis of values below the rows."""
    marks = [m for m in MaxNLocator(5).tick_values(low, high) if low <= m <= high]
    ax.xaxis.set_visible(True)
    ax.spines["bottom"].set_visible(True)
    short = unit not in ("share", "rate")  # tick gives others decimals that an axis doesn't need
    name_ticks(ax, "x", marks, [f"{m:g}".replace("-", MINUS) if short else tick(round(m, 6), unit) for m in marks])


def _key(ax: Axes, parts: int) -> None:
    """The names of the parts in their colours, above the bars at the left."""
    legend = ax.legend(
        frameon=False,
        ncols=parts,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        fontsize=8,
        handlelength=0.8,
        handletextpad=0.4,
        columnspacing=1.2,
        borderpad=0,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
