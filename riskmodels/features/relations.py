"""The tables of a book as Ibis relations: those it has, and empty ones in place of those it hasn't."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from riskmodels.book.schema import TABLES, Table

WORK = "riskmodels_work"
"""The schema of the engine's own tables, the invoices with their key numbers first among them."""
NUMBERS = ("client", "debtor", "pair")
"""Dense numbers of the keys, in the order of the ids."""
_TYPES = {
    "text": "string",
    "date": "date",
    "stamp": "timestamp",
    "money": "decimal(18, 2)",
    "rate": "float64",
    "count": "int32",
    "flag": "boolean",
}


def relations(present: Collection[str]) -> dict[str, Any]:
    """Every table of the schema by name; one that isn't present has no rows."""
    invoices = numbered_invoices()
    others = {n: _relation(t) if n in present else _empty(t, invoices) for n, t in TABLES.items()}
    return {**others, "invoices": invoices}


@cache
def numbered_invoices() -> Any:
    """The invoices with the dense numbers of their keys."""
    import ibis

    columns = {**_schema(TABLES["invoices"]), **dict.fromkeys(NUMBERS, "int32")}
    return ibis.table(columns, name="invoices", database=WORK)


def _relation(table: Table) -> Any:
    import ibis

    return ibis.table(_schema(table), name=table.name)


def _empty(table: Table, some: Any) -> Any:
    import ibis

    nothing = {name: ibis.null(kind) for name, kind in _schema(table).items()}
    return some.filter(ibis.literal(False)).select(**nothing)


def _schema(table: Table) -> dict[str, str]:
    return {c.name: _TYPES[c.kind] for c in table.columns}
