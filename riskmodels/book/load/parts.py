"""Which rows of which sources make which table."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Mapping as ByName
from pathlib import Path

import duckdb

from riskmodels.book.defects import FACTS_HANG_ON
from riskmodels.book.mapping import Mapping, native
from riskmodels.book.named import listed
from riskmodels.book.parse import Parsed, Part, used_columns
from riskmodels.book.schema import META, REQUIRED_TABLES, Table
from riskmodels.book.sources import Staged, columns_of, place_of, refusal, stage
from riskmodels.core.errors import DataRefused, Misuse

Source = str | Path
"""A path, or the address of a server."""
Schema = ByName[str, Table]


def staged_sources(
    con: duckdb.DuckDBPyConnection, sources: Iterable[Source], mapping: Mapping | None
) -> list[tuple[str, Staged]]:
    """Each source's name in messages and what it holds; a source given twice is refused."""
    named = [(place_of(source), source) for source in sources]
    if not named:
        raise Misuse("found no source, expected a file, a folder or an address")
    if twice := next((n for i, (n, _) in enumerate(named) if n in [m for m, _ in named[:i]]), None):
        raise Misuse(f"{twice}: found twice, expected each source once")
    encoding = mapping.format.encoding if mapping else "utf-8"
    return [(name, stage(con, source, encoding)) for name, source in named]


def parts_of(
    con: duckdb.DuckDBPyConnection,
    staged: list[tuple[str, Staged]],
    mapping: Mapping | None,
    schema: Schema,
    book: Collection[str],
) -> dict[str, list[Part]]:
    """The parts of each table, in the order in which tables are read; `book` are the tables of a book appended to."""
    if mapping is None:
        return _native(con, staged, schema, book)
    if strange := [t for t in mapping.tables if t not in schema]:
        raise Misuse(f"mapping: {strange[0]}: no such table, expected one of the house or of a pack given to the load")
    return {t: _mapped(staged, t, mapping) for t in _in_order(schema) if t in mapping.tables}


def _in_order(schema: Schema) -> list[str]:
    """The names of tables, invoices first: the other facts hang on them."""
    return sorted(schema, key=lambda t: t != FACTS_HANG_ON)


def _mapped(staged: list[tuple[str, Staged]], table: str, mapping: Mapping) -> list[Part]:
    rules = mapping.tables[table]
    if rules.source is None:
        return [Part(where, _only(where, table, found), rules) for where, found in staged]
    parts = [Part(where, found[rules.source], rules) for where, found in staged if rules.source in found]
    if not parts:
        raise DataRefused(f"{_places(staged)}: {table}: no sheet, file or table {rules.source!r}; found {_all(staged)}")
    return parts


def _only(where: str, table: str, found: Staged) -> str:
    if len(found) == 1:
        return found[next(iter(found))]
    said = "several sheets, files or tables, and none is named"
    raise DataRefused(f"{where}: {table}: {said}; found {listed(sorted(found))}")


def _native(
    con: duckdb.DuckDBPyConnection, staged: list[tuple[str, Staged]], schema: Schema, book: Collection[str]
) -> dict[str, list[Part]]:
    """The parts of sources that have our own names."""
    for where, found in staged:
        if not any(t in found for t in schema):
            raise DataRefused(_no_table(where, next(iter(REQUIRED_TABLES)), listed(sorted(found))))
    ours = [t for t in _in_order(schema) if any(t in found for _, found in staged)]
    if missing := [t for t in REQUIRED_TABLES if t not in ours and t not in book]:
        raise DataRefused(_no_table(_places(staged), missing[0], _all(staged)))
    return {t: [_native_part(con, where, schema[t], found[t]) for where, found in staged if t in found] for t in ours}


def _no_table(where: str, table: str, found: str) -> str:
    return f"{where}: no table {table}; found {found}; for other names give a mapping"


def _native_part(con: duckdb.DuckDBPyConnection, where: str, table: Table, relation: str) -> Part:
    """The part with the columns it has; `known_on` may be left to its default."""
    found = columns_of(con, relation)
    if needed := [c for c in table.required if c != "known_on" and c not in found]:
        raise DataRefused(f"{where}: {table.name}: missing columns {', '.join(needed)}; it has {listed(found)}")
    rules = native(table)
    here = {name: cell for name, cell in rules.columns.items() if name in found}
    return Part(where, relation, rules.model_copy(update={"columns": here}))


def ignored(staged: list[tuple[str, Staged]], mapping: Mapping | None, schema: Schema) -> tuple[str, ...]:
    """Tables, sheets and files that no part was read from."""
    named = set(schema) if mapping is None else {rules.source for rules in mapping.tables.values()}
    alone = mapping is not None and None in named
    return tuple(
        sorted(
            f"{where}: {name}"
            for where, found in staged
            if not (alone and len(found) == 1)
            for name in found
            if name not in named and name != META
        )
    )


def unused(con: duckdb.DuckDBPyConnection, tables: Iterable[Parsed]) -> tuple[str, ...]:
    """Columns of the sources that no table uses."""
    parts = [part for parsed in tables for part in parsed.parts]
    found = {c for part in parts for c in columns_of(con, part.relation)}
    return tuple(sorted(found - {c for part in parts for c in used_columns(part.rules)}))


def blamed(con: duckdb.DuckDBPyConnection, parts: Iterable[Part], error: duckdb.Error) -> Exception:
    """What to say of an error met while parts were read together: the first that can't be read alone is to blame."""
    for part in parts:
        try:
            con.execute(f"SELECT count(COLUMNS(*)) FROM {part.relation}").fetchall()
        except duckdb.Error as own:
            return refusal(part.source, own)
    return error


def _places(staged: list[tuple[str, Staged]]) -> str:
    return ", ".join(where for where, _ in staged)


def _all(staged: list[tuple[str, Staged]]) -> str:
    return listed(sorted({name for _, found in staged for name in found}))
