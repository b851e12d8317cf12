"""How a column's dates are written, judged by the loader's own parser; what could be read two ways stays open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

import duckdb
import pyarrow as pa

from riskmodels.core.dates import EARLIEST, LATEST

ISO = ""
"""The pattern of dates with the year first, which need none."""
DISTINCT = 3_000
ENOUGH = 0.9
"""Least share of cells that a pattern must read."""
YEAR_FIRST = re.compile(r"\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?([ T]\d{1,2}:\d{2}.*)?")
OFFSET = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})")
CANDIDATE = re.compile(
    r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}.*|\d{8}(\.0)?|"
    r"\d{1,2}[-/ .]?[A-Za-z]{3,9}[-/ .,]*\d{2,4}.*|[A-Za-z]{3,9}.*\d{4}.*"
)
SERIAL = re.compile(r"[2-6]\d{4}(\.\d+)?")
PATTERNS = (
    "%Y%m%d",
    "%Y%m%d.0",
    *(f"{a}{s}{b}{s}{y}" for s in "/-. " for a, b in (("%d", "%m"), ("%m", "%d")) for y in ("%Y", "%y")),
    *(f"%d{s}%b{s}{y}" for s in "-/ ." for y in ("%Y", "%y")),
    "%d%b%Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
)
TIMES = (" %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")


@dataclass(frozen=True)
class Dates:
    """How dates are written: patterns that read (nearly) all of them, the days read by each, and what else was seen.

    Several patterns mean that the cells don't say which is meant. `serial`: days as Excel counts them.
    """

    patterns: tuple[str, ...] = ()
    days: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    serial: bool = False
    offset: bool = False

    def __bool__(self) -> bool:
        return bool(self.patterns) or self.serial

    @property
    def ambiguous(self) -> bool:
        """Whether the cells can be read in several ways that don't agree."""
        return len(self.patterns) > 1

    def read(self, pattern: str | None = None) -> dict[str, str]:
        """For each cell its day in ISO, by the pattern or the only one there is."""
        chosen = pattern if pattern is not None else (self.patterns[0] if len(self.patterns) == 1 else None)
        return self.days.get(chosen, {}) if chosen is not None else {}


def dates(cells: Iterable[str]) -> Dates:
    """How the dates among cells are written; nothing if they are no dates."""
    values = list(islice(dict.fromkeys(c for c in cells if c), DISTINCT))
    if not values:
        return Dates()
    first = [v for v in values if YEAR_FIRST.fullmatch(v)]
    rest = [v for v in values if not YEAR_FIRST.fullmatch(v)]
    read = _read(first, [ISO])[ISO] if first else {}
    offset = any(OFFSET.search(v) for v in first)
    if len(read) >= ENOUGH * len(values):
        return Dates((ISO,), {ISO: read}, offset=offset)
    if len(read) == len(first) and _share(rest, CANDIDATE) >= ENOUGH:
        found = {p: d | read for p, d in _read(rest, _tried(rest)).items() if len(d) >= ENOUGH * len(rest)}
        if found:
            return Dates(_distinct(found), found, offset=offset)
    return Dates(serial=_share(values, SERIAL) >= ENOUGH)


def _share(values: list[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.fullmatch(v)) for v in values) / len(values)


def _tried(values: list[str]) -> list[str]:
    timed = sum(":" in v for v in values) > len(values) / 2
    return [p + t for p in PATTERNS for t in TIMES] if timed else list(PATTERNS)


def _distinct(found: dict[str, dict[str, str]]) -> tuple[str, ...]:
    """The patterns that read most cells; of those that read them all alike the first."""
    most = max(len(days) for days in found.values())
    best = {p: d for p, d in found.items() if len(d) == most}
    kept: list[str] = []
    for pattern, days in best.items():
        if all(days != best[k] for k in kept):
            kept.append(pattern)
    return tuple(kept)


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _read(values: list[str], patterns: list[str]) -> dict[str, dict[str, str]]:
    """For each pattern the cells it reads and their days."""
    con = _connection()
    con.register("cells", pa.table({"v": pa.array(values, pa.string())}))
    parsed = ", ".join(f"CAST({_sql(p)} AS DATE)" for p in patterns)
    rows = con.execute(f"SELECT v, {parsed} FROM cells").fetchall()
    con.unregister("cells")
    days: dict[str, dict[str, str]] = {p: {} for p in patterns}
    for value, *read in rows:
        for pattern, day in zip(patterns, read):
            if day is not None and EARLIEST <= day <= LATEST:
                days[pattern][value] = day.isoformat()
    return days


def _sql(pattern: str) -> str:
    if pattern != ISO:
        return f"try_strptime(v, '{pattern}')"
    plain = r"regexp_replace(regexp_extract(v, '^\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}'), '[^0-9]+', '-', 'g')"
    return f"try_strptime({plain}, '%Y-%m-%d')"
