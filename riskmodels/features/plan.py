"""What a catalogue needs of a book: the streams to read, each measure's columns in them, and what is switched off."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.schema import TABLES
from riskmodels.core.text import gettext as _
from riskmodels.features import trace
from riskmodels.features.feature import Catalogue, Entry, Feature, Own
from riskmodels.features.measures import Measure
from riskmodels.features.relations import numbered_invoices, relations
from riskmodels.features.stream import Reading, Stream


@dataclass(frozen=True)
class Plan:
    """The features to build, the readings of their measures and the streams they are of, and what is switched off."""

    features: tuple[Feature, ...]
    own: tuple[Own, ...]
    readings: dict[Measure, Reading]
    streams: dict[str, Stream]
    off: dict[str, str] = field(default_factory=dict)

    def of(self, subject: str) -> list[Feature]:
        """The features of a subject, in the catalogue's order."""
        return [f for f in self.features if subject in f.subjects]


def plan(catalogue: Catalogue, book: Book, currency: str | None) -> Plan:
    """The plan for a book; amounts are of `currency` only, if given."""
    off = {e.name: reason for e in catalogue if (reason := missing(e, book))}
    on = tuple(e for e in catalogue if e.name not in off)
    return replace(_planned(on, frozenset(book.tables), currency), off=off)


def available(catalogue: Catalogue, book: Book) -> pd.DataFrame:
    """One row per feature: feature, meaning, unit, sign, subjects, available, and the reason why not."""
    rows = [(*_words(e), not (why := missing(e, book)), why) for e in catalogue]
    return pd.DataFrame(rows, columns=["feature", "meaning", "unit", "sign", "subjects", "available", "reason"])


def missing(entry: Entry, book: Book) -> str:
    """Why a book can't give a feature: a table or column without values; empty when it can."""
    for table, column in sorted(_needs(entry)):
        if table not in book.tables:
            return _("no rows in table {table}").format(table=table)
        if column and not book.has(table, column):
            return _("no values in {table}.{column}").format(table=table, column=column)
    return ""


def version(catalogue: Catalogue) -> str:
    """SHA-256 of the declarations: names, words, formulas, measures and the queries of their facts."""
    whole = _planned(catalogue, frozenset(TABLES), None)
    queries = {name: stream.sql for name, stream in sorted(whole.streams.items())}
    told = [_declared(e, whole.readings) for e in catalogue]
    return hashlib.sha256(json.dumps([queries, told]).encode()).hexdigest()


@lru_cache(maxsize=32)
def _planned(entries: Catalogue, present: frozenset[str], currency: str | None) -> Plan:
    tables = relations(present)
    features = tuple(e for e in entries if isinstance(e, Feature))
    own = tuple(e for e in entries if isinstance(e, Own))
    readings: dict[Measure, Reading] = {}
    streams: dict[str, Stream] = {}
    for measure in dict.fromkeys(m for f in features for m in f.measures):
        name = measure.facts.name
        if name not in streams:
            streams[name] = Stream(measure.facts, tables, currency)
        readings[measure] = streams[name].read(measure)
    return Plan(features, own, readings, streams)


@cache
def _needs(entry: Entry) -> frozenset[tuple[str, str]]:
    """Tables an entry needs (column empty) and their columns that must hold values."""
    if isinstance(entry, Own):
        return trace.sources(entry.value(numbered_invoices()))
    tables = relations(TABLES)
    return frozenset().union(*(_needs_of(m, tables) for m in entry.measures))


def _needs_of(measure: Measure, tables: dict[str, Any]) -> Iterator[tuple[str, str]]:
    rows = measure.facts.rows(tables)
    yield from ((t, "") for t in measure.facts.tables)
    for value in filter(None, (measure.value, measure.where, measure.not_before)):
        read = value(rows)
        if hasattr(read, "op"):
            yield from ((t, c) for t, c in trace.sources(read) if t in measure.facts.tables)


def _words(entry: Entry) -> tuple[str, str, str, int, str]:
    subjects = ("invoice",) if isinstance(entry, Own) else entry.subjects
    return entry.name, _(entry.meaning), entry.unit, entry.sign, ", ".join(subjects)


def _declared(entry: Entry, readings: dict[Measure, Reading]) -> list[Any]:
    words = list(_words(entry)[2:])
    if isinstance(entry, Own):
        return [entry.name, entry.meaning, *words, repr(entry.value(numbered_invoices()))]
    read = [list(vars(readings[m]).values()) for m in entry.measures]
    return [entry.name, entry.meaning, *words, _text(entry.formula), read]


def _text(formula: Callable[..., Any]) -> str:
    return inspect.getsource(formula) if inspect.isfunction(formula) else repr(formula)
