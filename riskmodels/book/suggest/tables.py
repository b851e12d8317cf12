"""The lines of one table: each column of ours with the source column that fits, or what must be filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import combinations

from riskmodels.book.schema import TABLES
from riskmodels.book.suggest.cells import Line, derive, line, shown
from riskmodels.book.suggest.formats import Form
from riskmodels.book.suggest.gaps import to_fill
from riskmodels.book.suggest.match import LEAST, SURE, Held, Match, scores
from riskmodels.book.suggest.names import name_scores
from riskmodels.book.suggest.values import Profile
from riskmodels.book.suggest.words import normalised

BROKEN = 0.02
"""Share of rows that break a rule from which the mapping, not the rows, is thought wrong."""
KEY_PARTS = re.compile(
    r"\b(line|item|row|position|buzei|gjahr|bukrs|year|company|seq|sequence)\b|行号|序号|代码|年度|公司"
)
ECHOES = {
    ("invoices", "number"): "invoice_id",
    ("invoices", "invoice_id"): "number",
    ("facilities", "valid_from"): "opened_on",
}
"""Columns of ours that may come from the same source column as another, when none is left for them."""


@dataclass(frozen=True)
class Proposal:
    """A table, the sheet it comes from, the column whose filled rows count, and its lines."""

    table: str
    sheet: str
    lines: tuple[Line, ...]
    when: str = ""
    one_per_key: bool = False
    said: str = ""

    @property
    def complete(self) -> bool:
        """Whether every required column has a line that stands."""
        return not self.missing

    @property
    def missing(self) -> list[str]:
        """Required columns that must be filled in."""
        have = {entry.target for entry in self.lines if entry.filled}
        return [c for c in TABLES[self.table].required if c not in have and c != "known_on"]


def chosen_event(found: Held, columns: dict[str, Profile], form: Form) -> dict[str, Match]:
    """The pairing with the event date that breaks the fewest rules: of several dates before the due date, that one."""
    event, matches = TABLES[found.table].event, dict(found.matches)
    if event not in matches:
        return matches
    taken = {m.source for name, m in matches.items() if name != event and m.score > LEAST and name != "known_on"}
    rivals = {s: v for (name, s), v in scores(found.table, columns).items() if name == event and s not in taken}
    ranked = sorted(rivals.items(), key=lambda r: (_broken_by(found.table, matches, event, r[0], columns, form), -r[1]))
    if ranked:
        matches[event] = Match(*ranked[0])
    return {n: m for n, m in matches.items() if n == event or m.source != matches[event].source}


def _broken_by(
    table: str, matches: dict[str, Match], event: str, source: str, columns: dict[str, Profile], form: Form
) -> float:
    tried = {**matches, event: Match(source, 1.0)}
    required = [n for n in TABLES[table].required if n != "known_on"]
    return sum(share for later, (share, _) in broken(table, tried, columns, form).items() if later in required)


def broken(
    table: str, matches: dict[str, Match], columns: dict[str, Profile], form: Form
) -> dict[str, tuple[float, str]]:
    """For each date that a rule wants not before another: the share of rows in which it is, and what is expected."""
    found: dict[str, tuple[float, str]] = {}
    for rule in TABLES[table].rules:
        names = re.fullmatch(r"(\w+) >= (\w+)", rule.holds)
        if names and names[1] in matches and names[2] in matches:
            later, earlier = (columns[matches[n].source] for n in names.groups())
            share = _share_before(later, earlier, form)
            found[names[1]] = max(found.get(names[1], (0.0, "")), (share, rule.expected))
    return found


def _share_before(later: Profile, earlier: Profile, form: Form) -> float:
    after, before = form.days(later), form.days(earlier)
    pairs = [(after[a], before[b]) for a, b in zip(later.cells, earlier.cells) if a in after and b in before]
    return sum(a < b for a, b in pairs) / len(pairs) if pairs else 0.0


def table_lines(table: str, matches: dict[str, Match], columns: dict[str, Profile], form: Form) -> list[Line]:
    """A line for each column of ours that something feeds, and a comment for each that must be filled in."""
    wrong = broken(table, matches, columns, form)
    lines = []
    for name in TABLES[table].names:
        match, echoed = matches.get(name), _echo(table, name, matches, columns)
        if match and not (echoed and _better(echoed, match, columns)):
            lines.append(_checked(table, name, match, columns[match.source], wrong.get(name), form))
        elif echoed:
            lines.append(echoed)
        elif name in TABLES[table].required and name != "known_on":
            lines.append(to_fill(table, name, columns, {m.source for m in matches.values()}))
    return _with_key(table, lines, columns)


def _checked(
    table: str, name: str, match: Match, profile: Profile, wrong: tuple[float, str] | None, form: Form
) -> Line:
    made = line(table, name, profile, match.score, comma=form.comma)
    if profile in form.apart and TABLES[table][name].kind in ("date", "stamp"):
        made = replace(made, toml=own_pattern(profile, form.apart[profile]))
    if wrong and wrong[0] > 0:
        note = f"{made.note}; {wrong[0]:.1%} of the sampled rows break {wrong[1]}"
        required = name in TABLES[table].required and name != "known_on"
        return replace(made, note=note, filled=required or wrong[0] <= BROKEN)
    return made


def own_pattern(profile: Profile, pattern: str) -> str:
    """The TOML of dates read by a pattern of their own; what it doesn't read stays and is refused."""
    return derive(f"coalesce(CAST(try_strptime({{0}}, '{pattern}') AS VARCHAR), {{0}})", profile.name)


def _better(echoed: Line, match: Match, columns: dict[str, Profile]) -> bool:
    """Whether a column used already says more than the one left: its name fits and the other's doesn't, or is empty."""
    score = name_scores(echoed.sources[0]).get(("invoices", echoed.target), 0.0)
    return score > max(match.score, SURE) or (score >= SURE and not columns[match.source].filled)


def _echo(table: str, name: str, matches: dict[str, Match], columns: dict[str, Profile]) -> Line | None:
    other = matches.get(ECHOES.get((table, name), ""))
    if other is None:
        return None
    score = name_scores(other.source).get((table, name), 0.0)
    if score < LEAST and name not in TABLES[table].required:
        return None
    said = f"the same as {ECHOES[table, name]}"
    return line(table, name, columns[other.source], max(score, LEAST), said)


def _with_key(table: str, lines: list[Line], columns: dict[str, Profile]) -> list[Line]:
    """The lines with a key that the sample doesn't use twice, put together of several columns if one isn't enough."""
    key = TABLES[table].key
    at = next((i for i, made in enumerate(lines) if made.target == key[0] and made.filled), None)
    if len(key) > 1 or at is None or not lines[at].sources:
        return lines
    profile = columns[lines[at].sources[0]]
    repeated = len(profile.filled) - len(profile.distinct)
    if repeated <= 0:
        return lines
    note = f"{lines[at].note}; {repeated:,} of {len(profile.filled):,} sampled rows repeat another's"
    if parts := _completing(profile, columns):
        expression = f"concat_ws('-', {', '.join(f'{{{i}}}' for i in range(len(parts)))})"
        said = f"{note}, so it takes {' and '.join(map(shown, parts))}"
        lines[at] = Line(key[0], derive(expression, *parts), said, parts, expression=expression)
    else:
        lines[at] = replace(lines[at], note=f"{note}: a key must be used once")
    return lines


def _completing(profile: Profile, columns: dict[str, Profile]) -> tuple[str, ...]:
    """The column with one or two others that together are used once in the sample."""
    others = [n for n in columns if n != profile.name and KEY_PARTS.search(normalised(n))][:8]
    for count in (1, 2):
        for added in combinations(others, count):
            rows = list(zip(*(columns[n].cells for n in added), profile.cells))
            if len(set(rows)) == len(rows):
                return (*added, profile.name)
    return ()
