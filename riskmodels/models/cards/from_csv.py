"""A card as a plain CSV of bins and points.

One line per bin, columns in any order (Chinese names in brackets): driver (变量); what falls there; points (分值); woe,
if known. What falls there is said by bin (分箱), an interval or categories parted by |; or by low and high (下限, 上限;
empty = no bound) with closed (闭端: left or right, which end belongs to the bin); or by values (取值), categories or
special codes parted by |, as they are written. A bin such as 18-25 is refused: as an interval it lacks its ends, as a
category it belongs under values. The words missing (缺失) and unseen (未见) stand for such values. Points that
everybody starts from stand on a line whose driver is base (基础分), with no bin.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.cards.labels import edge, loose
from riskmodels.models.cards.rows import BinRow, Line, Parsed, bin_row

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "driver": ("driver", "变量"),
    "bin": ("bin", "分箱"),
    "low": ("low", "下限"),
    "high": ("high", "上限"),
    "closed": ("closed", "闭端"),
    "values": ("values", "取值"),
    "points": ("points", "分值", "分数"),
    "woe": ("woe",),
}
BASE = frozenset({"base", "base points", "basepoints", "基础分"})
SIDES = {"left": "left", "左": "left", "right": "right", "右": "right"}
SEPARATOR = "|"


def known_columns(header: Sequence[str]) -> dict[str, str]:
    """The columns of this format a header has: the header's name -> the name here."""
    here = {written: name for name, spellings in COLUMNS.items() for written in spellings}
    return {column: here[column.strip().lower()] for column in header if column.strip().lower() in here}


def parsed(lines: Sequence[Line], closed: str | None = None) -> Parsed:
    """The bins of the lines; `closed` states the closed end where no column does."""
    if closed is not None and closed not in SIDES:
        raise Misuse(f"closed: found {closed!r}, expected left or right")
    rows, base = [], 0.0
    for line in map(_renamed, lines):
        driver = line.required("driver")
        if driver.lower() in BASE:
            base += _base(line)
        else:
            rows.append(_row(line, driver, closed))
    return Parsed(tuple(rows), base)


def _renamed(line: Line) -> Line:
    known = known_columns(list(line.cells))
    return Line(line.place, {known[column]: value for column, value in line.cells.items() if column in known})


def _base(line: Line) -> float:
    points = line.number("points")
    if points is None:
        raise DataRefused(f"{line.place}: base: found no points, expected a number")
    return points


def _row(line: Line, driver: str, closed: str | None) -> BinRow:
    listed = [line.text(column) for column in ("bin", "values")]
    binned, values = ([token.strip() for token in text.split(SEPARATOR)] if text else [] for text in listed)
    _check_ends(line, driver, binned)
    tokens = binned + values
    row = bin_row(line, driver, tokens, " ".join(filter(None, listed)))
    bounds = line.number("low"), line.number("high")
    if bounds == (None, None):
        if not tokens:
            raise DataRefused(f"{line.place}: {driver}: found no bin, expected bin, low or high, or values")
        return row
    low, high = _span(line, driver, *bounds, closed)
    label = row.label or f"{bounds[0]} to {bounds[1]}".replace("None", "")
    return replace(row, ranges=(*row.ranges, (low, high)), label=label.strip())


def _check_ends(line: Line, driver: str, tokens: Sequence[str]) -> None:
    """Refuse ranges without stated ends: as a category, no number would ever fall there."""
    if vague := [token for token in tokens if loose(token)]:
        raise DataRefused(
            f"{line.place}: {driver}: found the bin {vague[0]!r}, expected an interval that says which end belongs to "
            "it, such as [18, 26) or >=60; or, if it is a category, the column values"
        )


def _span(line: Line, driver: str, low: float | None, high: float | None, closed: str | None) -> tuple[float, float]:
    written = line.text("closed").lower() or closed
    if written not in SIDES:
        found = written or "nothing"
        raise DataRefused(
            f"{line.place}: {driver}: closed: found {found}, expected left (low <= value < high) or right"
        )
    after = SIDES[written] == "right"
    return (
        -math.inf if low is None else edge(low, after),
        math.inf if high is None else edge(high, after),
    )
