"""Who is known, from when: dense numbers of debtors, clients, pairs, and the invoices that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodels.book.book import Book
from riskmodels.features.relations import NUMBERS, WORK

Array = Any
IDS = {"client": ("client_id",), "debtor": ("debtor_id",), "pair": ("client_id", "debtor_id")}


@dataclass(frozen=True)
class Keys:
    """One subject's keys in the order of their ids: id columns (Arrow), first day known, number of invoices."""

    ids: Any
    first: Array
    invoices: Array

    def __len__(self) -> int:
        return len(self.first)


@contextmanager
def workspace(book: Book, memory_limit: str) -> Iterator[Any]:
    """The book's connection with the numbered invoices in a schema of their own; all undone afterwards."""
    con = book.connection
    con.execute(f"CREATE SCHEMA {WORK}")
    try:
        con.execute(f"SET memory_limit = '{memory_limit}'")
        for subject in NUMBERS:
            con.execute(f"CREATE TABLE {WORK}.{subject}s AS {_KEYS[subject](book)}")
        con.execute(f"CREATE TABLE {WORK}.invoices AS {_INVOICES}")
        yield con
    finally:
        con.execute(f"DROP SCHEMA {WORK} CASCADE")
        con.execute("RESET memory_limit")


def keys(con: Any, subject: str) -> Keys:
    """The keys of a subject, read from the workspace."""
    ids = ", ".join(IDS[subject])
    table = (
        con.cursor()
        .sql(f"SELECT {ids}, known_on - DATE '1970-01-01' AS first, invoices FROM {WORK}.{subject}s ORDER BY number")
        .to_arrow_table()
    )
    first, invoices = (table[c].to_numpy().astype(np.int64) for c in ("first", "invoices"))
    return Keys(table.select(IDS[subject]), first, invoices)


def _party_keys(subject: str) -> Any:
    def query(book: Book) -> str:
        parties = (
            f"UNION ALL SELECT party_id, known_on, 0 FROM parties WHERE roles IN ('{subject}', 'both')"
            if book.has("parties", "roles")
            else ""
        )
        return f"""
            SELECT {subject}_id, (row_number() OVER (ORDER BY {subject}_id) - 1)::INTEGER AS number,
                min(known_on) AS known_on, sum(n)::BIGINT AS invoices
            FROM (SELECT {subject}_id, known_on, 1 AS n FROM invoices {parties}) GROUP BY 1"""

    return query


def _pair_keys(book: Book) -> str:
    return """
        SELECT client_id, debtor_id, (row_number() OVER (ORDER BY client_id, debtor_id) - 1)::INTEGER AS number,
            min(known_on) AS known_on, count(*) AS invoices
        FROM invoices GROUP BY 1, 2"""


_KEYS = {"client": _party_keys("client"), "debtor": _party_keys("debtor"), "pair": _pair_keys}
_INVOICES = f"""
    SELECT i.*, c.number AS client, d.number AS debtor, p.number AS pair
    FROM invoices i
    JOIN {WORK}.clients c ON c.client_id = i.client_id
    JOIN {WORK}.debtors d ON d.debtor_id = i.debtor_id
    JOIN {WORK}.pairs p ON p.client_id = i.client_id AND p.debtor_id = i.debtor_id"""
