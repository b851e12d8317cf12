"""The house's tables together with those that packs add: what a book with packs promises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Protocol

from riskmodels.book.schema.contract import KINDS, Table
from riskmodels.core.errors import Misuse

NAME = re.compile(r"[a-z][a-z0-9_]*")
META = "meta"
"""What a book says of itself: no table of facts may be called so."""


class HasTables(Protocol):
    """What adds tables to a book: a pack, by its name."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The contracts it adds."""


def extended(house: Mapping[str, Table], packs: Iterable[HasTables]) -> Mapping[str, Table]:
    """The house's tables by name, then those of the packs; a table that breaks the rules of contracts is one line."""
    schema = dict(house)
    homes = dict.fromkeys(house, "the house")
    for pack in packs:
        for table in pack.tables:
            _check_name(pack, table, homes)
            schema[table.name], homes[table.name] = table, f"pack {pack.name}"
        for table in pack.tables:
            _check_columns(f"pack {pack.name}: table {table.name}", table, schema)
    return schema if len(schema) > len(house) else house


def _check_name(pack: HasTables, table: Table, homes: Mapping[str, str]) -> None:
    where = f"pack {pack.name}: table {table.name!r}"
    if not NAME.fullmatch(table.name) or table.name == META or table.name in _reserved():
        raise Misuse(f"{where}: found a name that can't be used, expected small letters, digits and _, no word of SQL")
    if table.name in homes:
        raise Misuse(f"{where}: found a table of that name in {homes[table.name]}, expected another name")


def _check_columns(where: str, table: Table, schema: Mapping[str, Table]) -> None:
    """Refuse a contract that couldn't be loaded or cut."""
    needed = {"the day it is known": "known_on", "its event": table.event, **{f"key {k}": k for k in table.key}}
    if missing := [f"{what} ({name})" for what, name in needed.items() if name not in table.names]:
        raise Misuse(f"{where}: found no column for {missing[0]}, expected one")
    dates = {c.name for c in table.columns if c.kind in ("date", "stamp")}
    for column in table.columns:
        if not NAME.fullmatch(column.name) or table.names.count(column.name) > 1:
            raise Misuse(f"{where}: found column {column.name!r}, expected small letters, digits and _, each name once")
        if column.kind not in KINDS:
            raise Misuse(f"{where}.{column.name}: found kind {column.kind!r}, expected one of {', '.join(KINDS)}")
        if column.revealed_by not in dates:
            raise Misuse(f"{where}.{column.name}: found revealed by {column.revealed_by!r}, expected a date column")
        if column.refers_to and column.refers_to not in schema:
            raise Misuse(f"{where}.{column.name}: found a reference to {column.refers_to!r}, expected a table")
    if table.event not in dates or not table.key:
        raise Misuse(f"{where}: found event {table.event!r} and key {table.key}, expected a date and a column or more")


@cache
def _reserved() -> frozenset[str]:
    """Words that DuckDB takes for no name."""
    import duckdb

    query = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
    return frozenset(word for (word,) in duckdb.execute(query).fetchall())
