"""A card of optbinning: `Scorecard.table()` as a frame or CSV, or the fitted `Scorecard` itself.

Columns Variable, Bin, Points (Count and WoE in style "detailed"). Numbers: "[26.00, 35.00)", left-closed, printed with
`show_digits` decimals (2 unless asked otherwise): a table's edges are the printed ones, those of a fitted Scorecard are
exact. Categories: an array of values, however its
kind is printed. "Missing" is the missing value. "Special" stands for codes that the table
doesn't tell, so `specials` must where there are any: driver -> codes, or driver -> name of the bin -> codes.

Base points, if it is intercept-based, are not in the table (`Scorecard.intercept_`). optbinning scores a category
it never saw as missing; here it gets the driver's worst points.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.cards.labels import interval
from riskmodels.models.cards.rows import BinRow, Line, Parsed, lines_of_frame

COLUMNS = ("Variable", "Bin", "Points")
MISSING, SPECIAL = "Missing", "Special"
ARRAY = re.compile(r"(?:<\w+>\s*)?\[(?P<values>.*)\](?:\s*Length: (?P<length>\d+), dtype: \w+)?", re.DOTALL)
QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
PRINTED = "edges are those printed in the table, which rounds them"
UNTOLD = "the table doesn't tell which codes were special; none are here"
Specials = Mapping[str, Any]


def parsed(lines: Sequence[Line], specials: Specials | None = None) -> Parsed:
    """The bins of a table's lines."""
    if strange := sorted(set(specials or {}) - {line.text("Variable") for line in lines}):
        raise Misuse(f"specials: found no drivers {strange} on the card")
    found = [_row(line, line.required("Variable"), specials or {}) for line in lines]
    rows = tuple(row for row in found if row is not None)
    printed = (PRINTED,) if any(row.ranges for row in rows) else ()
    return Parsed(rows, notes=(*printed, *((UNTOLD,) if len(rows) < len(found) and not specials else ())))


def parsed_model(scorecard: Any) -> Parsed:
    """The bins of a fitted optbinning `Scorecard`, with its exact edges, special codes and base points."""
    frame = scorecard.table(style="detailed")
    binned = {name: scorecard.binning_process_.get_binned_variable(name) for name in frame["Variable"].unique()}
    specials = {name: b.special_codes for name, b in binned.items() if b.special_codes is not None}
    table = parsed(lines_of_frame(frame, "optbinning"), specials)
    exact = {name: iter(_spans(b.splits)) for name, b in binned.items() if b.dtype == "numerical"}
    rows = [replace(row, ranges=(next(exact[row.driver]),)) if row.ranges else row for row in table.rows]
    return Parsed(tuple(rows), float(scorecard.intercept_))


def _spans(splits: Any) -> list[tuple[float, float]]:
    return list(pairwise([-np.inf, *map(float, splits), np.inf]))


def _row(line: Line, driver: str, specials: Specials) -> BinRow | None:
    cell = line.cells["Bin"]
    listed = hasattr(cell, "__iter__") and not isinstance(cell, str)
    label = ", ".join(map(str, cell)) if listed else line.required("Bin")
    row = BinRow(line.place, driver, label, line.number("Points"), line.number("WoE"))
    if listed:
        return replace(row, values=tuple(map(str, cell)))
    if label == MISSING:
        return replace(row, missing=True)
    if found := interval(label):
        return replace(row, ranges=(found,))
    if printed := ARRAY.fullmatch(label):
        values = _categories(printed, line.place, driver)
        return replace(row, values=values, label=", ".join(values))
    codes = _special_codes(line, label, driver, specials)
    return replace(row, values=codes) if codes else None


def _special_codes(line: Line, label: str, driver: str, specials: Specials) -> tuple[str, ...]:
    stated = specials.get(driver, ())
    codes = stated.get(label, ()) if isinstance(stated, Mapping) else stated if label == SPECIAL else ()
    codes = codes if isinstance(codes, list | tuple | np.ndarray) else [codes]
    if not len(codes) and (label != SPECIAL or line.number("Count")):
        raise DataRefused(
            f"{line.place}: {driver}: found the special bin {label!r}, expected its codes in specials (--specials)"
        )
    return tuple(map(str, codes))


def _categories(printed: re.Match[str], place: str, driver: str) -> tuple[str, ...]:
    """The values of a printed array: ['a' 'b'], [1 2], or pandas' own with its length."""
    quoted = QUOTED.findall(printed["values"])
    rest = QUOTED.sub("", printed["values"])
    values = tuple(str(ast.literal_eval(text)) for text in quoted) or tuple(rest.replace(",", " ").split())
    if "..." in rest or int(printed["length"] or len(values)) != len(values):
        raise DataRefused(f"{place}: {driver}: found a printed list of categories cut short by '...', expected all")
    return values
