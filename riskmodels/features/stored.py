"""What a run computes once for all its streams: the numbered invoices, and what several streams make of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from riskmodels.features.facts import paid, reduced
from riskmodels.features.live import live
from riskmodels.features.relations import WORK

SHARED = {"paid": paid, "reduced": reduced}
"""What several streams read, by name; each may read those before it."""


@dataclass(frozen=True)
class Kept:
    """What is stored of a relation: the columns that are read, and the others' types, for queries name them too."""

    columns: tuple[str, ...]
    void: dict[str, str]


class Stored:
    """The relations a run stores in the work schema, over the book's tables."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """`tables` as the streams get them."""
        import ibis

        self._rows = {name: rows(tables) for name, rows in SHARED.items()}
        self._schemas = {"invoices": tables["invoices"].schema()} | {n: r.schema() for n, r in self._rows.items()}
        self._places = {
            name: (rows.op(), ibis.table(rows.schema(), name=name, database=WORK).op())
            for name, rows in self._rows.items()
        }

    def placed(self, query: Any, but: str = "") -> Any:
        """The query, reading what is stored from where it is; `but` is to be computed itself."""
        places = dict(place for name, place in self._places.items() if name != but)
        return query.op().replace(places).to_expr()

    def read(self, query: Any, columns: Collection[str]) -> dict[str, frozenset[str]]:
        """The columns of what is stored that a query reads for some of its own."""
        return live(self.placed(query), columns, self._schemas)

    def kept(self, reads: Iterable[Mapping[str, frozenset[str]]]) -> dict[str, Kept]:
        """What has to be stored for some reads, each after what it rests on; the invoices always."""
        found: dict[str, set[str]] = {"invoices": set()}
        for its in reads:
            _add(found, its)
        for name in reversed(SHARED):
            if name in found:
                _add(found, live(self._inner[name], found[name], self._schemas))
        return {name: self._kept(name, found[name]) for name in self._schemas if name in found}

    @cache  # noqa: B019  lives as long as the cached plan it belongs to
    def written(self, name: str, dialect: str) -> str:
        """The query of a shared relation with all its columns."""
        import ibis

        return str(ibis.to_sql(self._inner[name], dialect=dialect, pretty=False))

    @cached_property
    def _inner(self) -> dict[str, Any]:
        return {name: self.placed(rows, name) for name, rows in self._rows.items()}

    def _kept(self, name: str, columns: set[str]) -> Kept:
        types = _types(self._schemas[name])
        return Kept(tuple(c for c in types if c in columns), {c: t for c, t in types.items() if c not in columns})


def _add(found: dict[str, set[str]], columns: Mapping[str, frozenset[str]]) -> None:
    for name, its in columns.items():
        found.setdefault(name, set()).update(its)


@cache
def _types(schema: Any) -> dict[str, str]:
    """DuckDB's types of the columns."""
    from ibis.backends.sql.datatypes import DuckDBType

    return {name: DuckDBType.to_string(kind) for name, kind in schema.items()}
