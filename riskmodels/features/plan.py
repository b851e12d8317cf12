"""What a catalogue needs of a book: the streams to read, each measure's columns in them, and what is switched off."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import CodeType
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.schema import TABLES
from riskmodels.core.text import gettext as _
from riskmodels.features.feature import SUBJECTS, Catalogue, Compared, Entry, Feature, Linked, Own, column, subjects_of
from riskmodels.features.measures import Measure
from riskmodels.features.needs import LINKS, Tables, by_name, measures_of, sources, subjects_in, switched_off, tables_of
from riskmodels.features.relations import NUMBERS, Schema, numbered_invoices, relations
from riskmodels.features.stored import SHARED, Kept, Stored
from riskmodels.features.stream import Reading, Stream
from riskmodels.features.sweep import OTHER

PARTIES_OF_INVOICE = ("debtor", "client", "pair")
"""Whose features an invoice's row shows in full."""


@dataclass(frozen=True)
class Reads:
    """What is read of the facts: the columns by subject and stream, the streams' queries, what is stored for them."""

    of: dict[str, dict[str, list[str]]]
    queries: dict[str, str]
    kept: dict[str, Kept]

    @property
    def shared(self) -> list[str]:
        """What is stored besides the invoices."""
        return [name for name in self.kept if name in SHARED]

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
    stored: Stored
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

    def reads(self, wanted: Mapping[str, Sequence[Entry]], invoices: Any = None) -> Reads:
        """What is read of the facts for the entries wanted of each subject, and by a query of invoices if given."""
        of = {subject: self._columns(subject, entries) for subject, entries in wanted.items()}
        every: dict[str, set[str]] = {}
        for stream, columns in ((s, c) for read in of.values() for s, c in read.items()):
            every.setdefault(stream, set()).update(columns)
        reads = [self.streams[s].stores(frozenset(columns)) for s, columns in every.items()]
        if invoices is not None:
            reads.append(self.stored.read(invoices, invoices.columns))
        return Reads(of, {s: self.streams[s].sql(columns) for s, columns in every.items()}, self.stored.kept(reads))

    def _columns(self, subject: str, entries: Sequence[Entry]) -> dict[str, list[str]]:
        """By stream what is read of it: the subject's number first."""
        found: dict[str, dict[str, None]] = {}
        for r in (self.readings[m] for e in entries for m in measures_of(e)):
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
    planned = _planned(on, tables_of(book.schema), frozenset(book.tables), currency)
    return replace(planned, off=off, subjects=subjects_in(book))


def available(catalogue: Catalogue, book: Book) -> pd.DataFrame:
    """One row per feature: feature, meaning, unit, sign, subjects, sources, available, and the reason why not."""
    off = switched_off(catalogue, book)
    rows = [(*_words(e), sources(e, book.schema), e.name not in off, off.get(e.name, "")) for e in catalogue]
    return pd.DataFrame(
        rows, columns=["feature", "meaning", "unit", "sign", "subjects", "sources", "available", "reason"]
    )


def version(catalogue: Catalogue, schema: Schema = TABLES) -> str:
    """SHA-256 of the declarations: names, words, formulas, measures and the queries of their facts."""
    whole = _planned(catalogue, tables_of(schema), frozenset(schema), None)
    streams = sorted(whole.streams.items())
    queries = {name: stream.written((*stream.numbers, *stream.columns), "duckdb") for name, stream in streams}
    queries |= {name: whole.stored.written(name, "duckdb") for name in SHARED}
    told = [_declared(e, whole.readings, schema) for e in catalogue]
    return hashlib.sha256(json.dumps([queries, told]).encode()).hexdigest()


@lru_cache(maxsize=32)
def _planned(entries: Catalogue, schema: Tables, present: frozenset[str], currency: str | None) -> Plan:
    tables = relations(by_name(schema), present)
    stored = Stored(tables)
    readings: dict[Measure, Reading] = {}
    streams: dict[str, Stream] = {}
    for measure in dict.fromkeys(m for e in (*entries, *_lenders(entries)) for m in measures_of(e)):
        name = measure.facts.name
        if name not in streams:
            streams[name] = Stream(measure.facts, tables, stored, by_name(schema), currency)
        readings[measure] = streams[name].read(measure)
    return Plan(entries, readings, streams, stored, SUBJECTS)


def _lenders(entries: Catalogue) -> tuple[Feature, ...]:
    return tuple(e.feature for e in entries if isinstance(e, Linked))


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
    """The formula's source; of one that was typed where none is kept, what it was compiled to."""
    if not inspect.isfunction(formula):
        return repr(formula)
    try:
        return inspect.getsource(formula)
    except OSError:
        return _compiled(formula.__code__)


def _compiled(code: CodeType) -> str:
    inner = [_compiled(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return repr((code.co_code.hex(), code.co_names, inner))
