"""Figures of an overdue model: days late made up of their reasons, and weekly cash within its bands."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from riskmodels.core.numbers import NBSP, change, figure, table_money
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures import theme as look

_NAMES, _PLACES = 0.35, 46
"""Part of the width that the names of the rows take, and places of one of their lines."""
_TOLD = 14
"""Places of one line below the name of a panel."""
_ROOM = 0.42
"""Room for the figures right of the bars, as a part of the longest."""
GAP = 0.8
"""Weeks left free between two forecasts."""


def delay_reasons(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Bars of `days` by `row`, a panel for each `panel`, on one scale: `kind` base, driver or total.

    Drivers that add days are plum, those that take some light blue; the base is grey, the total blue. Rows and panels
    stand as in the frame; `told` is what stands below a panel's name.
    """
    ax.set_axis_off()
    panels, rows = list(frame.groupby("panel", sort=False)), list(dict.fromkeys(frame["row"].astype(str)))
    wide, ends = (1 - _NAMES) / len(panels), _ends(frame["days"].to_numpy(float))
    for place, (name, panel) in enumerate(panels):
        inner = ax.inset_axes((_NAMES + place * wide, 0, wide * 0.94, 0.84))
        _reasons(inner, panel.set_index("row").reindex(rows))
        inner.set_xlim(*ends)
        look.rows_axis(inner, [look.lines(row, _PLACES) for row in rows] if place == 0 else [""] * len(rows))
        inner.tick_params(axis="y", labelsize=7.5)
        inner.spines["left"].set_visible(False)
        inner.axvline(0, color=look.INK3, linewidth=0.6)
        told = look.lines(str(panel["told"].iloc[0]), _TOLD)
        inner.set_title(str(name), fontweight="bold", color=look.INK, parse_math=False, pad=28)
        look.put(inner, ends[0], -0.6, told, dy=25, va="top", color=look.INK2, fontsize=7.5, linespacing=1.1)
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


def cash_weeks(frame: pd.DataFrame, *, ax: Axes, currency: str = "CNY") -> Axes:
    """A bar for each week (`ends_on`) with bands of 50, 80 and 95 in 100, a line at `expected`, a dot at `actual`.

    Weeks stand side by side by the `origin` their forecast was made at. What came is ink, plum outside the widest band.
    """
    ordered = frame.sort_values(["origin", "ends_on"])
    made = [(pd.Timestamp(day), weeks) for day, weeks in ordered.groupby("origin", sort=True)]  # type: ignore[arg-type]
    top, begin = float(frame[["high_95", *(["actual"] if "actual" in frame else [])]].max().max()) or 1.0, 0.0
    for origin, weeks in made:
        places = begin + np.arange(len(weeks))
        _bands(ax, places, weeks)
        if len(made) > 1:
            look.put(ax, begin - 0.5, top * 1.02, _("made {day}").format(day=f"{origin:%Y-%m-%d}"), fontsize=7.5)
            ax.axvline(begin - 0.5 - GAP / 2, color=look.HAIR, linewidth=0.8)
        begin += len(weeks) + GAP
    ax.set_xlim(-1, begin - GAP)
    _money_marks(ax, top, currency)
    _week_marks(ax, made)
    return ax


def _bands(ax: Axes, places: np.ndarray, weeks: pd.DataFrame) -> None:
    for band, colour, alpha in ((95, look.BLUE3, 1.0), (80, look.BLUE2, 0.5), (50, look.BLUE2, 1.0)):
        low, high = weeks[f"low_{band}"], weeks[f"high_{band}"]
        ax.bar(places, high - low, bottom=low, width=0.8, color=colour, alpha=alpha, linewidth=0)
    ax.hlines(weeks["expected"], places - 0.4, places + 0.4, color=look.BLUE, linewidth=1.2)
    if "actual" in weeks:
        held = weeks["actual"].between(weeks["low_95"], weeks["high_95"]).to_numpy()
        for place, value, inside in zip(places, weeks["actual"], held, strict=True):
            colour, shape = (look.INK, "o") if inside else (look.PLUM, "D")
            ax.plot(
                [place], [value], shape, color=colour, markersize=3.6, markeredgecolor="#ffffff", markeredgewidth=0.5
            )


def _money_marks(ax: Axes, top: float, currency: str) -> None:
    divisor, _decimals, unit = table_money(top, currency)
    marks = [mark for mark in MaxNLocator(4).tick_values(0, top) if 0 <= mark <= top]
    look.grid_lines(ax, marks, [f"{mark / divisor:,.{0 if top >= 10 * divisor else 1}f}" for mark in marks])
    ax.set_ylim(0, top * 1.1)
    look.above(ax, _("{unit} a week; bars: 50, 80 and 95 in 100, line: expected").format(unit=unit))


def _week_marks(ax: Axes, made: list[tuple[pd.Timestamp, pd.DataFrame]]) -> None:
    """The last day of every fourth week; of every second where one forecast stands alone."""
    every, begin, places, names = 2 if len(made) == 1 else 4, 0.0, [], []
    for _origin, weeks in made:
        # The last weeks of a forecast stand too near to the first of the next.
        marked = range(0, len(weeks) if len(made) == 1 else len(weeks) - 2, every)
        places += [begin + k for k in marked]
        names += [f"{weeks['ends_on'].iloc[k]:%m-%d}" for k in marked]
        begin += len(weeks) + GAP
    look.name_ticks(ax, "x", places, names)
    ax.tick_params(axis="x", length=0, labelsize=7.5)
