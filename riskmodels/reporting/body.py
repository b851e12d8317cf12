"""The blocks of the inside pages: sections, text, tables, figures and what could not be run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict, worst
from riskmodels.core.errors import Misuse
from riskmodels.core.numbers import UNITS
from riskmodels.reporting.block import Block, plain

Cell = str | int | float | bool | None
COLUMN_UNITS = (*UNITS, "text", "date", "verdict", "use")


@dataclass(frozen=True)
class Section(Block):
    """Opens a section; its finding is the heading, its verdict the shape in the contents."""

    kind = "section"
    number: str
    name: str
    finding: str
    lead: str = ""
    verdict: Verdict | None = None

    @classmethod
    def of(cls, number: str, name: str, finding: str, lead: str = "", results: Iterable[CheckResult] = ()) -> Section:
        """A section whose shape is the worst of its results, none when it has no results."""
        found = list(results)
        return cls(number, name, finding, lead, worst(found) if found else None)


@dataclass(frozen=True)
class Text(Block):
    """Paragraphs of plain text."""

    kind = "text"
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class NotRun(Block):
    """A part of the report that could not be made, with the reason."""

    kind = "notrun"
    name: str
    reason: str


@dataclass(frozen=True)
class Column:
    """A column: its key in the frame, its heading and its unit.

    The unit is one of `core.numbers.UNITS` or text, date, verdict, use (share of a limit, drawn as a bar).
    `right` sets text that holds figures like figures, `quiet` prints it in grey, `judged` colours it by the row's
    verdict, `shade` ("blue" or "plum") tints a share by its size, `decimals` replaces those of the unit.
    """

    key: str
    title: str
    unit: str = "text"
    quiet: bool = False
    right: bool = False
    judged: bool = False
    shade: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        if self.unit not in COLUMN_UNITS:
            raise Misuse(f"column {self.key}: found unit {self.unit!r}, expected one of {', '.join(COLUMN_UNITS)}")


@dataclass(frozen=True)
class Table(Block):
    """A table of raw values with typed columns; `totals` are the bold rows below."""

    kind = "table"
    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...] = ()
    subtitle: str = ""
    caption: str = ""
    currency: str = "CNY"
    half: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        frame: pd.DataFrame,
        columns: Sequence[Column] = (),
        *,
        title: str = "",
        totals: pd.DataFrame | None = None,
        **told: Any,
    ) -> Table:
        """A table of the frame's named columns; without columns all of them, typed by their dtypes."""
        typed = tuple(columns) or tuple(_typed(frame, str(c)) for c in frame.columns)
        missing = [c.key for c in typed if c.key not in frame.columns]
        if missing:
            raise Misuse(f"table {name}: missing columns {missing}; the frame has {list(frame.columns)}")
        below = _cells(totals, typed) if totals is not None else ()
        return cls(name, title, typed, _cells(frame, typed), below, **told)


def _typed(frame: pd.DataFrame, key: str) -> Column:
    dtype = frame[key].dtype
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return Column(key, key, "date")
    if pd.api.types.is_bool_dtype(dtype) or not pd.api.types.is_numeric_dtype(dtype):
        return Column(key, key)
    return Column(key, key, "count" if pd.api.types.is_integer_dtype(dtype) else "number")


def _cells(frame: pd.DataFrame, columns: Sequence[Column]) -> tuple[tuple[Cell, ...], ...]:
    given = frame.reindex(columns=[c.key for c in columns]).astype(object)
    return tuple(tuple(_cell(value) for value in row) for row in given.itertuples(index=False, name=None))


def _cell(value: Any) -> Cell:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    return str(value)[:10] if isinstance(value, date) else plain(value)


@dataclass(frozen=True)
class Figure(Block):
    """A drawing as SVG text with its title, caption, the words for who can't see it, and its data.

    `wide` figures take the whole line, `half` ones share it with a neighbour; others leave room for the `side` table.
    """

    kind = "figure"
    name: str
    svg: str
    title: str
    caption: str = ""
    subtitle: str = ""
    alt: str = ""
    data: Table | None = None
    side: Table | None = None
    wide: bool = False
    half: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        plot: Callable[..., Any],
        frame: pd.DataFrame,
        *,
        title: str,
        width: str = "main",
        height: float = 60,
        options: dict[str, Any] | None = None,
        columns: Sequence[Column] = (),
        **told: Any,
    ) -> Figure:
        """The figure `plot(frame, ax=..., **options)` draws at `width` (full, main, half, small) x `height` mm."""
        # Drawing needs matplotlib, reading a stored report doesn't.
        from riskmodels.reporting.figures.theme import draw

        svg = draw(plot, frame, width=width, height=height, **(options or {}))
        data = Table.of(name, frame, columns, title=title)
        return cls(name, svg, title, data=data, wide=width == "full", half=width == "half", **told)
