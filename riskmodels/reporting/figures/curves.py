"""Figures made of lines and points: ranking, level, time, cohorts, distributions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures import theme as look

_LINES = (look.BLUE, look.PLUM, look.GREY, look.BLUE2, look.INK2)
_DASHED = (0, (4, 3))
_TOLD = 2
"""Breaches that are told in words; more would cover each other."""
_DECADES = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def reliability(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Observed against predicted by `grade` on log axes, with the interval `low` to `high`; `breach` is red."""
    shown = frame[(frame["predicted"] > 0) & (frame["high"] > 0)]
    if shown.empty:
        return _nothing(ax)
    floor = _floor(shown)
    top = min(float(shown[["predicted", "high"]].max().max()) * 1.5, 1.0)
    ax.plot([floor, top], [floor, top], color=look.INK3, linewidth=0.8, linestyle=_DASHED)
    told = "breach" in shown and int(shown["breach"].sum()) <= _TOLD
    for row in shown.to_dict("records"):
        _graded(ax, row, floor, told)
    _log_axis(ax, "x", floor, top)
    _log_axis(ax, "y", floor, top)
    ax.set_xlabel(_("Predicted probability, log scale"))
    look.above(ax, _("Observed rate, log scale; dashed: observed = predicted"))
    return ax


def recalibrated(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """What outcomes make of each `probability` (`recalibrated`), on log axes, over the band `low` to `high`.

    The band is where the curve of right probabilities lies.
    """
    shown = frame[frame["probability"] > 0]
    if shown.empty:
        return _nothing(ax)
    top = min(float(shown["probability"].max()) * 1.3, 1.0)
    floor = min(float(shown["probability"].min()), top / 2)
    lowest = floor * 0.5
    x = shown["probability"]
    ax.fill_between(x, shown["low"].clip(lower=lowest), shown["high"], color=look.BLUE3, linewidth=0)
    ax.plot([lowest, 1], [lowest, 1], color=look.INK3, linewidth=0.8, linestyle=_DASHED)
    ax.plot(x, shown["recalibrated"].clip(lower=lowest), color=look.BLUE)
    _log_axis(ax, "x", floor, top)
    _log_axis(ax, "y", lowest, min(float(shown[["high", "recalibrated"]].max().max()) * 1.3, 1.0))
    ax.set_xlabel(_("Predicted probability, log scale"))
    look.above(ax, _("Recalibrated probability, log scale; dashed: nothing to change"))
    return ax


def _nothing(ax: Axes) -> Axes:
    """An empty figure that says why: a log axis has no place for 0."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, _("Every probability is 0: no place on a log axis"), ha="center", va="center", color=look.INK2)
    return ax


def _floor(shown: pd.DataFrame) -> float:
    seen = shown[["predicted", "observed"]].to_numpy(float)
    return min(float(seen[seen > 0].min()) * 0.4, 0.5)


def _graded(ax: Axes, row: dict[Any, Any], floor: float, told: bool) -> None:
    x, y = float(row["predicted"]), max(float(row["observed"]), floor)
    low, high = max(float(row["low"]), floor), float(row["high"])
    breach = bool(row.get("breach"))
    colour, marker = (look.RED, "s") if breach else (look.BLUE, "o")
    ax.vlines(x, low, high, color=colour, linewidth=1.8)
    ax.plot([x], [y], marker=marker, color=colour, markersize=5.5, markeredgecolor="#ffffff", markeredgewidth=0.8)
    if breach and told:
        said = _("Grade {grade}: {observed} observed, {predicted} predicted").format(
            grade=row["grade"], observed=figure(y, "share"), predicted=figure(x, "share")
        )
        look.put(ax, x, y, said, dx=-6, dy=4, ha="right", color=look.RED, fontweight="bold")
    else:
        said = look.RED if breach else look.INK
        look.put(ax, x, y, str(row["grade"]), dx=5, dy=5 if y == floor else -9, color=said)


def _log_axis(ax: Axes, which: str, low: float, high: float) -> None:
    axis = ax.xaxis if which == "x" else ax.yaxis
    (ax.set_xscale if which == "x" else ax.set_yscale)("log")
    places = [p for p in _DECADES if low <= p <= high]
    axis.set_minor_locator(NullLocator())
    look.name_ticks(ax, which, places, [f"{p * 100:g}%" for p in places])
    (ax.set_xlim if which == "x" else ax.set_ylim)(low, high)
    if which == "y":
        ax.grid(axis="y")


def roc(frame: pd.DataFrame, *, ax: Axes, x_label: str = "", y_label: str = "") -> Axes:
    """One line per `curve` from `x` to `y` (ROC: good and bad caught; CAP: cases and bad caught), named at its line."""
    ax.plot([0, 1], [0, 1], color=look.INK3, linewidth=0.8, linestyle=_DASHED)
    named = list(frame.groupby("curve", sort=False))
    for place, ((name, line), colour) in enumerate(zip(named, _LINES, strict=False)):
        ax.plot(line["x"], line["y"], color=colour)
        ax.plot([0.47, 0.53], [0.30 - 0.085 * place] * 2, color=colour, linewidth=2)
        look.put(ax, 0.55, 0.30 - 0.085 * place, str(name), va="center")
    marks = (0.0, 0.25, 0.5, 0.75, 1.0)
    look.grid_lines(ax, marks, [look.tick(m, "share") for m in marks])
    look.name_ticks(ax, "x", marks, [look.tick(m, "share") for m in marks])
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1.02)
    ax.set_xlabel(x_label or _("Share of good cases, worst score first"))
    look.above(ax, y_label or _("Share of bad cases found"))
    return ax


def over_time(
    frame: pd.DataFrame,
    *,
    ax: Axes,
    unit: str = "share",
    label: str = "",
    limit: float | None = None,
    band: tuple[float, float] | None = None,
) -> Axes:
    """One line per `series` of `value` over `when`, named at its end; the limit dashed, the tolerance a band."""
    whens = list(dict.fromkeys(frame["when"].astype(str)))
    if band:
        ax.axhspan(*band, color=look.BLUE3, linewidth=0)
    named = list(frame.groupby("series", sort=False))
    for (_name, line), colour in zip(named, _LINES, strict=False):
        ax.plot([whens.index(w) for w in line["when"].astype(str)], line["value"], color=colour)
    heights = look.spread(ax, [float(line["value"].iloc[-1]) for _name, line in named])
    for (name, line), colour, height in zip(named, _LINES, heights, strict=False):
        x, y = whens.index(str(line["when"].iloc[-1])), float(line["value"].iloc[-1])
        ax.plot([x], [y], "o", color=colour, markersize=3.5, clip_on=False)
        said = look.INK2 if colour == look.GREY else colour
        look.put(ax, x, height, f"{name} {figure(y, unit)}", dx=6, va="center", color=said)
    if limit is not None:
        ax.axhline(limit, color=look.INK3, linewidth=0.8, linestyle=_DASHED)
        look.put(ax, 0, limit, _("limit {value}").format(value=figure(limit, unit)), dy=3, color=look.INK2)
    _time_axis(ax, whens)
    ax.set_xlim(-0.1, max(len(whens) - 0.98, 0.5))
    ax.set_ylim(top=ax.get_ylim()[1] + 0.1 * float(np.ptp(ax.get_ylim())))
    _value_axis(ax, unit)
    look.above(ax, label)
    return ax


def strip(frame: pd.DataFrame, *, ax: Axes, unit: str = "number", band: tuple[float, float] | None = None) -> Axes:
    """Small multiples, one for each `panel`: `value` over `when` on one scale, `limit` dashed, `verdict` coloured."""
    panels = list(frame.groupby("panel", sort=False))
    ax.set_axis_off()
    wide = 1 / len(panels)
    bounds = frame[[c for c in ("value", "limit") if c in frame]].to_numpy(float)
    low, high = np.nanmin([*bounds.ravel(), *(band or ())]), np.nanmax([*bounds.ravel(), *(band or ())])
    room = (high - low) * 0.18 or 1.0
    for i, (name, panel) in enumerate(panels):
        inner = ax.inset_axes((i * wide, 0, wide * 0.88, 1))
        inner.set_ylim(low - room, high + room)
        _panel(inner, str(name), panel, unit, band)
        if band and i == 0:
            inner.yaxis.set_visible(True)
            look.name_ticks(inner, "y", band, [look.tick(end, unit) for end in band])
    return ax


def _panel(ax: Axes, name: str, panel: pd.DataFrame, unit: str, band: tuple[float, float] | None) -> None:
    verdict = str(panel["verdict"].iloc[-1]) if "verdict" in panel else "within"
    colour = look.OF_VERDICT[verdict]
    values = panel["value"].to_numpy(float)
    if band:
        ax.axhspan(*band, color=look.BLUE3, linewidth=0)
    ax.plot(range(len(values)), values, color=look.RED if verdict == "breach" else look.BLUE)
    ax.plot([len(values) - 1], values[-1:], "o", color=colour, markersize=4)
    look.put(
        ax,
        len(values) - 1,
        max(values[-3:]),
        figure(values[-1], unit),
        dy=5,
        ha="right",
        color=colour,
        fontweight="bold",
    )
    if "limit" in panel and np.isfinite(panel["limit"].iloc[-1]):
        limit = float(panel["limit"].iloc[-1])
        ax.axhline(limit, color=look.INK3, linewidth=0.8, linestyle=_DASHED)
        look.put(ax, 0, limit, _("limit {value}").format(value=figure(limit, unit)), dy=3, color=look.INK2, fontsize=7)
    _time_axis(ax, panel["when"].astype(str).tolist())
    ax.yaxis.set_visible(False)
    ax.set_title(name, fontweight="bold", color=look.INK, parse_math=False)


def cohorts(frame: pd.DataFrame, *, ax: Axes, unit: str = "share", label: str = "") -> Axes:
    """One line per `cohort` of cumulative `value` by `age` in months; the newest stands out, each named at its end."""
    named = list(frame.dropna(subset=["value"]).groupby("cohort", sort=True))
    for i, (_name, line) in enumerate(named):
        newest = i == len(named) - 1
        colour = look.PLUM if newest else look.BLUE2 if i < len(named) - 4 else look.BLUE
        ax.plot(line["age"], line["value"], color=colour, linewidth=1.9 if newest else 1.1)
    ax.set_xlabel(_("Months since issue"))
    ax.set_xlim(left=0)
    ax.set_ylim(bottom=0)
    _name_cohorts(ax, [(str(name), float(line["age"].iloc[-1]), float(line["value"].iloc[-1])) for name, line in named])
    _value_axis(ax, unit)
    look.above(ax, label)
    return ax


def _name_cohorts(ax: Axes, ends: list[tuple[str, float, float]]) -> None:
    """Young cohorts are named above their last point, those as old as the oldest at the right, one below the other."""
    oldest = max(age for _name, age, _value in ends)
    grown = [end for end in ends if end[1] == oldest]
    for (name, x, y), height in zip(grown, look.spread(ax, [end[2] for end in grown]), strict=True):
        ax.plot([x], [y], "o", color=look.BLUE, markersize=3.5, clip_on=False)
        look.put(ax, x, height, name, dx=7, va="center", color=look.INK2)
    for name, x, y in (end for end in ends if end[1] < oldest):
        newest = name == ends[-1][0]
        ax.plot([x], [y], "o", color=look.PLUM if newest else look.BLUE, markersize=3.5, clip_on=False)
        look.put(ax, x, y, name, dy=5, ha="center", color=look.PLUM if newest else look.BLUE)


def score_distribution(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Shares of `good` (blue area) and `bad` (plum line) cases by `score`, each adding up to one."""
    ax.fill_between(frame["score"], frame["good"], color=look.BLUE3, step="mid", linewidth=0)
    ax.step(frame["score"], frame["good"], where="mid", color=look.BLUE)
    ax.step(frame["score"], frame["bad"], where="mid", color=look.PLUM)
    for column, word, colour in (("good", _("good"), look.BLUE), ("bad", _("bad"), look.PLUM)):
        peak = int(frame[column].to_numpy().argmax())
        look.put(
            ax,
            frame["score"].iloc[peak],
            frame[column].iloc[peak],
            word,
            dy=4,
            ha="center",
            color=colour,
            fontweight="bold",
        )
    ax.set_ylim(bottom=0)
    ax.set_xlabel(_("Score"))
    _value_axis(ax, "share")
    look.above(ax, _("Share of good and of bad cases"))
    return ax


def _time_axis(ax: Axes, whens: list[str]) -> None:
    look.name_ticks(ax, "x", [0, len(whens) - 1], [whens[0], whens[-1]])
    ends = ax.get_xticklabels()
    ends[0].set_horizontalalignment("left")
    ends[-1].set_horizontalalignment("right")


def _value_axis(ax: Axes, unit: str) -> None:
    low, high = ax.get_ylim()
    inside = [v for v in ax.yaxis.get_major_locator().tick_values(low, high) if low <= v <= high]
    few = inside[:: max(1, round(len(inside) / 4))]
    look.grid_lines(ax, few, [look.tick(v, unit) for v in few])
    ax.set_ylim(low, high)
