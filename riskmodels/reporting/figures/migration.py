"""Figures of rating migration: matrices side by side, PD by grade, cumulative PD over years, moves of tiers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures import theme as look

_TINT = 0.42
"""Of the largest move: ink on it reads on paper and in the dark."""
_LINES = (look.BLUE, look.PLUM, look.INK3)
_TIERS = (look.BLUE, look.BLUE2, look.PLUM)
_DASHED = (0, (4, 3))
_LABELLED = (0.0001, 0.001, 0.01, 0.1, 1.0)


def transitions(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """A matrix for each `panel`: `from` in rows, `to` in columns, `p` in per cent, the last column apart: default.

    Moves to worse grades are tinted plum, to better ones blue, by size; those that stay are grey, so that moves are
    seen. Zeros are empty, rows that nobody was in say so.
    """
    ax.set_axis_off()
    panels = list(frame.groupby("panel", sort=False))
    full = float(frame.loc[frame["from"] != frame["to"], "p"].max()) or 1.0
    wide = 1 / len(panels)
    for place, (name, panel) in enumerate(panels):
        inner = ax.inset_axes((place * wide + 0.03, 0.0, wide - 0.035, 0.8))
        _matrix(inner, panel.pivot(index="from", columns="to", values="p"), _order(panel), full)
        look.put(inner, -0.5, -1.15, str(name), dy=8, fontweight="bold", color=look.INK)
    look.above(ax, _("From (rows) to (columns), per cent; plum: worse, blue: better, grey: no move; last: default"))
    return ax


def _order(panel: pd.DataFrame) -> tuple[list[str], list[str]]:
    return list(dict.fromkeys(panel["from"].astype(str))), list(dict.fromkeys(panel["to"].astype(str)))


def _matrix(ax: Axes, table: pd.DataFrame, order: tuple[list[str], list[str]], full: float) -> None:
    rows, columns = order
    places = [*range(len(columns) - 1), len(columns) - 0.75]
    for y, row in enumerate(rows):
        values = table.loc[row, columns].to_numpy(float)
        if np.isnan(values).all():
            look.put(ax, -0.4, y, _("nobody"), va="center", fontsize=7, color=look.INK3)
            continue
        for x, column, value in zip(places, columns, values, strict=True):
            _cell(ax, (x, y), value, (columns.index(column) - columns.index(row), full))
    ax.set_xlim(-0.5, places[-1] + 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    look.name_ticks(ax, "x", places, columns)
    look.name_ticks(ax, "y", range(len(rows)), rows)
    ax.xaxis.tick_top()
    ax.tick_params(axis="both", length=0, pad=2)
    ax.spines[:].set_visible(False)


def _cell(ax: Axes, place: tuple[float, float], value: float, told: tuple[int, float]) -> None:
    (x, y), (notches, full) = place, told
    if not value > 0:
        return
    colour = look.GREY if notches == 0 else look.PLUM if notches > 0 else look.BLUE
    shade = 0.3 if notches == 0 else max(_TINT * min(value / full, 1.0), 0.03)
    ax.fill_between([x - 0.47, x + 0.47], y - 0.46, y + 0.46, color=colour, alpha=shade, linewidth=0)
    text = f"{value * 100:.0f}" if value >= 0.0995 else f"{value * 100:.1f}" if value >= 0.0005 else "< 0.1"
    look.put(ax, x, y, text, ha="center", va="center", fontsize=7 if len(text) < 4 else 6.4)


def default_rates(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """PD by `grade` and `estimator` with its interval (`low` to `high`), log scale; the grade's own bounds as a band.

    The bounds are `bound_low` and `bound_high`; where the PD is 0 only the interval is drawn.
    """
    grades, named = list(dict.fromkeys(frame["grade"].astype(str))), list(dict.fromkeys(frame["estimator"]))
    seen = frame[["p", "low", "high", "bound_low"]].to_numpy(float)
    floor = max(float(seen[seen > 0].min()) * 0.7, 0.0005)
    for row in frame.drop_duplicates("grade").to_dict("records"):
        middle, low = grades.index(str(row["grade"])), max(float(row["bound_low"]), floor)
        ax.fill_between([middle - 0.42, middle + 0.42], low, float(row["bound_high"]), color=look.BLUE3, linewidth=0)
    for row in frame[frame["p"].notna()].to_dict("records"):
        place = named.index(row["estimator"])
        x = grades.index(str(row["grade"])) + (place - (len(named) - 1) / 2) * 0.24
        ax.vlines(x, max(row["low"], floor), max(row["high"], floor), color=_LINES[place % 3], linewidth=1.8)
        if row["p"] > 0:
            ax.plot([x], [row["p"]], "o", color=_LINES[place % 3], markersize=4.5, markeredgecolor="#ffffff")
    look.name_ticks(ax, "x", range(len(grades)), grades)
    ax.tick_params(axis="x", length=0)
    _log(ax, floor, 1.0)
    _key(ax, [str(name) for name in named], _LINES, (1, 1.17), "upper right")
    look.above(ax, _("Log scale; band: the PDs that define the grade"))
    return ax


def default_curves(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Small multiples, one for each `grade`: cumulative PD by `year` and `estimator`, log scale.

    The first estimator has its interval (`low` to `high`) as a band and its last value told, the others are lines.
    """
    ax.set_axis_off()
    shown = frame[frame["value"].notna()]
    panels, named = list(shown.groupby("grade", sort=False)), list(dict.fromkeys(shown["estimator"]))
    seen = shown.loc[shown["estimator"] == named[0], "value"].to_numpy(float)
    floor = max(float(seen[seen > 0].min(initial=1.0)) * 0.5, 0.0005)
    wide = 0.95 / len(panels)
    for place, (grade, panel) in enumerate(panels):
        inner = ax.inset_axes((0.05 + place * wide, 0.0, wide * 0.82, 0.8))
        for line, colour in zip(named, _LINES, strict=False):
            _curve(inner, panel[panel["estimator"] == line], colour, floor, line == named[0])
        years = sorted(panel["year"].unique())
        look.name_ticks(inner, "x", years, [str(y) for y in years])
        inner.set_xlim(years[0] - 0.25, years[-1] + 0.25)
        _log(inner, floor, 1.0, names=place == 0)
        inner.set_title(_("Grade {grade}").format(grade=grade), fontweight="bold", color=look.INK, parse_math=False)
        if place == 0:
            _key(inner, [str(name) for name in named], _LINES, (-0.25, 1.36))
    look.above(ax, "")
    return ax


def _curve(ax: Axes, line: pd.DataFrame, colour: str, floor: float, first: bool) -> None:
    values = line["value"].where(line["value"] > 0).clip(lower=floor)
    if first and len(line):
        ax.fill_between(line["year"], line["low"].clip(lower=floor), line["high"], color=look.BLUE3, linewidth=0)
        last = float(line["value"].iloc[-1])
        look.put(
            ax,
            line["year"].iloc[-1],
            max(last, floor),
            figure(last, "share"),
            dy=7,
            ha="right",
            color=colour,
            fontsize=7,
        )
    ax.plot(line["year"], values, color=colour, marker="o", markersize=3, linewidth=1.6 if first else 1.0)


def tier_moves(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """By `panel` two plots over `when`: `part` stock, shares by `series` (best first), and below it moves.

    Moves up stand above the line in blue, down and into default below it in plum and ink; `value` is a share of all.
    """
    ax.set_axis_off()
    panels = list(frame.groupby("panel", sort=False))
    wide = 1 / len(panels)
    moved = frame[frame["part"] == "moves"].pivot_table(
        index=["panel", "when"], columns="series", values="value", sort=False
    )
    top = float(max(moved.iloc[:, 0].max(), moved.iloc[:, 1:].sum(axis=1).max())) or 1.0
    for place, (name, panel) in enumerate(panels):
        left = place * wide + 0.05
        stock, moves = (ax.inset_axes((left, low, wide - 0.07, high)) for low, high in ((0.53, 0.32), (0.05, 0.34)))
        _stacked(stock, panel[panel["part"] == "stock"], keyed=place == 0)
        _moves(moves, panel[panel["part"] == "moves"], top, keyed=place == 0)
        stock.set_title(str(name), fontweight="bold", color=look.INK, parse_math=False, pad=20)
    return ax


def _stacked(ax: Axes, stock: pd.DataFrame, keyed: bool) -> None:
    whens, named = list(dict.fromkeys(stock["when"])), list(dict.fromkeys(stock["series"]))
    base = np.zeros(len(whens))
    for series, colour in zip(reversed(named), reversed(_TIERS), strict=False):
        part = stock.loc[stock["series"] == series, "value"].to_numpy(float)
        ax.bar(range(len(whens)), part, bottom=base, width=0.72, color=colour)
        base = base + part
    ax.set_ylim(0, 1)
    look.grid_lines(ax, (0, 0.5, 1), [look.tick(m, "share") for m in (0, 0.5, 1)])
    _quarters(ax, whens, 0)
    if keyed:
        _key(ax, [str(name) for name in named], _TIERS, (-0.01, 1.23))


def _moves(ax: Axes, moves: pd.DataFrame, top: float, keyed: bool) -> None:
    whens, named = list(dict.fromkeys(moves["when"])), list(dict.fromkeys(moves["series"]))
    up, down, lost = (moves.loc[moves["series"] == s, "value"].to_numpy(float) for s in named)
    places = range(len(whens))
    ax.bar(places, up, width=0.72, color=look.BLUE2)
    ax.bar(places, -down, width=0.72, color=look.PLUM)
    ax.bar(places, -lost, bottom=-down, width=0.72, color=look.INK)
    ax.axhline(0, color=look.INK3, linewidth=0.6)
    marks = [m for m in MaxNLocator(4, symmetric=True).tick_values(-top, top) if abs(m) <= top]
    look.grid_lines(ax, marks, [look.tick(round(abs(m), 6), "share") for m in marks])
    ax.set_ylim(-top * 1.04, top * 1.04)
    ax.spines["bottom"].set_visible(False)
    _quarters(ax, whens, 1)
    if keyed:
        _key(ax, [str(name) for name in named], (look.BLUE2, look.PLUM, look.INK), (-0.01, 1.22))


def _quarters(ax: Axes, whens: list[str], before: int) -> None:
    """Every other quarter's name, the last one's among them; room for the quarters `before` that have no bar."""
    every = 2 if len(whens) > 6 else 1
    names = [when if (len(whens) - 1 - place) % every == 0 else "" for place, when in enumerate(whens)]
    look.name_ticks(ax, "x", range(len(whens)), names)
    ax.tick_params(axis="x", length=0, labelsize=7)
    ax.set_xlim(-0.6 - before, len(whens) - 0.4)


def _log(ax: Axes, low: float, high: float, names: bool = True) -> None:
    ax.set_yscale("log")
    ax.yaxis.set_minor_locator(NullLocator())
    marks = [m for m in _LABELLED if low <= m <= high]
    look.grid_lines(ax, marks, [look.tick(m, "share") if names else "" for m in marks])
    ax.set_ylim(low, high)


def _key(
    ax: Axes, names: list[str], colours: tuple[str, ...], at: tuple[float, float], loc: str = "upper left"
) -> None:
    """The names of what is drawn, in their colours."""
    drawn = [ax.plot([], [], "s", color=colour, markersize=6, label=name)[0] for name, colour in zip(names, colours)]
    legend = ax.legend(
        handles=drawn,
        frameon=False,
        ncols=len(names),
        loc=loc,
        bbox_to_anchor=at,
        handletextpad=0.2,
        columnspacing=1.2,
        borderpad=0,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
