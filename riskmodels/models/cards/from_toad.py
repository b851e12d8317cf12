"""A card that toad exported, `ScoreCard.export()` as dict, JSON or CSV, and a combiner's rules, `Combiner.export()`.

Numbers: "[26.0 ~ 35.0)", left-closed, and "nan" for missing. Categories: values joined by commas (a value that holds a
comma can't be told apart, in toad neither), "else" for all others. Each driver's points carry its share of the
intercept, so there are no base points. toad rounds to two decimals as it exports; the card is what was exported. Where
toad has no "nan" bin it scores a missing number as -1; here that must be stated as `missing_points`.

Its scale is base_score points at base_odds goods to one bad, `pdo` points multiplying the odds by `rate`: with a rate
other than 2 the PDO to state is pdo x ln 2 / ln rate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from riskmodels.core.errors import DataRefused
from riskmodels.models.cards.labels import interval
from riskmodels.models.cards.rows import BinRow, Line, Parsed, bin_row

COLUMNS = ("name", "value", "score")
MISSING, ELSE = frozenset({"nan"}), frozenset({"else"})


def parsed(card: Mapping[str, Any], where: str = "toad card") -> Parsed:
    """The bins of an exported card: driver -> label -> points."""
    lines = [
        Line(f"{where}: {driver}", {"name": driver, "value": label, "score": points})
        for driver, bins in card.items()
        for label, points in _mapping(bins, f"{where}: {driver}").items()
    ]
    return parsed_lines(lines)


def parsed_lines(lines: Sequence[Line]) -> Parsed:
    """The bins of the exported CSV, whose columns are name, value and score."""
    return Parsed(tuple(_labelled(line, line.required("name"), _label(line)) for line in lines))


def parsed_rules(rules: Mapping[str, Any], where: str = "toad rules") -> Parsed:
    """The bins of a combiner's rules, without points: driver -> cut points, or groups of categories."""
    return Parsed(tuple(row for driver, rule in rules.items() for row in _rule(f"{where}: {driver}", driver, rule)))


def _label(line: Line) -> str:
    """The label; an empty cell of a CSV is toad's nan, read back as nothing."""
    return line.label("value") or "nan"


def _labelled(line: Line, driver: str, label: str) -> BinRow:
    alone = interval(label) or label in MISSING | ELSE
    tokens = [label] if alone else label.split(",")
    return bin_row(line, driver, tokens, label, "score", missing=MISSING, unseen=ELSE)


def _rule(place: str, driver: str, rule: Any) -> list[BinRow]:
    parts = rule.tolist() if hasattr(rule, "tolist") else rule
    if not isinstance(parts, list):
        raise DataRefused(f"{place}: found {parts!r}, expected a list of cut points or of groups")
    if all(isinstance(part, int | float) for part in parts):
        return _cut_at(place, driver, [float(part) for part in parts])
    return [_group(Line(place, {}), driver, part) for part in parts]


def _cut_at(place: str, driver: str, cuts: list[float]) -> list[BinRow]:
    ends = [-math.inf, *sorted(cut for cut in cuts if not math.isnan(cut)), math.inf]
    rows = [BinRow(place, driver, f"[{low} ~ {high})", ranges=((low, high),)) for low, high in pairwise(ends)]
    return rows + ([BinRow(place, driver, "nan", missing=True)] if any(map(math.isnan, cuts)) else [])


def _group(line: Line, driver: str, part: Any) -> BinRow:
    if isinstance(part, str):
        return _labelled(line, driver, part)
    return bin_row(line, driver, map(str, part), ",".join(map(str, part)), missing=MISSING, unseen=frozenset())


def _mapping(bins: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(bins, Mapping):
        raise DataRefused(f"{where}: found {bins!r}, expected labels with points")
    return bins
