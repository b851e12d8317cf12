"""One line of a mapping: where a column of ours comes from, written as TOML, with what has to be done to its cells."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from riskmodels.book.derive import derived
from riskmodels.book.schema import TABLES, Column
from riskmodels.book.suggest.values import ENOUGH, NEGATIVE, Profile, recoding
from riskmodels.book.suggest.words import unit_of
from riskmodels.core.errors import Misuse

SHOWN = 40
"""Characters of a cell that a comment shows."""
LISTED = 5
CUT, CUT_SAID = "split_part({0}, '.', 1)", "without the .0 of an exported table"
TIMES = {"万": 10_000, "万元": 10_000, "万美元": 10_000, "千元": 1_000, "千": 1_000, "百万元": 1_000_000, "亿元": 10**8}
TIMES |= {"thousand": 1_000, "thousands": 1_000, "'000": 1_000, "million": 1_000_000, "millions": 1_000_000}


@dataclass(frozen=True)
class Line:
    """A column of ours and the TOML that feeds it; one that isn't `filled` is written as a comment, for a person.

    `expression` is the SQL of a text over its `sources`, {0} the first.
    """

    target: str
    toml: str
    note: str
    sources: tuple[str, ...] = ()
    filled: bool = True
    expression: str = "{0}"


def text(value: str) -> str:
    """A text as a TOML string, on one line whatever is in it."""
    escaped = json.dumps(value, ensure_ascii=False)
    return "".join(_escape(c) for c in escaped)


def _escape(character: str) -> str:
    """Characters that TOML doesn't allow or a reader can't see, written as their number."""
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return f"\\u{ord(character):04x}" if hidden and ord(character) < 0x10000 else character


def shown(value: str) -> str:
    """A cell as a comment shows it: its beginning."""
    return text(value if len(value) <= SHOWN else value[:SHOWN] + "...")


def line(table: str, name: str, profile: Profile, score: float, said: str = "", comma: bool = False) -> Line:
    """The line that feeds a column of ours from one of the source, whose decimal mark may be a comma."""
    column = TABLES[table][name]
    toml, done = _feed(table, column, profile, comma)
    example = f"e.g. {shown(profile.example)}" if profile.example else "empty in the sample"
    note = "; ".join(part for part in (f"{score:.2f}, {example}", *done, said) if part)
    expression = CUT if CUT_SAID in done else "{0}"
    return Line(name, toml, note, (profile.name,), expression=expression)


def _feed(table: str, column: Column, profile: Profile, comma: bool) -> tuple[str, list[str]]:
    """The right-hand side of a line, and what there is to say of it."""
    if column.kind in ("money", "rate"):
        return _number(column, profile, comma)
    if column.kind == "text" and profile.coded and not column.allowed:
        return derive(CUT, profile.name), [CUT_SAID]
    if column.allowed or column.kind == "flag" or column.name == "currency":
        return _recoded(table, column, profile)
    return text(profile.name), []


def _recoded(table: str, column: Column, profile: Profile) -> tuple[str, list[str]]:
    changed, unknown = recoding(table, column, profile.distinct)
    said = [f"decide what these mean: {', '.join(shown(u) for u in unknown[:LISTED])}"] if unknown else []
    if not changed:
        return text(profile.name), said
    cases = ", ".join(f"{text(k)} = {text(v)}" for k, v in sorted(changed.items()))
    return f"{{ column = {text(profile.name)}, values = {{ {cases} }} }}", said


def _number(column: Column, profile: Profile, comma: bool) -> tuple[str, list[str]]:
    """A number as it stands, or with signs taken off, in units for ten thousands, a share for per cent."""
    bare, said = "{0}", []
    if profile.dressed:
        bare, said = _undressed(profile), ["signs around the number are taken off"]
    factor, why = _factor(column, profile)
    if factor:
        return derive(_times(bare, factor, comma), profile.name), [*said, why]
    return (derive(bare, profile.name) if profile.dressed else text(profile.name)), said


def _times(bare: str, factor: str, comma: bool) -> str:
    """The SQL of a number times a factor, with the source's decimal mark; what is no number stays and is refused."""
    plain = f"replace(replace({bare}, '.', ''), ',', '.')" if comma else f"replace({bare}, ',', '')"
    result = f"CAST(try_cast({plain} AS DECIMAL(28,8)) {factor} AS VARCHAR)"
    marked = f"replace({result}, '.', ',')" if comma else result
    return f"coalesce({marked}, {{0}})"


def _undressed(profile: Profile) -> str:
    """The SQL of a number without signs of currency and per cent, -12.50 for (12.50) and 12.50-; the rest stays."""
    bare = "trim(regexp_replace({0}, '[A-Z]{{3}}|[A-Z]{{0,2}}[$]|[¥￥€£元%％]', '', 'g'))"
    if any(NEGATIVE.fullmatch(p) for p in profile.plain):
        bare = f"regexp_replace({bare}, '^[(](.*)[)]$', '-\\1')"
        bare = f"regexp_replace({bare}, '^(.*[0-9])-$', '-\\1')"
    return bare


def _factor(column: Column, profile: Profile) -> tuple[str, str]:
    """What the numbers must be multiplied or divided by, and the evidence."""
    unit = unicodedata.normalize("NFKC", unit_of(profile.name)).lower()
    if column.kind == "money" and unit in TIMES:
        return f"* {TIMES[unit]}", f"the name says {unit}"
    if column.unit == "fraction" and profile.number >= ENOUGH:
        if unit == "%" or any("%" in p for p in profile.plain):
            return "/ 100", "per cent become fractions"
        largest = max((_value(b) for b in profile.bare), default=0)
        if largest > 1:
            return "/ 100", f"up to {largest:g}, so these are per cent"
    return "", ""


def _value(bare: str) -> float:
    plain = bare.replace(",", "")
    return float(plain) if re.fullmatch(r"[+-]?\d+(\.\d*)?", plain) else 0.0


def derive(expression: str, *sources: str) -> str:
    """The TOML of an expression over source columns, {0} the first; names that aren't plain words are quoted."""
    plain = [s if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", s) else _quoted(s) for s in sources]
    for names in (plain, [_quoted(s) for s in sources]):
        sql = expression.format(*names)
        if _reads(sql) == set(sources):
            return f"{{ derive = {text(sql)} }}"
    raise Misuse(f"derive: no expression can name the columns {', '.join(map(repr, sources))}: rename them")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _reads(sql: str) -> set[str]:
    try:
        return set(derived("", sql).columns)
    except Misuse:
        return set()
