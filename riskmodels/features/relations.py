"""The tables of a book as Ibis relations: those it has, and empty ones in place of those it hasn't."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from riskmodels.book.schema import Table
from riskmodels.core.errors import Misuse

Schema = Mapping[str, Table]
WORK = "riskmodels_work"
"""The schema of the engine's own tables: the keys with their numbers, and the invoices that carry them."""
NUMBERS = ("client", "debtor", "pair", "chain", "industry")
"""The keys that facts may concern, each a dense number in the order of the ids; empty where a fact doesn't."""
KEYS = {"clients": "client_id", "debtors": "debtor_id", "chains": "anchor_id", "industries": "industry"}
"""The tables of keys that facts are joined to by an id: that id and its `number`."""
_TYPES = {
    "text": "string",
    "date": "date",
    "stamp": "timestamp",
    "money": "decimal(18, 2)",
    "rate": "float64",
    "count": "int32",
    "flag": "boolean",
}


class Relations(dict[str, Any]):
    """Tables by name; to ask for one that the schema doesn't have is a mistake, or a pack was left out."""

    def __missing__(self, name: str) -> Any:
        raise Misuse(
            f"facts: found no table {name!r}, expected one of {', '.join(self)}; or give the pack that adds it"
        )


def relations(schema: Schema, present: Collection[str]) -> Relations:
    """Every table of the schema by name, one that isn't present without rows; and the tables of `KEYS`."""
    invoices = numbered_invoices(schema["invoices"])
    tables = {n: relation(t) if n in present else _empty(t, invoices) for n, t in schema.items()}
    return Relations({**tables, "invoices": invoices, **{name: _keys(name, id_) for name, id_ in KEYS.items()}})


@cache
def numbered_invoices(table: Table) -> Any:
    """The invoices with a number of their own and those of their keys."""
    import ibis

    columns = {**_schema(table), **dict.fromkeys(("invoice", *NUMBERS), "int32")}
    return ibis.table(columns, name="invoices", database=WORK)


def _keys(name: str, key: str) -> Any:
    import ibis

    return ibis.table({key: "string", "number": "int32"}, name=name, database=WORK)


def relation(table: Table) -> Any:
    """A table of the book."""
    import ibis

    return ibis.table(_schema(table), name=table.name)


def _empty(table: Table, some: Any) -> Any:
    import ibis

    nothing = {name: ibis.null(kind) for name, kind in _schema(table).items()}
    return some.filter(ibis.literal(False)).select(**nothing)


def _schema(table: Table) -> dict[str, str]:
    return {c.name: _TYPES[c.kind] for c in table.columns}
