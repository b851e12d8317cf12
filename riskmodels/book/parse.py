"""Text cells of a source turned into typed columns by SQL; what can't be parsed becomes NULL beside its text."""

from __future__ import annotations

import duckdb

from riskmodels.book.derive import derived
from riskmodels.book.mapping import Cell, Format, TableMap
from riskmodels.book.schema import TABLES, Column, Table
from riskmodels.book.sources import ROW, columns_of, one_line, quoted
from riskmodels.core.dates import EARLIEST, LATEST
from riskmodels.core.errors import DataRefused

RAW = "raw_"
"""Prefix of the column that keeps the text a typed column was parsed from."""


def parse_table(
    con: duckdb.DuckDBPyConnection, name: str, rules: TableMap, form: Format, staged: str, where: str
) -> str:
    """The relation with the table's rows: typed columns, the text of each beside it as raw_..., the row's place."""
    table, found = TABLES[name], columns_of(con, staged)
    cells = [c for c in table.columns if c.name in rules.columns]
    _check_found(where, name, rules, found)
    raw = ", ".join(f"{_raw_sql(rules.columns[c.name])} AS {quoted(RAW + c.name)}" for c in cells)
    typed = ", ".join(f"{_typed_sql(c, form)} AS {quoted(c.name)}" for c in cells)
    keep = f" WHERE nullif(trim({quoted(rules.when)}), '') IS NOT NULL" if rules.when else ""
    query = f"CREATE TEMP TABLE parsed_{name} AS SELECT *, {typed} FROM (SELECT {ROW}, {raw} FROM {staged}{keep})"
    try:
        con.execute(query)
    except duckdb.Error as error:
        raise DataRefused(f"{where}: {name}: the mapping can't be computed: {one_line(error)}") from None
    _add_known_on(con, table, {c.name for c in cells})
    if rules.one_per_key:
        _keep_first(con, table)
    return f"parsed_{name}"


def _check_found(where: str, name: str, rules: TableMap, found: list[str]) -> None:
    for target, cell in rules.columns.items():
        if missing := sorted(_used(f"{name}.{target}", cell) - set(found)):
            raise DataRefused(f"{where}: {name}.{target}: no column {missing[0]!r}; found {', '.join(found)}")
    if rules.when and rules.when not in found:
        raise DataRefused(f"{where}: {name}: no column {rules.when!r} to keep rows by; found {', '.join(found)}")


def _used(where: str, cell: Cell) -> set[str]:
    if cell.column is not None:
        return {cell.column}
    return set(derived(where, cell.derive).columns) if cell.derive is not None else set()


def used_columns(rules: TableMap) -> set[str]:
    """The source columns a table's mapping reads."""
    cells = (_used(name, cell) for name, cell in rules.columns.items())
    return set().union(*cells) | ({rules.when} if rules.when else set())


def _raw_sql(cell: Cell) -> str:
    if cell.constant is not None:
        return _literal(str(cell.constant))
    value = quoted(cell.column) if cell.column is not None else f"CAST({derived('', cell.derive or '').sql} AS VARCHAR)"
    text = f"nullif(trim({value}), '')"
    if not cell.values:
        return text
    cases = " ".join(f"WHEN {_literal(k)} THEN {_literal(v)}" for k, v in cell.values.items())
    return f"CASE {text} {cases} ELSE {text} END"


def _typed_sql(column: Column, form: Format) -> str:
    raw = quoted(RAW + column.name)
    match column.kind:
        case "date":
            return _date_sql(raw, form)
        case "stamp":
            return _stamp_sql(raw, form)
        case "money":
            return _money_sql(raw, form)
        case "rate":
            number = f"try_cast({_decimal(raw, form)} AS DOUBLE)"
            return f"CASE WHEN isfinite({number}) THEN {number} END"
        case "count":
            return f"try_cast({raw} AS INTEGER)"
        case "flag":
            yes, no = "'true','t','yes','y','1','是'", "'false','f','no','n','0','否'"
            return f"CASE WHEN lower({raw}) IN ({yes}) THEN TRUE WHEN lower({raw}) IN ({no}) THEN FALSE END"
        case _:
            return raw


def _date_sql(raw: str, form: Format) -> str:
    return f"CAST({_stamp_sql(raw, form)} AS DATE)"


def _stamp_sql(raw: str, form: Format) -> str:
    tried = [f"try_strptime({raw}, {_literal(pattern)})" for pattern in form.dates]
    time = f"coalesce({', '.join([*tried, f'try_cast({raw} AS TIMESTAMP)'])})"
    return f"CASE WHEN CAST({time} AS DATE) BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}' THEN {time} END"


def _money_sql(raw: str, form: Format) -> str:
    """An amount to the cent: a third decimal is refused, the noise of a binary fraction is not."""
    exact = f"try_cast({_decimal(raw, form)} AS DECIMAL(30,8))"
    return f"CASE WHEN abs({exact} - round({exact}, 2)) < 0.00001 THEN try_cast(round({exact}, 2) AS DECIMAL(18,2)) END"


def _decimal(raw: str, form: Format) -> str:
    """The text as a plain number, NULL when its marks aren't those of the format: 12,50 is no number where , groups."""
    point, group = (",", ".") if form.decimal == "," else (".", ",")
    grouped = f"[0-9]{{1,3}}([{group} ][0-9]{{3}})+"
    pattern = f"[+-]?([0-9]+|{grouped})?([{point}][0-9]*)?([eE][+-]?[0-9]+)?"
    plain = f"replace(replace(replace({raw}, '{group}', ''), ' ', ''), '{point}', '.')"
    return f"CASE WHEN regexp_full_match({raw}, '{pattern}') THEN {plain} END"


def _add_known_on(con: duckdb.DuckDBPyConnection, table: Table, mapped: set[str]) -> None:
    """A source that doesn't say when a fact became known: the event's own date."""
    if "known_on" not in mapped:
        con.execute(f"ALTER TABLE parsed_{table.name} ADD COLUMN raw_known_on VARCHAR")
        con.execute(f"ALTER TABLE parsed_{table.name} ADD COLUMN known_on DATE")
    if table.event in mapped or table.event == "known_on":
        con.execute(
            f"UPDATE parsed_{table.name} SET known_on = {quoted(table.event)} "
            f"WHERE known_on IS NULL AND raw_known_on IS NULL"
        )


def _keep_first(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """One row per entity, its earliest: which is what the first component of the key names."""
    order = f"PARTITION BY {quoted(table.key[0])} ORDER BY {quoted(table.event)}, {ROW}"
    con.execute(
        f"DELETE FROM parsed_{table.name} WHERE {ROW} NOT IN "
        f"(SELECT {ROW} FROM parsed_{table.name} QUALIFY row_number() OVER ({order}) = 1)"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
