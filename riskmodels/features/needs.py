"""What entries need of a book, tables and columns with values, and which entries a book can't give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from riskmodels.book.book import Book
from riskmodels.book.schema import TABLES, Table
from riskmodels.core.text import gettext as _
from riskmodels.features import trace
from riskmodels.features.check import check_catalogue
from riskmodels.features.facts import BELONGS, PARTIES
from riskmodels.features.feature import SUBJECTS, Catalogue, Compared, Entry, Feature, Linked, Own, column, subjects_of
from riskmodels.features.measures import Facts, Last, Measure
from riskmodels.features.relations import Schema, numbered_invoices, relations

LINKS = {"chain": Last(BELONGS, lambda r: r.of_chain), "industry": Last(PARTIES, lambda r: r.of_industry)}
"""The number of what a party belongs to, as it was last known."""
NEEDS = {"chain": ("parties", "anchor_id"), "industry": ("parties", "industry")}
"""The column without which there are no such keys."""
Tables = tuple[Table, ...]
Filled = frozenset[tuple[str, frozenset[str]]]
Lack = tuple[str, str]
"""A table that has no rows (column empty), a column without values, or (table empty) a column of the frame."""


def switched_off(catalogue: Catalogue, book: Book) -> dict[str, str]:
    """The entries a book can't give, each with the table or column that has no values."""
    found = _lacks(catalogue, tables_of(book.schema), frozenset(book.tables.items()))
    return {name: _words(*lack) for name, lack in found.items()}


def subjects_in(book: Book) -> tuple[str, ...]:
    """The subjects a book has keys of: chains and industries only if its parties name them."""
    return tuple(s for s in SUBJECTS if s not in NEEDS or book.has(*NEEDS[s]))


def sources(entry: Entry, schema: Schema = TABLES) -> str:
    """The tables an entry is computed from, separated by commas."""
    return ", ".join(sorted(_read(entry, tables_of(schema)) & set(schema)))


def tables_of(schema: Schema) -> Tables:
    """The schema's tables, which can be the key of a cache."""
    return tuple(schema.values())


@cache
def by_name(tables: Tables) -> dict[str, Table]:
    """The tables by name."""
    return {t.name: t for t in tables}


def measures_of(entry: Entry) -> tuple[Measure, ...]:
    """The measures that are read of the facts of an entry's own subjects."""
    if isinstance(entry, Linked):
        return (LINKS[entry.of],)
    return entry.measures if isinstance(entry, Feature) else ()


def _words(table: str, name: str) -> str:
    if not name:
        return _("no rows in table {table}").format(table=table)
    if not table:
        return _("without {column}").format(column=name)
    return _("no values in {table}.{column}").format(table=table, column=name)


@lru_cache(maxsize=64)
def _lacks(catalogue: Catalogue, tables: Tables, filled: Filled) -> dict[str, Lack]:
    """The first that each entry lacks."""
    check_catalogue(catalogue)
    has = dict(filled)
    off = {e.name: lack for e in catalogue if (lack := _lack(e, tables, has))}
    given = {column(e, s) for e in catalogue if e.name not in off for s in subjects_of(e)}
    without = {e.name: [c for c in e.columns if c not in given] for e in catalogue if isinstance(e, Compared)}
    return off | {name: ("", lost[0]) for name, lost in without.items() if lost}


def _lack(entry: Entry, tables: Tables, has: Mapping[str, frozenset[str]]) -> Lack | None:
    for table, name in sorted(_needs(entry, tables)):
        if table not in has:
            return table, ""
        if name and name not in has[table]:
            return table, name
    wanted = [NEEDS.get(s) for s in entry.subjects] if isinstance(entry, Feature) else []
    absent = [need for need in wanted if need and need[1] not in has.get(need[0], ())]
    return absent[0] if absent and len(absent) == len(wanted) else None


@cache
def _needs(entry: Entry, tables: Tables) -> frozenset[tuple[str, str]]:
    """Tables an entry needs (column empty) and their columns that must hold values."""
    if isinstance(entry, Compared):
        return frozenset()
    if isinstance(entry, Own):
        return trace.sources(entry.value(numbered_invoices(by_name(tables)["invoices"])))
    if isinstance(entry, Linked):
        return _needs(entry.feature, tables) | {NEEDS[entry.of]}
    return frozenset().union(*(_needs_of(m, tables) for m in entry.measures))


def _needs_of(measure: Measure, tables: Tables) -> Iterator[tuple[str, str]]:
    rows = _rows(measure.facts, tables)
    yield from ((t, "") for t in measure.facts.tables)
    for value in filter(None, (measure.value, measure.where, measure.not_before)):
        read = value(rows)
        if hasattr(read, "op"):
            yield from ((t, c) for t, c in trace.sources(read) if t in measure.facts.tables)


@cache
def _read(entry: Entry, tables: Tables) -> frozenset[str]:
    """Every table behind an entry; of a comparison none, its columns have their own."""
    import ibis.expr.operations as ops

    if not isinstance(entry, Feature | Linked):
        return frozenset(table for table, _column in _needs(entry, tables))
    measures = (*measures_of(entry), *(entry.feature.measures if isinstance(entry, Linked) else ()))
    rows = {m.facts: _rows(m.facts, tables) for m in measures}
    return frozenset(node.name for r in rows.values() for node in r.op().find(ops.UnboundTable))


@cache
def _rows(facts: Facts, tables: Tables) -> Any:
    """The facts of a book that has every table."""
    schema = by_name(tables)
    return facts.rows(relations(schema, schema))
