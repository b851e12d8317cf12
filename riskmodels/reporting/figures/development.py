"""Figures of model development: bad rates by score band, roll rates, cures by days past due, maturation."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.figures.theme import (
    BLUE,
    BLUE2,
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
    spread,
    tick,
)

_OF_SAMPLE = (GREY, BLUE2, BLUE, PLUM)
_OF_LINE = (BLUE2, PLUM, BLUE, INK2)
_DASHED = (0, (4, 3))
_HIGH = 0.58
"""Part of the plot that the bad rates take; the shares stand below."""


def score_bands(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Bars of bad `rate` by `band` and `sample` with its interval (`low` to `high`), and below the `share` of cases.

    Riskiest band first, `name` below each; `missing` scores stand last. Development grey, later samples blue.
    """
    ax.set_axis_off()
    rates, shares = ax.inset_axes((0, 1 - _HIGH, 1, _HIGH)), ax.inset_axes((0, 0, 1, 0.24))
    samples = list(dict.fromkeys(frame["sample"]))
    for place, sample in enumerate(samples):
        own, colour = frame[frame["sample"] == sample], _OF_SAMPLE[place % len(_OF_SAMPLE)]
        _rate_bars(rates, own, (place + 0.5) / len(samples) - 0.5, 0.8 / len(samples), colour)
        for part in (own[~own["missing"]], own[own["missing"]]):
            shares.plot(part["band"], part["share"], color=colour, marker="o", markersize=3)
    names = frame.drop_duplicates("band").sort_values("band")["name"].astype(str).str.replace(", ", ",\n").tolist()
    _panel(rates, float(np.nanmax(frame["high"].fillna(0))), [""] * len(names))
    _panel(shares, float(np.nanmax(frame["share"].fillna(0))), names)
    shares.set_title(_("Share of cases"), color=INK2, fontsize=8)
    _key(rates, [str(s) for s in samples])
    above(ax, _ranking(frame, samples))
    return ax


def roll_rates(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Bars of the `rate` at which each bucket (`name`) rolls on within a month, with its interval, if ever reached."""
    shown = frame.reset_index(drop=True)
    ax.barh(shown.index, shown["rate"].fillna(0), height=0.5, color=BLUE)
    ax.hlines(shown.index, shown["low"], shown["high"], color=INK, linewidth=1.4)
    for row, found in enumerate(shown.to_dict("records")):
        ends = np.nanmax([found["rate"], found["high"], 0.0])
        put(ax, float(ends), row, figure(float(found["rate"]), "share"), dx=4, va="center")
    rows_axis(ax, shown["name"].astype(str).tolist())
    ax.set_xlim(0, max(float(shown[["rate", "high"]].max().max()), 0.01) * 1.15)
    text = _("Share past due a month on, by days past due; {share} of what falls due ends in loss")
    above(ax, text.format(share=figure(float(shown["to_loss"].iloc[0]), "rate")))
    return ax


def cures(frame: pd.DataFrame, *, ax: Axes, share: float = 0.5, threshold: int | None = None) -> Axes:
    """Share `uncured` of those that passed each `dpd`, with its interval; `share` dashed, `threshold` plum."""
    shown = frame[frame["uncured"].notna()]
    for found in shown.to_dict("records"):
        colour = PLUM if found["dpd"] == threshold else BLUE
        ax.vlines(found["dpd"], found["low"], found["high"], color=colour, linewidth=1.8)
        ax.plot([found["dpd"]], [found["uncured"]], "o", color=colour, markersize=5.5, markeredgecolor="#ffffff")
        put(ax, found["dpd"], found["uncured"], figure(found["uncured"], "share"), dx=6, va="center", color=colour)
    ax.axhline(share, color=INK3, linewidth=0.8, linestyle=_DASHED)
    name_ticks(ax, "x", frame["dpd"].tolist(), [str(d) for d in frame["dpd"]])
    ax.set_xlim(float(frame["dpd"].min()) - 12, float(frame["dpd"].max()) + 24)
    ax.set_ylim(0, 1)
    marks = (0.0, 0.25, 0.5, 0.75, 1.0)
    grid_lines(ax, marks, [tick(m, "share") for m in marks])
    ax.set_xlabel(_("More than so many days past due"))
    none = _("No level from which {share} of obligors stay in arrears until loss")
    found_text = _("From {dpd} days on at least {share} of obligors stay in arrears until loss")
    text = none if threshold is None else found_text
    above(ax, text.format(dpd=threshold, share=figure(share, "share")))
    return ax


def maturation(frame: pd.DataFrame, *, ax: Axes, window: int | None = None) -> Axes:
    """Pooled cumulative `share` bad by `age` in months, a line per `dpd` with its interval; the `window` dashed."""
    named = list(frame.groupby("dpd", sort=True))
    for place, (_dpd, line) in enumerate(named):
        colour = _OF_LINE[place % len(_OF_LINE)]
        ax.fill_between(line["age"], line["low"], line["high"], color=colour, alpha=0.18, linewidth=0)
        ax.plot(line["age"], line["share"], color=colour)
    ax.set_xlim(left=0)
    ax.set_ylim(0, float(frame["high"].max()) * 1.05 or 1.0)
    heights = spread(ax, [float(line["share"].iloc[-1]) for _dpd, line in named])
    for place, ((dpd, line), height) in enumerate(zip(named, heights, strict=True)):
        said = _("more than {dpd} days {share}").format(dpd=dpd, share=figure(float(line["share"].iloc[-1]), "rate"))
        put(ax, float(line["age"].iloc[-1]), height, said, dx=6, va="center", color=_OF_LINE[place % len(_OF_LINE)])
    if window is not None:
        ax.axvline(window, color=INK3, linewidth=0.8, linestyle=_DASHED)
    ax.set_xlabel(_("Months since issue"))
    _value_marks(ax, float(frame["high"].max()))
    found = _("Bad invoices have shown {window} months after issue (dashed)")
    text = _("Bad invoices still come when the book ends") if window is None else found.format(window=window)
    above(ax, text)
    return ax


def _rate_bars(ax: Axes, own: pd.DataFrame, shift: float, width: float, colour: str) -> None:
    places = own["band"].to_numpy(float) + shift * 0.86
    ax.bar(places, own["rate"].fillna(0), width=width * 0.94, color=colour)
    ax.vlines(places, own["low"], own["high"], color=INK, linewidth=0.9)


def _panel(ax: Axes, top: float, names: list[str]) -> None:
    name_ticks(ax, "x", range(len(names)), names)
    ax.tick_params(axis="x", length=0, labelsize=7)
    ax.set_xlim(-0.6, len(names) - 0.4)
    ax.set_ylim(0, top * 1.05 or 1.0)
    _value_marks(ax, top)


def _value_marks(ax: Axes, top: float) -> None:
    marks = [m for m in MaxNLocator(4).tick_values(0, top or 1.0) if 0 <= m <= (top or 1.0) * 1.05]
    grid_lines(ax, marks, [tick(round(m, 6), "share") for m in marks])


def _key(ax: Axes, samples: list[str]) -> None:
    """The samples' names in their colours, at the right above the bars."""
    for place, sample in enumerate(samples):
        ax.plot([], [], "s", color=_OF_SAMPLE[place % len(_OF_SAMPLE)], markersize=6, label=sample)
    legend = ax.legend(frameon=False, ncols=len(samples), loc="upper right", fontsize=8, handletextpad=0.2, borderpad=0)
    for text in legend.get_texts():
        text.set_parse_math(False)


def _ranking(frame: pd.DataFrame, samples: list[str]) -> str:
    """Whether the bad rate falls from band to band in every sample."""
    ranked = frame[~frame["missing"] & frame["rate"].notna()].sort_values("band")
    turned = {s: int((own["rate"].diff() > 0).sum()) for s, own in ranked.groupby("sample")}
    if not any(turned.values()):
        return _("Bad rate falls from band to band in every sample")
    worst = max(samples, key=lambda s: turned.get(s, 0))
    return _("Bad rate by band; bands out of order in {sample}: {n}").format(sample=worst, n=turned[worst])
