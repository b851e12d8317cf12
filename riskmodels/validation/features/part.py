"""A part of a book that is small enough to be put to a costly test: some debtors and all that hangs on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from riskmodels.book.book import Book, in_memory
from riskmodels.book.schema import Table

_IDS = {"invoices": "invoice_id", "advances": "advance_id", "parties": "party_id"}
"""Tables that others hang on, in the order in which a link to them is looked for, and the ids they are found by."""


def part_of_book(book: Book, debtors: int) -> Book:
    """The book of some debtors: their invoices and what hangs on these, their clients, and all that names no party.

    Drawn by a hash of their ids, so the same every time: `debtors` of them, and one more for each table that hangs on
    invoices, so that none of these tables is left empty.
    """
    invoices = _rows(book, "invoices", "debtor_id", _drawn(book, debtors))
    kept = {"invoices": invoices["invoice_id"].tolist(), "parties": _parties(book, invoices)}
    if "advances" in book.tables:
        kept["advances"] = _rows(book, "advances", "invoice_id", kept["invoices"])["advance_id"].tolist()
    frames = {name: _part(book, name, kept) for name in book.tables}
    return replace(book, attach=in_memory(frames), cut=None, meta={**book.meta, "currency": book.currency})


def _part(book: Book, table: str, kept: Mapping[str, list[str]]) -> pd.DataFrame:
    column, to = _link(book.schema[table])
    return _rows(book, table, column, kept.get(to, [])) if to else book.frame(table)


def _rows(book: Book, table: str, column: str, ids: list[str]) -> pd.DataFrame:
    key = ", ".join(f'"{k}"' for k in book.schema[table].key)
    query = f'SELECT * FROM {table} WHERE "{column}" IN (SELECT unnest($ids)) ORDER BY {key}'
    return book.sql(query, {"ids": ids})


def _link(table: Table) -> tuple[str, str]:
    """By which column a table hangs on another, and on which; nothing when its rows name neither invoice nor party."""
    if table.name in _IDS and table.name != "advances":
        return _IDS[table.name], table.name
    if table.name == "amendments":
        return "target_id", "invoices"
    for to in _IDS:
        columns = [c.name for c in table.columns if c.required and c.refers_to == to]
        if columns:
            return columns[-1], to
    return "", ""


def _drawn(book: Book, debtors: int) -> list[str]:
    some = f"(SELECT debtor_id FROM invoices GROUP BY 1 ORDER BY md5(debtor_id) LIMIT {debtors})"
    hanging = [t for t in book.tables if t != "invoices" and _link(book.schema[t]) == ("invoice_id", "invoices")]
    one_of = [
        f"(SELECT debtor_id FROM invoices SEMI JOIN {t} USING (invoice_id) GROUP BY 1 ORDER BY md5(debtor_id) LIMIT 1)"
        for t in hanging
    ]
    return book.sql(" UNION ".join([some, *one_of]))["debtor_id"].tolist()


def _parties(book: Book, invoices: pd.DataFrame) -> list[str]:
    """The debtors and clients of the invoices, and the core enterprises of their chains."""
    found = {*invoices["debtor_id"], *invoices["client_id"]}
    if book.has("parties", "anchor_id"):
        anchors = _rows(book, "parties", "party_id", sorted(found))["anchor_id"]
        found |= set(anchors.dropna())
    return sorted(found)
