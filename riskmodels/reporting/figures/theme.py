"""The look of every figure: colours, type and sizes, applied only while a figure is drawn."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from riskmodels.core.numbers import MINUS, figure
from riskmodels.reporting.words import wide

INK, INK2, INK3, HAIR = "#16202c", "#465262", "#5f6b7a", "#d5dbe3"
BLUE, BLUE2, BLUE3, PLUM, GREY = "#1f4e8c", "#8fb0d8", "#dfe9f5", "#7a4a78", "#b4bdc8"
RED, AMBER, GREEN = "#b3261e", "#8f5600", "#17704a"
OF_VERDICT = {"breach": RED, "watch": AMBER, "no_evidence": INK3, "within": BLUE, "not_run": INK3}

WIDTHS = {"full": 174.0, "main": 108.0, "half": 83.5, "small": 64.0}
_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "DejaVu Sans",
)
_HAN, _OPENING, _CLOSING = "\u2e81-\uffff", "（《〔【", "，。；：、）》〕】"
_PIECES = re.compile(rf"\s*[{_OPENING}]*(?:[^\s{_HAN}]+(?:(?![{_OPENING}])[{_HAN}])?|[{_HAN}])[{_CLOSING}]*")
_FILES = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")
_FOLDERS = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk")

_STYLE: dict[str, Any] = {
    "font.size": 8,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": INK3,
    "axes.labelcolor": INK2,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 8,
    "axes.titlecolor": INK2,
    "axes.titlepad": 8,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.formatter.use_mathtext": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "grid.color": HAIR,
    "grid.linewidth": 0.5,
    "xtick.color": INK3,
    "ytick.color": INK3,
    "xtick.labelcolor": INK2,
    "ytick.labelcolor": INK2,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0,
    "xtick.major.size": 2.5,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "lines.linewidth": 1.3,
    "lines.solid_capstyle": "butt",
    "svg.fonttype": "none",
    "svg.hashsalt": "riskmodels",
}


@contextmanager
def theme() -> Iterator[None]:
    """The look, for what is drawn and saved inside the block."""
    with mpl.rc_context({**_STYLE, "font.family": families()}):
        yield


@cache
def families() -> list[str]:
    """The font families of the look this machine has, best first."""
    # A font installed after matplotlib's first import isn't in its list until it is added.
    for path in (Path(folder, name) for folder in _FOLDERS for name in _FILES):
        if path.exists():
            font_manager.fontManager.addfont(path)
    known = {font.name for font in font_manager.fontManager.ttflist}
    return [family for family in _FAMILIES if family in known]


def draw(
    plot: Callable[..., Any], frame: pd.DataFrame, *, width: str = "main", height: float = 60, **options: Any
) -> str:
    """The SVG of `plot(frame, ax=..., **options)` at its print size: a width of the grid, a height in mm."""
    with theme():
        fig = Figure(figsize=(WIDTHS[width] / 25.4, height / 25.4), layout="constrained")
        fig.get_layout_engine().set(w_pad=0.01, h_pad=0.02)  # type: ignore[union-attr,call-arg]
        plot(frame, ax=fig.add_subplot(), **options)
        return to_svg(fig)


def to_svg(fig: Figure) -> str:
    """The figure as SVG text, the same bytes for the same figure; its text stays text."""
    with theme():
        out = io.StringIO()
        FigureCanvasSVG(fig).print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def put(ax: Axes, x: float, y: float, text: str, *, dx: float = 0, dy: float = 0, **style: Any) -> Text:
    """Text at a place in data units, moved by points; never read as mathematics."""
    return ax.annotate(
        text, (x, y), (dx, dy), textcoords="offset points", parse_math=False, annotation_clip=False, **style
    )


def lines(text: str, places: int) -> str:
    """The text in lines of at most so many places, two to a Han character.

    Lines end between words and between Han characters, but part no number from its unit and no mark from its clause.
    """
    done, line = [], ""
    for piece in _PIECES.findall(text):
        if line and wide(line + piece) > places:
            done.append(line)
            line = piece.lstrip()
        else:
            line += piece
    return "\n".join([*done, line])


def spread(ax: Axes, values: Sequence[float], points: float = 10) -> list[float]:
    """Heights for labels of these values, in their order, moved up until no two are closer than `points`."""
    low, high = ax.get_ylim()
    # The plot takes about three quarters of the figure; the exact share is known only after the layout.
    gap = points / (54 * ax.figure.get_figheight()) * (high - low)  # type: ignore[union-attr]
    heights, last = list(values), -math.inf
    for i in sorted(range(len(heights)), key=heights.__getitem__):
        heights[i] = last = max(heights[i], last + gap)
    return heights


def name_ticks(ax: Axes, which: str, places: Sequence[float], names: Sequence[str]) -> None:
    """Put names at places of the x or y axis."""
    axis = ax.xaxis if which == "x" else ax.yaxis
    axis.set_ticks(list(places), labels=list(names), parse_math=False)


def above(ax: Axes, text: str) -> None:
    """The label of the value axis, above the plot; at the figure's left edge when the plot is alone in it."""
    alone = len(ax.figure.axes) == 1
    # The blank title keeps the room, the label itself may reach over the names of the rows.
    ax.set_title(" ")
    coords = ("figure fraction" if alone else "axes fraction", "axes fraction")
    label = ax.annotate(text, (0, 1), (0, 8), xycoords=coords, textcoords="offset points", color=INK2, parse_math=False)
    label.set_in_layout(False)


def tick(value: float, unit: str) -> str:
    """A value as an axis says it: no more decimals than it needs."""
    return f"{value * 100:.6g}%".replace("-", MINUS) if unit in ("share", "rate") else figure(value, unit)


def rows_axis(ax: Axes, names: Sequence[str]) -> None:
    """Rows with their names at the left, first on top, no value axis."""
    name_ticks(ax, "y", range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.spines["left"].set_visible(True)


def grid_lines(ax: Axes, places: Sequence[float], names: Sequence[str]) -> None:
    """At most a few horizontal hairlines with their values at the left."""
    name_ticks(ax, "y", places, names)
    ax.grid(axis="y")
