"""The proposal for a whole source: which sheet holds which table, which column feeds which, and what is left open."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from riskmodels.book.schema import REQUIRED_TABLES, TABLES
from riskmodels.book.suggest.cells import text
from riskmodels.book.suggest.formats import Form, form_of
from riskmodels.book.suggest.match import Held, Match, held, profiles
from riskmodels.book.suggest.sample import Sheet, sample
from riskmodels.book.suggest.sides import client_name, parties, quoted_list, side, side_matches
from riskmodels.book.suggest.tables import Proposal, chosen_event, table_lines
from riskmodels.book.suggest.values import Profile
from riskmodels.book.suggest.write import written

Columns = dict[str, Profile]
Matches = dict[str, Match]


@dataclass(frozen=True)
class Suggestion:
    """A proposed mapping: its `toml`, the `tables` it fills, and what a person must still fill in, as table.column."""

    toml: str
    tables: tuple[Proposal, ...]
    to_fill: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the text is a mapping as it stands."""
        return bool(self.tables) and not self.to_fill


def suggest(source: str | Path) -> Suggestion:
    """The mapping proposed for a CSV, Parquet, Excel or DuckDB file or a folder of files."""
    path, sheets = Path(source), sample(source)
    columns = {sheet.name: profiles(sheet) for sheet in sheets}
    found, said = _placed(sheets, columns)
    sides = {h.table: side_matches(h.matches, columns[h.sheet.name]) for h in found if h.table == "invoices"}
    form = _form(found, sides, columns, {s.name: s.encoding for s in sheets})
    tables: list[Proposal] = []
    for h in found:
        tables += _tables(h, columns[h.sheet.name], sides.get(h.table, {}), form, {f.table for f in found})
    return _suggestion(path, sheets, tables, form, said)


def _placed(sheets: list[Sheet], columns: dict[str, Columns]) -> tuple[list[Held], list[str]]:
    """Each sheet with the table it surely holds, no table twice; and what is to be said of the others."""
    ranked = [h for sheet in sheets for h in held(sheet, columns[sheet.name], TABLES)[:1]]
    found: dict[str, Held] = {}
    said = []
    for h in sorted(ranked, key=lambda h: -h.score):
        if h.table in found:
            said.append(f"{text(h.sheet.name)} looks like {h.table} too, which {text(found[h.table].sheet.name)} fills")
        else:
            found[h.table] = h
    named = {h.sheet.name for h in ranked}
    said += [f"{text(s.name)} {_no_table(s)}" for s in sheets if s.name not in named]
    return sorted(found.values(), key=lambda h: _place(h.table)), said


def _no_table(sheet: Sheet) -> str:
    """What is said of a sheet that holds nothing we know."""
    nameless = sum(bool(re.fullmatch(r"column \d+", name)) for name in sheet.columns)
    if sheet.rows and 2 * nameless >= len(sheet.columns):
        return "begins with a title: its first row must be the names of the columns"
    return "looks like no table of a book"


def _place(table: str) -> tuple[bool, int]:
    """Invoices first, then the schema's order."""
    return table not in REQUIRED_TABLES, list(TABLES).index(table)


def _form(
    found: list[Held], sides: dict[str, dict[str, Matches]], columns: dict[str, Columns], encodings: dict[str, str]
) -> Form:
    """The format that all columns in use ask for."""
    dated, amounts = [], []
    for h in found:
        for table, matches in {h.table: h.matches, **sides.get(h.table, {})}.items():
            for name, match in matches.items():
                kind, profile = TABLES[table][name].kind, columns[h.sheet.name][match.source]
                dated += [profile] if kind in ("date", "stamp") else []
                amounts += [profile] if kind in ("money", "rate") else []
    return form_of(dated, amounts, encodings)


def _tables(h: Held, columns: Columns, sides: dict[str, Matches], form: Form, taken: set[str]) -> list[Proposal]:
    """The table a sheet holds and those beside it; a table that another sheet fills isn't proposed again."""
    matches = chosen_event(h, columns, form)
    main = Proposal(h.table, h.sheet.name, tuple(table_lines(h.table, matches, columns, form)))
    if h.table != "invoices":
        return [main]
    beside = [
        _whole(side(table, main, found, columns, form, matches.get("amount")))
        for table, found in sides.items()
        if table not in taken
    ]
    used = _sources([main, *beside])
    named = parties(main, columns, used) if "parties" not in taken else None
    if named and (clients := client_name(columns, used | _sources([named]))):
        roles = [
            replace(e, note=f"{e.note}; unused: {quoted_list(clients)}") if e.target == "roles" else e
            for e in named.lines
        ]
        named = replace(named, lines=tuple(roles))
    return [main, *beside, *([named] if named else [])]


def _whole(proposal: Proposal) -> Proposal:
    """A table beside another stands only if nothing is missing; else it is said what is."""
    if proposal.complete:
        return proposal
    missing = ", ".join(proposal.missing)
    return replace(proposal, said=f"{text(proposal.when)} tells of {proposal.table}, but {missing} must be filled in:")


def _sources(proposals: list[Proposal]) -> set[str]:
    return {s for p in proposals for entry in p.lines if entry.filled for s in entry.sources}


def _suggestion(path: Path, sheets: list[Sheet], tables: list[Proposal], form: Form, said: list[str]) -> Suggestion:
    standing = tuple(p for p in tables if not p.said)
    used = {sheet.name: _sources([p for p in standing if p.sheet == sheet.name]) for sheet in sheets}
    unused = {sheet.name: [c for c in sheet.columns if c not in used[sheet.name]] for sheet in sheets}
    if not any(p.table in REQUIRED_TABLES for p in standing):
        said = [*said, "found no table of invoices, which every book must have"]
    toml = written(f"Proposed for {path.name}", form.lines, tables, unused, said, len(sheets) > 1)
    to_fill = tuple(f"{p.table}.{name}" for p in standing for name in p.missing)
    return Suggestion(toml, standing, to_fill, tuple(c for names in unused.values() for c in names))
