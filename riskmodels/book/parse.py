"""Parts of a source parsed into one table: typed columns in key order, and the text of cells that can't be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from riskmodels.book.cells import literal, moment, typed
from riskmodels.book.derive import derived
from riskmodels.book.mapping import Cell, Format, TableMap
from riskmodels.book.named import listed
from riskmodels.book.schema import Column, Table
from riskmodels.book.sources import ROW, columns_of, one_line, quoted
from riskmodels.core.errors import DataRefused

RAW, PART, STATED = "_raw", "_part", "_stated"
"""Columns beside the table's own: the texts of a row in which some cell can't be read (else NULL), the number of the
part the row came from, and whether the row itself said when it was known."""
MARKS = (PART, ROW, RAW, STATED)


@dataclass(frozen=True)
class Part:
    """Rows of one table from one source: its name in messages, the relation that reads them, and how they are read."""

    source: str
    relation: str
    rules: TableMap


@dataclass(frozen=True)
class Parsed:
    """A table parsed_... with its parts and the columns that came with one of them."""

    table: Table
    parts: tuple[Part, ...]
    form: Format
    stated: frozenset[str]

    @property
    def relation(self) -> str:
        """Where its rows are."""
        return f"parsed_{self.table.name}"

    @property
    def read(self) -> list[Column]:
        """The columns whose texts must be read, in the order in which RAW keeps them."""
        return [c for c in self.table.columns if c.name in self.stated and c.kind != "text"]

    def raw(self, column: str) -> str:
        """The SQL of a cell's text, where the row has one that can't be read."""
        return f"{RAW}[{[c.name for c in self.read].index(column) + 1}]"

    def place(self, part: int, row: int) -> str:
        """Row and, when there is more than one part, whose."""
        return f"row {row}" + (f" of {self.parts[part].source}" if len(self.parts) > 1 else "")


def parse_table(
    con: duckdb.DuckDBPyConnection, table: Table, parts: Sequence[Part], form: Format, known_on: date | None = None
) -> Parsed:
    """The table as parsed_..., sorted by its key; `known_on` is the first day on which silent rows could be known."""
    for part in parts:
        _check_found(part, table.name, columns_of(con, part.relation))
    stated = frozenset(c for part in parts for c in part.rules.columns)
    parsed = Parsed(table, tuple(parts), form, stated)
    rows = " UNION ALL ".join(_rows(parsed, i, known_on) for i in range(len(parts)))
    if parts[0].rules.one_per_key:
        rows = f"SELECT * FROM ({rows}) {_first_of_entity(table)}"
    order = ", ".join([*map(quoted, table.key), PART, ROW])
    try:
        con.execute(f"CREATE TABLE {parsed.relation} AS SELECT {_whole(parsed)} FROM ({rows} ORDER BY {order})")
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise DataRefused(
            f"{parts[0].source}: {table.name}: the mapping can't be computed: {one_line(error)}"
        ) from None
    return parsed


def _whole(parsed: Parsed) -> str:
    """The table's columns in their order, then the marks. Absent columns come in here: the sort needn't carry them."""
    here = parsed.stated | {"known_on"}
    cells = [
        quoted(c.name) if c.name in here else f"CAST(NULL AS {c.sql_type}) AS {quoted(c.name)}"
        for c in parsed.table.columns
    ]
    return ", ".join([*cells, *MARKS])


def _check_found(part: Part, name: str, found: list[str]) -> None:
    for target, cell in part.rules.columns.items():
        if missing := sorted(_used(f"{name}.{target}", cell) - set(found)):
            raise DataRefused(f"{part.source}: {name}.{target}: no column {missing[0]!r}; found {listed(found)}")
    if (when := part.rules.when) and when not in found:
        raise DataRefused(f"{part.source}: {name}: no column {when!r} to keep rows by; found {listed(found)}")


def _used(where: str, cell: Cell) -> set[str]:
    if cell.column is not None:
        return {cell.column}
    return set(derived(where, cell.derive).columns) if cell.derive is not None else set()


def used_columns(rules: TableMap) -> set[str]:
    """The source columns a table's mapping reads."""
    cells = (_used(name, cell) for name, cell in rules.columns.items())
    return set().union(*cells) | ({rules.when} if rules.when else set())


def _rows(parsed: Parsed, number: int, known_on: date | None) -> str:
    """The SELECT of one part, in layers: texts, moments of dates, typed cells, the columns that came with the table."""
    part, form = parsed.parts[number], parsed.form
    mapped = [c for c in parsed.table.columns if c.name in part.rules.columns]
    texts = _listed([ROW], [f"{_text(part.rules.columns[c.name])} AS {_raw(c)}" for c in mapped])
    keep = f" WHERE nullif(trim({quoted(part.rules.when)}), '') IS NOT NULL" if part.rules.when else ""
    dated = [c for c in mapped if c.kind in ("date", "stamp")]
    moments = _listed(["*"], [f"{moment(_raw(c), form)} AS {_at(c)}" for c in dated])
    values = _listed(["*"], [f"{typed(c, _raw(c), _at(c), form)} AS {_value(c)}" for c in mapped])
    source = f"SELECT {texts} FROM {part.relation}{keep}"
    layers = f"SELECT {values} FROM (SELECT {moments} FROM ({source}))"
    return f"SELECT {_columns(parsed, number, known_on)} FROM ({layers})"


def _columns(parsed: Parsed, number: int, known_on: date | None) -> str:
    mapped = parsed.parts[number].rules.columns
    cells = [_own(c, mapped) for c in parsed.table.columns if c.name in parsed.stated - {"known_on"}]
    texts = [_raw(c) if c.name in mapped else "NULL" for c in parsed.read]
    unread = [f"({_value(c)} IS NULL AND {_raw(c)} IS NOT NULL)" for c in parsed.read if c.name in mapped]
    kept = f"CASE WHEN {' OR '.join(unread) or 'FALSE'} THEN [{', '.join(texts)}]::VARCHAR[] END"
    said = '"raw_known_on" IS NOT NULL' if "known_on" in mapped else "FALSE"
    known = f'CASE WHEN {said} THEN "value_known_on" END' if "known_on" in mapped else "NULL::DATE"
    silent = _silently_known(parsed.table, mapped, known_on)
    return ", ".join(
        [
            *cells,
            f'coalesce({known}, CASE WHEN NOT ({said}) THEN {silent} END) AS "known_on"',
            f"{number} AS {PART}",
            ROW,
            f"{kept} AS {RAW}",
            f"({said}) AS {STATED}",
        ]
    )


def _own(column: Column, mapped: dict[str, Cell]) -> str:
    value = _value(column) if column.name in mapped else f"CAST(NULL AS {column.sql_type})"
    return f"{value} AS {quoted(column.name)}"


def _silently_known(table: Table, mapped: dict[str, Cell], known_on: date | None) -> str:
    """When a row that doesn't say so became known: on the event's own date, but not before its delivery."""
    event = f"CAST({_value(table[table.event])} AS DATE)" if table.event in mapped else "NULL::DATE"
    return f"greatest({event}, DATE '{known_on}')" if known_on else event


def _first_of_entity(table: Table) -> str:
    """One row per entity, its earliest: which is what the first component of the key names."""
    order = f"PARTITION BY {quoted(table.key[0])} ORDER BY {quoted(table.event)}, {PART}, {ROW}"
    return f"QUALIFY row_number() OVER ({order}) = 1"


def _text(cell: Cell) -> str:
    """The cell's text without blanks around it, NULL when nothing is left."""
    if cell.constant is not None:
        return literal(str(cell.constant))
    value = quoted(cell.column) if cell.column is not None else f"CAST({derived('', cell.derive or '').sql} AS VARCHAR)"
    text = f"nullif(CASE WHEN contains({value}, '\u3000') THEN trim({value}, ' \u3000') ELSE trim({value}) END, '')"
    if not cell.values:
        return text
    cases = " ".join(f"WHEN {literal(k)} THEN {literal(v)}" for k, v in cell.values.items())
    return f"CASE {text} {cases} ELSE {text} END"


def _listed(first: list[str], more: list[str]) -> str:
    return ", ".join([*first, *more])


def _raw(column: Column) -> str:
    return quoted(f"raw_{column.name}")


def _at(column: Column) -> str:
    return quoted(f"at_{column.name}")


def _value(column: Column) -> str:
    return quoted(f"value_{column.name}")
