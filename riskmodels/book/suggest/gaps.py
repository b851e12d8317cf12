"""What a person must fill in: a required column that no name stands for, with what cells and names hint at."""

from __future__ import annotations

import re

from riskmodels.book.schema import TABLES, Column
from riskmodels.book.suggest.cells import Line, line, shown, text
from riskmodels.book.suggest.match import LEAST, SURE
from riskmodels.book.suggest.names import name_scores, reason_against
from riskmodels.book.suggest.values import ENOUGH, Profile, fit, recoding
from riskmodels.book.suggest.words import unit_of

LISTED = 5


def to_fill(table: str, name: str, columns: dict[str, Profile], used: set[str]) -> Line:
    """The line of a required column without a source: a comment, unless cells alone say that it is the currency."""
    column = TABLES[table][name]
    likely = [p for s, p in columns.items() if s not in used and not reason_against(s) and _by_cells(table, column, p)]
    if name == "currency" and len(likely) == 1:
        return line(table, name, likely[0], LEAST, "by its cells alone")
    toml = '{ constant = "..." }' if column.kind == "text" else text(likely[0].name if likely else "...")
    return Line(name, toml, "; ".join(_said(table, column, columns, likely)), filled=False)


def _said(table: str, column: Column, columns: dict[str, Profile], likely: list[Profile]) -> list[str]:
    said = [f"to fill in: found no column for it; {column.meaning}"]
    if column.name == "currency" and (hint := _currency_hint(columns)):
        said[0] += f" ({hint})"
    if likely:
        said.append(f"by the cells it may be {', '.join(shown(p.name) for p in likely[:LISTED])}")
    if near := _named(table, column.name, columns):
        said.append(f"{shown(near.name)} has its name, but not cells of its kind, e.g. {shown(near.example)}")
    if column.allowed:
        said.append(f"one of {', '.join(column.allowed)}")
    return said


def _by_cells(table: str, column: Column, profile: Profile) -> bool:
    """Whether cells alone let a column be this one: dates, amounts with decimals, codes of currencies, a key."""
    if not profile.filled or column.allowed:
        return False
    if column.kind in ("date", "stamp"):
        return bool(profile.dates.patterns)
    if column.kind == "money":
        return profile.number >= ENOUGH and not profile.dates and any(re.search(r"[.,]\d{2}$", b) for b in profile.bare)
    if column.name == "currency":
        return not recoding(table, column, profile.distinct)[1]
    numbered = not profile.dates and not any(re.search(r"[.,]\d{1,2}$", b) for b in profile.bare)
    return TABLES[table].key == (column.name,) and profile.unique and numbered


def _named(table: str, name: str, columns: dict[str, Profile]) -> Profile | None:
    """A column that is called so, but whose cells can't be it."""
    named = [p for s, p in columns.items() if name_scores(s).get((table, name), 0) >= SURE]
    return next((p for p in named if fit(table, name, p) < LEAST), None)


def _currency_hint(columns: dict[str, Profile]) -> str:
    """A column whose name or cells speak of a currency."""
    for name, profile in columns.items():
        unit = unit_of(name)
        if re.fullmatch("[A-Z]{3}|.*[元¥$€£].*", unit):
            return f"{shown(name)} says {shown(unit)}"
        if profile.number and re.search("[¥￥$€£元]|^[A-Z]{3}(?= ?[0-9])", profile.example):
            return f"{shown(name)} has {shown(profile.example)}"
    return ""
