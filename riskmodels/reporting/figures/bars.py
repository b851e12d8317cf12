"""Figures made of bars: what stands where, who holds most, what drives, what moved."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures import theme as look
from riskmodels.reporting.words import wide

LONGEST_LINE, SPARE = 44, 8
"""Characters after which the name of a row goes on in a second line."""


def ageing(frame: pd.DataFrame, *, ax: Axes, previous_label: str = "") -> Axes:
    """Bars of `share` by `bucket`, the `previous` period grey below each; rows marked `breach` are red."""
    _bars(ax, frame["bucket"], frame["share"], "rate", _colours(frame))
    if "previous" in frame:
        _beside(ax, frame["previous"], "rate")
        if previous_label:
            where = int(frame["previous"].fillna(0).to_numpy().argmax())
            look.put(
                ax, frame["previous"].iloc[where], where + 0.32, previous_label, dx=34, va="center", color=look.INK2
            )
    look.above(ax, _("Days past due, share of balance"))
    return ax


def concentration(frame: pd.DataFrame, *, ax: Axes, limit: float | None = None) -> Axes:
    """Bars of `share` by `name`, largest first, with a dashed line at the limit of a single name."""
    ordered = frame.sort_values("share", ascending=False, kind="stable")
    over = ordered["share"] > (np.inf if limit is None else limit)
    _bars(ax, ordered["name"], ordered["share"], "share", np.where(over, look.RED, look.BLUE).tolist())
    if limit is not None:
        ax.axvline(limit, color=look.INK3, linewidth=0.8, linestyle=(0, (4, 3)))
        look.put(
            ax,
            limit,
            len(ordered) - 0.6,
            _("limit {value}").format(value=figure(limit, "share")),
            dx=4,
            va="bottom",
            color=look.INK2,
        )
    look.above(ax, _("Share of balance"))
    return ax


def importance(frame: pd.DataFrame, *, ax: Axes, unit: str = "share", label: str = "") -> Axes:
    """Bars of `importance` by `driver`, largest first; a `direction` (raises, lowers) colours them plum or blue."""
    ordered = frame.sort_values("importance", ascending=False, kind="stable")
    colours = [look.PLUM if d == "raises" else look.BLUE for d in ordered.get("direction", [""] * len(ordered))]
    _bars(ax, ordered["driver"], ordered["importance"], unit, colours)
    if "direction" in ordered:
        label = label or _("Share of the score's spread; plum raises the risk, blue lowers it")
    look.above(ax, label or _("Share of the score's spread"))
    return ax


def exclusions(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Rows from all to used: `step` and `count`, where the steps between first and last are taken off (negative)."""
    counts = frame["count"].to_numpy(float)
    ends = np.cumsum(counts[:-1])
    left = np.concatenate([[0.0], ends[1:], [0.0]])
    total = np.arange(len(counts)) % (len(counts) - 1) == 0
    ax.barh(range(len(counts)), np.abs(counts), left=left, height=0.58, color=np.where(total, look.BLUE, look.BLUE2))
    for row, (value, start, whole) in enumerate(zip(counts, left, total, strict=True)):
        text = figure(value, "count")
        if whole:
            look.put(ax, value, row, text, dx=4, va="center", fontweight="bold")
        else:
            look.put(ax, start, row, text, dx=-4, va="center", ha="right")
    look.rows_axis(ax, frame["step"].astype(str).tolist())
    ax.set_xlim(0, counts[0] * 1.12)
    return ax


def bridge(frame: pd.DataFrame, *, ax: Axes, unit: str = "count") -> Axes:
    """From the first `step` to the last: rises plum, falls light blue, every `amount` labelled, zero based."""
    amounts = frame["amount"].to_numpy(float)
    total = np.arange(len(amounts)) % (len(amounts) - 1) == 0
    tops = np.append(np.cumsum(amounts[:-1]), amounts[-1])
    bottoms = np.where(total, 0.0, tops - amounts)
    colours = np.where(total, look.BLUE, np.where(amounts > 0, look.PLUM, look.BLUE2))
    ax.bar(range(len(amounts)), tops - bottoms, bottom=bottoms, width=0.62, color=colours)
    ax.hlines(
        tops[:-1], np.arange(len(tops) - 1) + 0.31, np.arange(1, len(tops)) - 0.31, color=look.INK3, linewidth=0.6
    )
    for i, (amount, top, bottom) in enumerate(zip(amounts, tops, bottoms, strict=True)):
        sign = "+" if amount > 0 and not total[i] else ""
        weight = "bold" if total[i] else "normal"
        look.put(ax, i, max(top, bottom), sign + figure(amount, unit), dy=3, ha="center", fontweight=weight)
    look.name_ticks(ax, "x", range(len(amounts)), frame["step"].astype(str).tolist())
    ax.tick_params(axis="x", length=0)
    ax.yaxis.set_visible(False)
    ax.set_ylim(0, max(tops.max(), bottoms.max()) * 1.12)
    return ax


def psi(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Share of cases by `bin`: `current` blue beside `reference` grey, so a shift of the population shows."""
    places = np.arange(len(frame))
    ax.bar(places - 0.2, frame["current"], width=0.36, color=look.BLUE, label=_("Now"))
    ax.bar(places + 0.17, frame["reference"], width=0.26, color=look.GREY, label=_("Development"))
    look.name_ticks(ax, "x", range(len(frame)), frame["bin"].astype(str).tolist())
    ax.tick_params(axis="x", length=0)
    top = float(np.nanmax(frame[["current", "reference"]].to_numpy(float)))
    lines = [p for p in MaxNLocator(4).tick_values(0, top) if 0 < p <= top]
    look.grid_lines(ax, lines, [look.tick(v, "share") for v in lines])
    ax.legend(
        frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1, 1), fontsize=8, handlelength=0.8, borderpad=0
    )
    look.above(ax, _("Share of cases"))
    return ax


def _bars(ax: Axes, names: pd.Series, values: pd.Series, unit: str, colours: list[str]) -> None:
    ax.barh(range(len(values)), values, height=0.36, color=colours)
    for row, value in enumerate(values):
        look.put(ax, value, row, figure(value, unit), dx=4, va="center", fontweight="bold")
    longest = max((wide(str(name)) for name in names), default=0)
    # Two lines fit beside a bar, a third would touch the next name.
    places = max(LONGEST_LINE, longest // 2 + SPARE)
    look.rows_axis(ax, [look.lines(str(name), places) for name in names])
    ax.set_xlim(0, float(np.nanmax(values)) * 1.22 or 1)


def _beside(ax: Axes, values: pd.Series, unit: str) -> None:
    rows = np.arange(len(values)) + 0.32
    ax.barh(rows, values.fillna(0), height=0.18, color=look.GREY)
    for row, value in zip(rows, values, strict=True):
        look.put(ax, np.nan_to_num(value), row, figure(value, unit), dx=4, va="center", color=look.INK2, fontsize=7)
    ax.set_xlim(0, max(ax.get_xlim()[1], float(np.nanmax(values)) * 1.22))


def _colours(frame: pd.DataFrame) -> list[str]:
    breached = frame.get("breach", pd.Series(False, index=frame.index)).fillna(False).astype(bool)
    return np.where(breached, look.RED, look.BLUE).tolist()
