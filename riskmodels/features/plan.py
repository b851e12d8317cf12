"""What a catalogue needs of a book: the streams to read, each measure's columns in them, and what is switched off."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.schema import TABLES, Table
from riskmodels.core.text import gettext as _
from riskmodels.features import trace
from riskmodels.features.check import check_catalogue
from riskmodels.features.facts import PARTIES
from riskmodels.features.feature import SUBJECTS, Catalogue, Compared, Entry, Feature, Linked, Own, column, subjects_of
from riskmodels.features.measures import Last, Measure
from riskmodels.features.relations import NUMBERS, Schema, numbered_invoices, relations
from riskmodels.features.stream import Reading, Stream
from riskmodels.features.sweep import OTHER

LINKS = {"chain": Last(PARTIES, lambda r: r.of_chain), "industry": Last(PARTIES, lambda r: r.of_industry)}
"""The number of what a party belongs to, as it was last known."""
NEEDS = {"chain": ("parties", "anchor_id"), "industry": ("parties", "industry")}
"""The column without which there are no such keys."""
PARTIES_OF_INVOICE = ("debtor", "client", "pair")
"""Whose features an invoice's row shows in full."""
Tables = tuple[Table, ...]


@dataclass(frozen=True)
class Reads:
    """What is read of the facts: the columns by subject and stream, and each stream's query for all of them."""

    of: dict[str, dict[str, list[str]]]
    queries: dict[str, str]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The key numbers that are read."""
        return tuple(n for n in NUMBERS if any(n in columns for read in self.of.values() for columns in read.values()))


@dataclass(frozen=True)
class Plan:
    """The entries to build, the readings of their measures and the streams they are of, and what is switched off."""

    entries: Catalogue
    readings: dict[Measure, Reading]
    streams: dict[str, Stream]
    subjects: tuple[str, ...]
    off: dict[str, str] = field(default_factory=dict)

    def of(self, subject: str) -> list[Feature]:
        """The features of a subject, in the catalogue's order."""
        return [e for e in self.entries if isinstance(e, Feature) and subject in e.subjects]

    def linked(self, subject: str, of: str = "") -> list[Linked]:
        """The features that a subject's frame shows of what it belongs to: its chain, then its industry."""
        return [
            e
            for link in LINKS
            for e in self.entries
            if isinstance(e, Linked) and subject in e.subjects and e.of == link and of in ("", link)
        ]

    def wanted(self, key: str) -> dict[str, list[Entry]]:
        """What a key's frame takes of each subject: what it belongs to first, last the key itself (or its parties)."""
        lent: dict[str, list[Entry]] = {of: [e.feature for e in self.linked(key, of)] for of in LINKS}
        own: dict[str, list[Entry]]
        if key == "invoice":
            own = {s: list(self.of(s)) for s in PARTIES_OF_INVOICE}
        else:
            own = {key: [*self.of(key), *self.linked(key)]}
        return {subject: entries for subject, entries in lent.items() if entries} | own

    def reads(self, wanted: Mapping[str, Sequence[Entry]]) -> Reads:
        """What is read of the facts for the entries wanted of each subject."""
        of = {subject: self._columns(subject, entries) for subject, entries in wanted.items()}
        streams = dict.fromkeys(name for read in of.values() for name in read)
        return Reads(
            of, {n: self.streams[n].sql({c for read in of.values() for c in read.get(n, ())}) for n in streams}
        )

    def _columns(self, subject: str, entries: Sequence[Entry]) -> dict[str, list[str]]:
        """By stream what is read of it: the subject's number first."""
        found: dict[str, dict[str, None]] = {}
        for r in (self.readings[m] for e in entries for m in _measures(e)):
            columns = found.setdefault(r.stream, {subject: None})
            if r.kind == "spread":
                columns[OTHER[subject]] = None
            columns.update(dict.fromkeys(c for c in (r.day, r.value, r.keep) if c))
        return {stream: list(columns) for stream, columns in found.items()}

    @property
    def own(self) -> list[Own]:
        """What an invoice brings along."""
        return [e for e in self.entries if isinstance(e, Own)]

    @property
    def compared(self) -> list[Compared]:
        """What is computed of an invoice's other columns."""
        return [e for e in self.entries if isinstance(e, Compared)]

    def columns(self, key: str) -> dict[str, Entry]:
        """The columns of a key's frame in order: its features, then those of what it belongs to.

        An invoice's are what it brings along, its parties' features, those of what it belongs to, and comparisons.
        """
        if key != "invoice":
            return _named(key, [*self.of(key), *self.linked(key)])
        parties: dict[str, Entry] = {column(f, s): f for s in PARTIES_OF_INVOICE for f in self.of(s)}
        return _named(key, self.own) | parties | _named(key, [*self.linked(key), *self.compared])


def _named(key: str, entries: Sequence[Entry]) -> dict[str, Entry]:
    return {column(e, key): e for e in entries}


def plan(catalogue: Catalogue, book: Book, currency: str | None) -> Plan:
    """The plan for a book; amounts are of `currency` only, if given."""
    off = switched_off(catalogue, book)
    on = tuple(e for e in catalogue if e.name not in off)
    planned = _planned(on, _tables(book.schema), frozenset(book.tables), currency)
    return replace(planned, off=off, subjects=subjects_in(book))


def subjects_in(book: Book) -> tuple[str, ...]:
    """The subjects a book has keys of: chains and industries only if its parties name them."""
    return tuple(s for s in SUBJECTS if not _absent(s, book))


def available(catalogue: Catalogue, book: Book) -> pd.DataFrame:
    """One row per feature: feature, meaning, unit, sign, subjects, sources, available, and the reason why not."""
    off = switched_off(catalogue, book)
    rows = [(*_words(e), sources(e, book.schema), e.name not in off, off.get(e.name, "")) for e in catalogue]
    return pd.DataFrame(
        rows, columns=["feature", "meaning", "unit", "sign", "subjects", "sources", "available", "reason"]
    )


def switched_off(catalogue: Catalogue, book: Book) -> dict[str, str]:
    """The entries a book can't give, each with the table or column that has no values."""
    check_catalogue(catalogue)
    off = {e.name: why for e in catalogue if (why := _missing(e, book))}
    given = {column(e, s) for e in catalogue if e.name not in off for s in subjects_of(e)}
    without = {e.name: [c for c in e.columns if c not in given] for e in catalogue if isinstance(e, Compared)}
    return off | {name: _("without {column}").format(column=lost[0]) for name, lost in without.items() if lost}


def sources(entry: Entry, schema: Schema = TABLES) -> str:
    """The tables an entry is computed from, separated by commas."""
    return ", ".join(sorted(_tables_of(entry, _tables(schema)) & set(schema)))


def version(catalogue: Catalogue, schema: Schema = TABLES) -> str:
    """SHA-256 of the declarations: names, words, formulas, measures and the queries of their facts."""
    whole = _planned(catalogue, _tables(schema), frozenset(schema), None)
    queries = {name: stream.sql() for name, stream in sorted(whole.streams.items())}
    told = [_declared(e, whole.readings, schema) for e in catalogue]
    return hashlib.sha256(json.dumps([queries, told]).encode()).hexdigest()


def _missing(entry: Entry, book: Book) -> str:
    """Why a book can't give an entry: a table or column without values; empty when it can."""
    for table, name in sorted(_needs(entry, _tables(book.schema))):
        if table not in book.tables:
            return _("no rows in table {table}").format(table=table)
        if name and not book.has(table, name):
            return _("no values in {table}.{column}").format(table=table, column=name)
    wanted = subjects_of(entry) if isinstance(entry, Feature) else ()
    reasons = [_absent(s, book) for s in wanted]
    return reasons[0] if reasons and all(reasons) else ""


def _absent(subject: str, book: Book) -> str:
    """Why a book has no such keys; empty when it has."""
    if subject not in NEEDS or book.has(*NEEDS[subject]):
        return ""
    return _("no values in {table}.{column}").format(table=NEEDS[subject][0], column=NEEDS[subject][1])


def _tables(schema: Schema) -> Tables:
    return tuple(schema.values())


@lru_cache(maxsize=32)
def _planned(entries: Catalogue, schema: Tables, present: frozenset[str], currency: str | None) -> Plan:
    tables = relations(_by_name(schema), present)
    readings: dict[Measure, Reading] = {}
    streams: dict[str, Stream] = {}
    for measure in dict.fromkeys(m for e in (*entries, *_lenders(entries)) for m in _measures(e)):
        name = measure.facts.name
        if name not in streams:
            streams[name] = Stream(measure.facts, tables, _by_name(schema), currency)
        readings[measure] = streams[name].read(measure)
    return Plan(entries, readings, streams, SUBJECTS)


def _lenders(entries: Catalogue) -> tuple[Feature, ...]:
    return tuple(e.feature for e in entries if isinstance(e, Linked))


def _measures(entry: Entry) -> tuple[Measure, ...]:
    """The measures that are read of the facts of an entry's own subjects."""
    if isinstance(entry, Linked):
        return (LINKS[entry.of],)
    return entry.measures if isinstance(entry, Feature) else ()


@cache
def _needs(entry: Entry, schema: Tables) -> frozenset[tuple[str, str]]:
    """Tables an entry needs (column empty) and their columns that must hold values."""
    if isinstance(entry, Compared):
        return frozenset()
    if isinstance(entry, Own):
        return trace.sources(entry.value(numbered_invoices(_by_name(schema)["invoices"])))
    if isinstance(entry, Linked):
        return _needs(entry.feature, schema) | {NEEDS[entry.of]}
    tables = relations(_by_name(schema), _by_name(schema))
    return frozenset().union(*(_needs_of(m, tables) for m in entry.measures))


@cache
def _tables_of(entry: Entry, schema: Tables) -> frozenset[str]:
    """Every table behind an entry; of a comparison none, its columns have their own."""
    import ibis.expr.operations as ops

    if not isinstance(entry, Feature | Linked):
        return frozenset(table for table, _column in _needs(entry, schema))
    tables = relations(_by_name(schema), _by_name(schema))
    measures = (*_measures(entry), *(entry.feature.measures if isinstance(entry, Linked) else ()))
    rows = {m.facts.rows(tables) for m in measures}
    return frozenset(node.name for r in rows for node in r.op().find(ops.UnboundTable))


def _needs_of(measure: Measure, tables: dict[str, Any]) -> Iterator[tuple[str, str]]:
    rows = measure.facts.rows(tables)
    yield from ((t, "") for t in measure.facts.tables)
    for value in filter(None, (measure.value, measure.where, measure.not_before)):
        read = value(rows)
        if hasattr(read, "op"):
            yield from ((t, c) for t, c in trace.sources(read) if t in measure.facts.tables)


@cache
def _by_name(schema: Tables) -> dict[str, Table]:
    return {t.name: t for t in schema}


def _words(entry: Entry) -> tuple[str, str, str, int, str]:
    return entry.name, _(entry.meaning), entry.unit, entry.sign, ", ".join(subjects_of(entry))


def _declared(entry: Entry, readings: dict[Measure, Reading], schema: Schema) -> list[Any]:
    words = [entry.name, entry.meaning, entry.unit, entry.sign, ", ".join(subjects_of(entry))]
    if isinstance(entry, Own):
        return [*words, repr(entry.value(numbered_invoices(schema["invoices"])))]
    if isinstance(entry, Compared):
        return [*words, _text(entry.formula), entry.columns]
    feature = entry.feature if isinstance(entry, Linked) else entry
    return [*words, _text(feature.formula), [list(vars(readings[m]).values()) for m in feature.measures]]


def _text(formula: Callable[..., Any]) -> str:
    return inspect.getsource(formula) if inspect.isfunction(formula) else repr(formula)
