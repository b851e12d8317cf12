"""From rows of bins to a card or to cuts: every value must fall somewhere, and nowhere twice.

Rules. A driver with an interval is a number: its intervals must touch, from -inf to inf, and values listed beside
them are special codes. Any other driver is a category. A missing value needs a bin of its own or `missing_points`. A
category on no line gets the points of the line for unseen values if the card has one, else the driver's worst points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.binning.bins import Cuts, Groups
from riskmodels.models.cards.card import CardDriver, PointsCard, linked
from riskmodels.models.cards.rows import BinRow, Parsed
from riskmodels.models.scorecard.points import Scale

WORST = "worst"
Missing = float | str | Mapping[str, float | str] | None


def assembled(
    parsed: Parsed,
    source: str,
    scale: Scale | None = None,
    missing_points: Missing = None,
    more_is_worse: bool = False,
) -> PointsCard:
    """The card of the rows; with log-odds read from the points when its scale is known.

    `missing_points` (a number, or "worst", or either by driver) is what a driver without a line for missing values
    gives them.
    """
    groups = by_driver(parsed.rows)
    _check_missing(missing_points, [rows[0].driver for rows in groups])
    absent = {rows[0].driver: _stated(missing_points, rows[0].driver) for rows in groups if not _only(rows, "missing")}
    drivers = [_driver(rows, absent.get(rows[0].driver), more_is_worse) for rows in groups]
    if not drivers:
        raise DataRefused(f"{source}: found no bins, expected at least one driver")
    notes = (*parsed.notes, *(f"missing values of {name} get {stated} points" for name, stated in absent.items()))
    card = PointsCard(tuple(drivers), parsed.base, source=source, notes=notes, more_is_worse=more_is_worse)
    return linked(card, scale) if scale else card


def binning_of(parsed: Parsed) -> dict[str, dict[str, list]]:
    """The bins alone, as `Binner(**...)` takes them: cuts (cut points, or groups of categories) and specials."""
    found = {rows[0].driver: _bins(rows)[0] for rows in by_driver(parsed.rows)}
    cuts = {n: list(b.edges) if isinstance(b, Cuts) else list(map(list, b.members)) for n, b in found.items()}
    return {"cuts": cuts, "specials": {n: list(b.specials) for n, b in found.items() if b.specials}}


def by_driver(rows: Sequence[BinRow]) -> list[list[BinRow]]:
    """The rows of each driver, drivers in the order they first appear."""
    groups: dict[str, list[BinRow]] = {}
    for row in rows:
        groups.setdefault(row.driver, []).append(row)
    return list(groups.values())


def _check_missing(missing_points: Missing, drivers: Sequence[str]) -> None:
    by_name = missing_points if isinstance(missing_points, Mapping) else {}
    if strange := sorted(set(by_name) - set(drivers)):
        raise Misuse(f"missing_points: found no drivers {strange} on the card; it has {list(drivers)}")
    for found in by_name.values() if isinstance(missing_points, Mapping) else [missing_points]:
        if found is not None and found != WORST and (isinstance(found, str) or not math.isfinite(found)):
            raise Misuse(f"missing_points: found {found!r}, expected a number or {WORST!r}")


def _stated(missing_points: Missing, driver: str) -> float | str | None:
    return missing_points.get(driver) if isinstance(missing_points, Mapping) else missing_points


def _driver(rows: list[BinRow], missing: float | str | None, more_is_worse: bool) -> CardDriver:
    known = [_points(row) for row in rows]
    worst = max(known) if more_is_worse else min(known)
    bins, at = _bins(rows)
    ends: list[BinRow | None] = [_only(rows, "missing")]
    ends += [_only(rows, "unseen")] if isinstance(bins, Groups) else []
    if ends[0] is None and missing is None:
        raise DataRefused(
            f"{rows[0].where}: found no line for missing values, expected one, "
            f"or missing_points (--missing): a number or {WORST!r}"
        )
    absent = (worst if missing is None or isinstance(missing, str) else float(missing), worst)
    points = [*map(_points, at), *(gap if row is None else _points(row) for row, gap in zip(ends, absent))]
    woe = tuple(None if row is None else row.woe for row in (*at, *ends))
    told = None if set(woe) == {None} else woe
    return CardDriver(rows[0].driver, bins, tuple(points), None, told, _labels(bins, at))


def _points(row: BinRow) -> float:
    if row.points is None:
        raise DataRefused(f"{row.where}: found no points, expected a number")
    return row.points


def _labels(bins: Cuts | Groups, at: list[BinRow]) -> tuple[str, ...]:
    ends = bins.names()[len(at) :][: 2 if isinstance(bins, Groups) else 1]
    return (*(row.label for row in at), *ends)


def _bins(rows: list[BinRow]) -> tuple[Cuts | Groups, list[BinRow]]:
    """The bins of a driver, and the row of each code up to the specials."""
    if not any(row.ranges for row in rows):
        return _groups(rows)
    if unseen := _only(rows, "unseen"):
        raise DataRefused(f"{unseen.where}: found a line for unseen values, but it is a number")
    spans = sorted(((low, high, row) for row in rows for low, high in row.ranges), key=lambda span: span[:2])
    _check_spans(spans)
    listed = [row for row in rows if row.values]
    specials = tuple(tuple(_special(row, text) for text in row.values) for row in listed)
    _check_once([(value, row) for row, values in zip(listed, specials) for value in values])
    return Cuts(tuple(low for low, _high, _row in spans[1:]), specials), [span[2] for span in spans] + listed


def _groups(rows: list[BinRow]) -> tuple[Groups, list[BinRow]]:
    listed = [row for row in rows if row.values]
    _check_once([(value, row) for row in listed for value in row.values])
    return Groups(tuple(row.values for row in listed)), listed


def _check_spans(spans: list[tuple[float, float, BinRow]]) -> None:
    reached, before = -math.inf, ""
    for low, high, row in spans:
        where = row.where
        if low >= high:
            raise DataRefused(f"{where}: found the bin {row.label!r}, into which no number falls")
        if low < reached:
            raise DataRefused(f"{where}: found {row.label!r}, which overlaps {before!r}")
        if low > reached:
            raise DataRefused(f"{where}: found no bin from {reached:.17g} to {low:.17g}, expected {_touching(reached)}")
        reached, before = high, row.label
    if reached < math.inf:
        raise DataRefused(f"{row.where}: found no bin from {reached:.17g} up, expected {_touching(math.inf)}")


def _touching(end: float) -> str:
    return (
        f"the {'last' if end > 0 else 'first'} bin to be open: {end} as its end"
        if math.isinf(end)
        else "bins that touch"
    )


def _check_once(listed: list[tuple[object, BinRow]]) -> None:
    seen: dict[object, BinRow] = {}
    for value, row in listed:
        if (first := seen.setdefault(value, row)) is not row:
            raise DataRefused(f"{row.where}: found {value!r}, which stands at {first.place} already")


def _only(rows: list[BinRow], what: str) -> BinRow | None:
    found = [row for row in rows if getattr(row, what)]
    if len(found) > 1:
        raise DataRefused(f"{found[1].where}: found a second line for {what} values")
    return found[0] if found else None


def _special(row: BinRow, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DataRefused(f"{row.where}: found {text!r}, expected an interval or a number, as on its other lines")
    return value
