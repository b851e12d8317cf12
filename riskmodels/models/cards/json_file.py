"""A card as a JSON document that people and other programs can read, exact to the last bit.

{"format": "riskmodels.scorecard", "version": 1, "source", "notes", "more_is_worse",
 "base_points", "intercept": log-odds of bad or null, "scale": {"base_score", "base_odds", "pdo"} or null,
    and "rounding", "least_points" in the scale where they aren't the usual ones,
 "drivers": [{"name", "kind": "number" or "category",
   "bins": [{"label", "low", "high", ...worth} for numbers, low <= value < high, null = no bound
            or {"label", "values": [...], ...worth} for categories],
   "specials": [{"label", "values": [...], ...worth}],   looked at before the bins
   "missing": {"label", ...worth}, "unseen": {"label", ...worth}, null for numbers}]}
worth = "points", "log_odds" (of bad, to be added up, then the intercept; or null), "woe" (or null).
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from types import UnionType
from typing import Any

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.binning.bins import Cuts, Groups
from riskmodels.models.cards.card import CardDriver, PointsCard
from riskmodels.models.scorecard.points import NEAREST, Scale

FORMAT, VERSION = "riskmodels.scorecard", 1
SCALE = ("base_score", "base_odds", "pdo")


def to_json(model: Any) -> str:
    """The card of a scorecard as JSON text; floats are shortest exact decimals."""
    return json.dumps(document(PointsCard.of(model)), ensure_ascii=False, allow_nan=False, indent=1)


def from_json(source: str | Path) -> PointsCard:
    """The card of a JSON file, or of the text itself."""
    text = source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source
    where = str(source) if isinstance(source, Path) else "JSON"
    try:
        state = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataRefused(f"{where}: found no JSON: {error}") from None
    try:
        return card_of(state)
    except (DataRefused, Misuse) as error:
        raise DataRefused(f"{where}: {error}") from None


def document(card: PointsCard) -> dict[str, Any]:
    """The card as plain values, laid out as the module says."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "source": card.source,
        "notes": list(card.notes),
        "more_is_worse": card.more_is_worse,
        "base_points": card.base,
        "intercept": card.intercept,
        "scale": None if card.scale is None else scale_document(card.scale),
        "drivers": [_driver_document(driver) for driver in card.drivers],
    }


def card_of(state: Any) -> PointsCard:
    """The card a document describes; refused when it has another layout."""
    if not isinstance(state, dict) or (state.get("format"), state.get("version")) != (FORMAT, VERSION):
        raise DataRefused(f"card: found no {FORMAT!r} of version {VERSION}")
    scale = None if state.get("scale") is None else _scale(_part(state, "scale", dict, "card"))
    drivers = [_driver_of(each) for each in _part(state, "drivers", list, "card")]
    notes = tuple(state.get("notes", ()))
    intercept = None if state.get("intercept") is None else _number(state, "intercept", "card")
    base, worse = _number(state, "base_points", "card"), bool(state.get("more_is_worse", False))
    return PointsCard(tuple(drivers), base, intercept, scale, state.get("source", ""), notes, worse)


def _driver_document(driver: CardDriver) -> dict[str, Any]:
    bins, k = driver.bins, len(driver.bins)
    worth = [_worth_document(driver, code) for code in range(len(driver.points))]
    after = k + len(bins.specials)
    return {
        "name": driver.name,
        "kind": "number" if isinstance(bins, Cuts) else "category",
        "bins": [{**worth[code], **reach} for code, reach in enumerate(_reaches(bins))],
        "specials": [{**worth[k + i], "values": list(values)} for i, values in enumerate(bins.specials)],
        "missing": worth[after],
        "unseen": worth[after + 1] if isinstance(bins, Groups) else None,
    }


def _worth_document(driver: CardDriver, code: int) -> dict[str, Any]:
    log_odds, woe = (None if table is None else table[code] for table in (driver.log_odds, driver.woe))
    return {"label": driver.labels[code], "points": driver.points[code], "log_odds": log_odds, "woe": woe}


def _reaches(bins: Cuts | Groups) -> list[dict[str, Any]]:
    if isinstance(bins, Groups):
        return [{"values": list(group)} for group in bins.members]
    return [{"low": low, "high": high} for low, high in pairwise([None, *bins.edges, None])]


def _driver_of(state: Any) -> CardDriver:
    name = str(_part(state, "name", str, "a driver"))
    regular, specials = (_part(state, part, list, name) for part in ("bins", "specials"))
    text = _part(state, "kind", str, name) == "category"
    codes = [*regular, *specials, _part(state, "missing", dict, name)]
    codes += [_part(state, "unseen", dict, name)] if text else []
    special = tuple(_listed(each, str if text else int | float, name) for each in specials)
    bins = _groups(regular, special, name) if text else _cuts(regular, special, name)
    points = tuple(_number(each, "points", name) for each in codes)
    log_odds = [each.get("log_odds") for each in codes]
    woe = [each.get("woe") for each in codes]
    known = None if all(value is None for value in log_odds) else tuple(_number(c, "log_odds", name) for c in codes)
    labels = tuple(str(_part(each, "label", str, name)) for each in codes)
    return CardDriver(name, bins, points, known, None if set(woe) == {None} else tuple(woe), labels)


def scale_document(scale: Scale) -> dict[str, Any]:
    """What the points of a card mean, and how they were rounded where that isn't the usual way."""
    return {key: value for key, value in vars(scale).items() if key in SCALE or value != getattr(Scale, key)}


def _scale(state: dict[str, Any]) -> Scale:
    least = _number(state, "least_points", "scale") if "least_points" in state else None
    base_score, base_odds, pdo = (_number(state, key, "scale") for key in SCALE)
    whole = None if least is None else int(least)
    scale = Scale(base_score, base_odds, pdo, state.get("rounding", NEAREST), whole)
    scale.check()
    return scale


def _listed(state: Any, kind: type | UnionType, name: str) -> tuple[Any, ...]:
    values = _part(state, "values", list, name)
    if strange := [value for value in values if not isinstance(value, kind)]:
        raise DataRefused(f"{name}: values: found {strange[0]!r}, expected {'text' if kind is str else 'numbers'}")
    return tuple(values)


def _groups(regular: list[Any], special: tuple[Any, ...], name: str) -> Groups:
    return Groups(tuple(_listed(each, str, name) for each in regular), special)


def _cuts(regular: list[Any], special: tuple[Any, ...], name: str) -> Cuts:
    ends = [(_bound(each, "low", name), _bound(each, "high", name)) for each in regular]
    edges = [low for low, _high in ends[1:]]
    touching = ends[:1] and ends[0][0] is None and ends[-1][1] is None and edges == [high for _low, high in ends[:-1]]
    inner = [edge for edge in edges if edge is not None]
    if not touching or len(inner) < len(edges) or inner != sorted(set(inner)):
        raise DataRefused(f"{name}: found bins {ends}, expected rising ones that touch, from null to null")
    return Cuts(tuple(map(float, inner)), special)


def _bound(state: dict[str, Any], key: str, name: str) -> float | None:
    return None if state.get(key) is None else _number(state, key, name)


def _part(state: Any, key: str, kind: type, where: str) -> Any:
    found = state.get(key) if isinstance(state, dict) else None
    if not isinstance(found, kind):
        raise DataRefused(f"{where}: {key}: found {found!r}, expected a {kind.__name__}")
    return found


def _number(state: dict[str, Any], key: str, where: str) -> float:
    found = state.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise DataRefused(f"{where}: {key}: found {found!r}, expected a number")
    return found
