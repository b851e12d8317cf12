"""How a source writes dates and amounts: decided where its cells prove it, left to a person where they don't."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from riskmodels.book.suggest.cells import shown, text
from riskmodels.book.suggest.dates import ISO
from riskmodels.book.suggest.values import COMMA, EITHER, POINT, Profile


@dataclass
class Form:
    """The [format] of a mapping as lines of TOML, the pattern settled for each column, and columns read apart.

    `comma`: the decimal mark is one. `apart`: columns whose dates must be read by a pattern of their own, as it
    contradicts that of the others. `open`: columns that read either way.
    """

    lines: list[str] = field(default_factory=list)
    settled: dict[Profile, str] = field(default_factory=dict)
    apart: dict[Profile, str] = field(default_factory=dict)
    open: list[Profile] = field(default_factory=list)
    comma: bool = False

    def days(self, profile: Profile) -> dict[str, str]:
        """For each plain cell its day in ISO, as far as it is known how to read it."""
        return profile.dates.read(self.settled.get(profile))


def form_of(dated: Iterable[Profile], amounts: Iterable[Profile], encodings: dict[str, str]) -> Form:
    """The format that the columns in use ask for; `encodings` by file."""
    form, dated = Form(), [p for p in dict.fromkeys(dated) if p.dates]
    _settle(form, [p for p in dated if p.dates.patterns and p.dates.patterns[0] != ISO])
    _say_dates(form, dated)
    _say_decimals(form, list(dict.fromkeys(amounts)))
    _say_encoding(form, encodings)
    return form


def _settle(form: Form, dated: list[Profile]) -> None:
    """Columns that read one way settle those that don't, when one of their patterns is among what these may be."""
    form.settled = {p: p.dates.patterns[0] for p in dated if not p.dates.ambiguous}
    proven = Counter(form.settled.values())
    for profile in (p for p in dated if p.dates.ambiguous):
        fitting = [pattern for pattern in proven if pattern in profile.dates.patterns]
        if len(fitting) == 1:
            form.settled[profile] = fitting[0]
        else:
            form.open.append(profile)
    for pattern, times in proven.items():
        other = _turned(pattern)
        if other in proven and (times, pattern) < (proven[other], other):
            form.apart |= {p: pattern for p, own in form.settled.items() if own == pattern}


def _turned(pattern: str) -> str:
    """The pattern with day and month in each other's place."""
    return pattern.replace("%d", "%x").replace("%m", "%d").replace("%x", "%m")


def _say_dates(form: Form, dated: list[Profile]) -> None:
    common = {p: pattern for p, pattern in form.settled.items() if p not in form.apart}
    if common:
        patterns = ", ".join(text(pattern) for pattern in dict.fromkeys(common.values()))
        form.lines.append(f"dates = [{patterns}]  # {_proof(common)}")
    for profile in form.open:
        choices = " or ".join(f"dates = [{text(p)}]" for p in profile.dates.patterns)
        form.lines.append(f"# {choices}  # decide: {shown(profile.name)} reads either way, e.g. {_open_cell(profile)}")
    if serial := [p for p in dated if p.dates.serial]:
        form.lines.append(f"excel_dates = true  # {shown(serial[0].name)}, e.g. {shown(serial[0].example)}")
    if zoned := [p for p in dated if p.dates.offset]:
        said = f"decide whose day counts: {shown(zoned[0].name)} has offsets from UTC, e.g. {shown(zoned[0].example)}"
        form.lines.append(f'# timezone = "Asia/Shanghai"  # {said}')


def _proof(settled: dict[Profile, str]) -> str:
    """For each pattern a cell that no other way of reading fits."""
    said = []
    for pattern in dict.fromkeys(settled.values()):
        profile = next(p for p, own in settled.items() if own == pattern)
        cell = next((c for c in profile.plain if _day_above_12(c)), profile.example)
        said.append(f"{shown(profile.name)} has {shown(cell)}")
    return "; ".join(said)


def _day_above_12(cell: str) -> bool:
    numbers = [int(n) for n in re.findall(r"\d+", cell)[:2]]
    return len(numbers) == 2 and 12 < max(numbers) <= 31


def _open_cell(profile: Profile) -> str:
    """A cell, and how each pattern reads it."""
    cell = next(c for c in profile.plain if len({d.get(c) for d in _readings(profile)}) > 1)
    days = " or ".join(str(d.get(cell)) for d in _readings(profile))
    return f"{shown(cell)} is {days}"


def _readings(profile: Profile) -> list[dict[str, str]]:
    return [profile.dates.days[p] for p in profile.dates.patterns]


def _say_decimals(form: Form, amounts: list[Profile]) -> None:
    point, comma, either = (_first(amounts, pattern) for pattern in (POINT, COMMA, EITHER))
    if point and comma:
        form.lines.append(f'# decimal = ","  # decide: found {shown(point)} and {shown(comma)}')
    elif comma:
        form.comma = True
        form.lines.append(f'decimal = ","  # found {shown(comma)}')
    elif either and not point:
        form.lines.append(f'# decimal = ","  # decide: {shown(either)} may have a decimal mark or groups of thousands')


def _first(amounts: list[Profile], pattern: re.Pattern[str]) -> str:
    return next((b for p in amounts for b in p.bare if pattern.fullmatch(b)), "")


def _say_encoding(form: Form, encodings: dict[str, str]) -> None:
    found = dict.fromkeys(encodings.values())
    if len(found) > 1:
        said = ", ".join(f"{shown(name)} is {encoding}" for name, encoding in encodings.items())
        form.lines.append(f"# encoding: found several, expected one: {said}")
    elif list(found) not in ([], ["utf-8"]):
        form.lines.append(f'encoding = "{next(iter(found))}"')
