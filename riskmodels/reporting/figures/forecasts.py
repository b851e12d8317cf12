"""Figures of what is to come: the balance of each bucket as a fan."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from riskmodels.core.numbers import table_money
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures import theme as look

_COLUMNS = 3


def bucket_forecast(frame: pd.DataFrame, *, ax: Axes, currency: str | None = "CNY") -> Axes:
    """A fan for each `name`: `expected` by `month` (0 is today) with bands of 80 and 95 in 100.

    What came, where the frame has `actual`, is plum. Amounts are in `currency`; without one they are numbers. Every
    panel has a scale of its own from zero.
    """
    ax.set_axis_off()
    panels = list(frame.groupby("name", sort=False))
    across = min(len(panels), _COLUMNS)
    down = -(-len(panels) // across)
    most = float(frame["high_95"].max())
    divisor, _decimals, unit = (1.0, 0, _("invoices")) if currency is None else table_money(most, currency)
    for place, (name, panel) in enumerate(panels):
        row, column = divmod(place, across)
        corner = column / across + 0.07, 1 - (row + 0.84) / down
        inner = ax.inset_axes((*corner, 0.74 / across, 0.56 / down))
        _fan(inner, panel, divisor)
        inner.set_title(str(name), fontweight="bold", color=look.INK, parse_math=False)
        if row == down - 1:
            inner.set_xlabel(_("months of 30 days"))
    text = _("{unit}; line: expected, bands: 80 and 95 in 100").format(unit=unit)
    look.above(ax, text + (_("; plum: what came") if "actual" in frame else ""))
    return ax


def _fan(ax: Axes, panel: pd.DataFrame, divisor: float) -> None:
    month = panel["month"].to_numpy(float)
    for level, colour in (("95", look.BLUE3), ("80", look.BLUE2)):
        ax.fill_between(month, panel[f"low_{level}"], panel[f"high_{level}"], color=colour, linewidth=0)
    ax.plot(month, panel["expected"], color=look.BLUE)
    if "actual" in panel:
        ax.plot(month, panel["actual"], color=look.PLUM, linewidth=1.1, marker="o", markersize=2.5)
    ax.plot(month[:1], panel["expected"].iloc[:1], "o", color=look.BLUE, markersize=3.5, clip_on=False)
    top = float(panel.drop(columns="name").select_dtypes("number").drop(columns="month").max().max()) or 1.0
    ax.set_xlim(month[0], month[-1])
    ax.set_ylim(0, top * 1.05)
    marks = [mark for mark in MaxNLocator(3).tick_values(0, top) if 0 <= mark <= top * 1.05]
    look.grid_lines(ax, marks, [f"{mark / divisor:,.{0 if top >= 10 * divisor else 1}f}" for mark in marks])
    places = [float(m) for m in MaxNLocator(4, integer=True).tick_values(month[0], month[-1]) if m <= month[-1]]
    look.name_ticks(ax, "x", places, [f"{m:g}" for m in places])
