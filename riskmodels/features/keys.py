"""Who is known, from when: dense numbers of the keys of every subject, and the invoices that carry them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from riskmodels.book.book import Book
from riskmodels.book.schema import Table
from riskmodels.features.facts import in_force
from riskmodels.features.relations import WORK, relation
from riskmodels.features.stored import Kept, Stored

Array = Any
IDS = {
    "client": ("client_id",),
    "debtor": ("debtor_id",),
    "pair": ("client_id", "debtor_id"),
    "chain": ("anchor_id",),
    "industry": ("industry",),
}
"""The id columns of each subject."""
TABLES = {"client": "clients", "debtor": "debtors", "pair": "pairs", "chain": "chains", "industry": "industries"}
"""The workspace's tables of keys: ids, number, the day the key was first known, its invoices."""
STANDINGS = "standings"
"""What each party belonged to, from which day until the next version came into force."""


@dataclass(frozen=True)
class Keys:
    """One subject's keys in the order of their ids: id columns (Arrow), first day known, number of invoices."""

    ids: Any
    first: Array
    invoices: Array

    def __len__(self) -> int:
        return len(self.first)


@contextmanager
def workspace(
    book: Book, memory_limit: str, stored: Stored, kept: Mapping[str, Kept], numbers: Collection[str]
) -> Iterator[Any]:
    """The book's connection with the tables that streams read in a schema of their own; all undone afterwards.

    The invoices carry the numbers of the keys asked for, the others are empty.
    """
    con = book.connection
    con.execute(f"CREATE SCHEMA {WORK}")
    try:
        con.execute(f"SET memory_limit = '{memory_limit}'")
        for name, query in tables(book, numbers).items():
            con.execute(f"CREATE TABLE {WORK}.{name} AS {query}")
        for name, its in kept.items():
            query = _invoices(numbers) if name == "invoices" else stored.written(name, "duckdb")
            _keep(con, name, query, its, numbers)
        yield con
    finally:
        con.execute(f"DROP SCHEMA {WORK} CASCADE")
        con.execute("RESET memory_limit")


def drop(con: Any, kept: Collection[str]) -> None:
    """Give back the room of what was kept; DuckDB hands memory back to the machine when its limit is set."""
    for name in kept:
        con.execute(f"DROP VIEW {WORK}.{name}; DROP TABLE {WORK}.{name}_rows")
    con.execute("RESET memory_limit")


def _keep(con: Any, name: str, query: str, kept: Kept, numbers: Collection[str]) -> None:
    """Store the columns that are read, under a view in which the others are empty; a stored invoice has its place."""
    read = dict.fromkeys([*kept.columns, *(numbers if name == "invoices" else ())])
    place = {"invoice": "CAST(rowid AS INTEGER)"} if name == "invoices" else {}
    cells = ", ".join(f'"{c}"' for c in read if c not in place) or "NULL AS nothing"
    con.execute(f"CREATE TABLE {WORK}.{name}_rows AS SELECT {cells} FROM ({query})")
    void = {c: f"CAST(NULL AS {kind})" for c, kind in kept.void.items() if c not in read}
    others = "".join(f', {cell} AS "{c}"' for c, cell in {**void, **place}.items())
    con.execute(f"CREATE VIEW {WORK}.{name} AS SELECT *{others} FROM {WORK}.{name}_rows")


def keys(con: Any, subject: str) -> Keys:
    """The keys of a subject, read from the workspace."""
    ids = ", ".join(IDS[subject])
    where = f"{WORK}.{TABLES[subject]}"
    query = f"""
        SELECT {ids}, known_on - DATE '1970-01-01' AS first, coalesce(n, 0) AS invoices FROM {where}
        LEFT JOIN (SELECT {subject} AS number, count(*) AS n FROM {WORK}.invoices GROUP BY {subject}) USING (number)
        ORDER BY number"""
    table = con.cursor().sql(query).to_arrow_table()
    first, invoices = (table[c].to_numpy().astype(np.int64) for c in ("first", "invoices"))
    return Keys(table.select(IDS[subject]), first, invoices)


def tables(book: Book, numbers: Collection[str]) -> dict[str, str]:
    """The tables of keys in the order in which they rest on one another, each as a query; pairs only if asked for."""
    return {
        STANDINGS: _standings(book),
        "clients": _parties(book, "client"),
        "debtors": _parties(book, "debtor"),
        "chains": _belongings("anchor_id"),
        "industries": _belongings("industry"),
        **({"pairs": _PAIRS} if "pair" in numbers else {}),
    }


def _standings(book: Book) -> str:
    return _standings_of(book.schema["parties"]) if book.has("parties") else _NO_STANDINGS


@cache
def _standings_of(parties: Table) -> str:
    import ibis

    versions = in_force(relation(parties), "party_id")
    until = versions.known_on.lead().over(ibis.window(group_by="party_id", order_by="known_on"))
    found = versions.select("party_id", "anchor_id", "industry", since=versions.known_on, until=until)
    return str(ibis.to_sql(found, dialect="duckdb", pretty=False))


_NO_STANDINGS = """
    SELECT CAST(NULL AS VARCHAR) AS party_id, CAST(NULL AS VARCHAR) AS anchor_id, CAST(NULL AS VARCHAR) AS industry,
        CAST(NULL AS DATE) AS since, CAST(NULL AS DATE) AS until
    WHERE FALSE"""


def _parties(book: Book, subject: str) -> str:
    parties = (
        f"UNION ALL SELECT party_id, greatest(known_on, valid_from) FROM parties WHERE roles IN ('{subject}', 'both')"
        if book.has("parties", "roles")
        else ""
    )
    return f"""
        SELECT {subject}_id, {_number(f"{subject}_id")}, min(known_on) AS known_on
        FROM (SELECT {subject}_id, known_on FROM invoices {parties}) GROUP BY {subject}_id"""


def _belongings(column: str) -> str:
    return f"""
        SELECT {column}, {_number(column)}, min(since) AS known_on
        FROM {WORK}.{STANDINGS} WHERE {column} IS NOT NULL GROUP BY {column}"""


def _number(ids: str) -> str:
    return f"CAST(row_number() OVER (ORDER BY {ids}) - 1 AS INTEGER) AS number"


_PAIRS = f"""
    SELECT client_id, debtor_id, {_number("client_id, debtor_id")}, min(known_on) AS known_on
    FROM invoices GROUP BY client_id, debtor_id"""


def numbered(cells: str, day: str, where: str = "invoices") -> str:
    """A query of invoices `i` for some cells and the numbers of their chain and industry, as they were at a day.

    An invoice's chain is the one its debtor heads, else the one its debtor belonged to, else its client's.
    """
    return f"""
        SELECT {cells}, coalesce(head.number, paying.number, selling.number) AS chain, trade.number AS industry
        FROM {where} i
        {_standing("debtor_id", "payer", day)}
        {_standing("client_id", "seller", day)}
        LEFT JOIN {WORK}.chains head ON head.anchor_id = i.debtor_id AND head.known_on <= {day}
        LEFT JOIN {WORK}.chains paying ON paying.anchor_id = payer.anchor_id
        LEFT JOIN {WORK}.chains selling ON selling.anchor_id = seller.anchor_id
        LEFT JOIN {WORK}.industries trade ON trade.industry = payer.industry"""


def _standing(party: str, name: str, day: str) -> str:
    """What a party belonged to at a day."""
    return f"""
        LEFT JOIN {WORK}.{STANDINGS} {name} ON {name}.party_id = i.{party}
            AND {name}.since <= {day} AND ({day} < {name}.until OR {name}.until IS NULL)"""


def _invoices(numbers: Collection[str]) -> str:
    """The invoices with the numbers asked for; the other numbers are empty."""
    belonging = numbered("i.*", "i.known_on") if {"chain", "industry"} & set(numbers) else _NO_BELONGING
    joins = [_KEY_JOINS[n] for n in _KEY_JOINS if n in numbers]
    found = [f"{n[0]}.number AS {n}" if n in numbers else f"CAST(NULL AS INTEGER) AS {n}" for n in _KEY_JOINS]
    return f"SELECT i.*, {', '.join(found)} FROM ({belonging}) i {' '.join(joins)}"


_NO_BELONGING = "SELECT *, CAST(NULL AS INTEGER) AS chain, CAST(NULL AS INTEGER) AS industry FROM invoices"
_KEY_JOINS = {
    "client": f"JOIN {WORK}.clients c ON c.client_id = i.client_id",
    "debtor": f"JOIN {WORK}.debtors d ON d.debtor_id = i.debtor_id",
    "pair": f"JOIN {WORK}.pairs p ON p.client_id = i.client_id AND p.debtor_id = i.debtor_id",
}
