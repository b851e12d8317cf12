"""What of a book is revealed after a day: whole rows, and cells of rows that were known before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.book import Book
from riskmodels.book.schema import Table

Places = NDArray[np.int64]
PIECES = 64


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows of a table, by their places in the order of its key: of them the named columns, or the whole rows."""

    table: str
    rows: Places
    columns: tuple[str, ...] = ()

    @property
    def pieces(self) -> list[Part]:
        """The part cut smaller: by rows, one row by its columns; one cell, or one whole row, stays as it is."""
        if len(self.rows) > 1:
            return [replace(self, rows=r) for r in np.array_split(self.rows, min(len(self.rows), PIECES))]
        return [replace(self, columns=(c,)) for c in self.columns] or [self]


def revealed_after(book: Book, day: date) -> list[Part]:
    """The rows not known by the close of `day`, and of the others the cells whose date to be revealed is later."""
    return [part for name in book.tables for part in _revealed(book, book.schema[name], day) if len(part.rows)]


def every_row(book: Book) -> list[Part]:
    """The rows of each table."""
    sizes = {name: book.connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in book.tables}
    return [Part(name, np.arange(size)) for name, size in sizes.items()]


def joined(parts: Iterable[Part]) -> list[Part]:
    """The same rows and cells, with one part for each choice of columns."""
    groups: dict[tuple[str, tuple[str, ...]], list[Places]] = {}
    for part in parts:
        groups.setdefault((part.table, part.columns), []).append(part.rows)
    return [Part(table, np.concatenate(places), columns) for (table, columns), places in groups.items()]


def counts_from(table: Table) -> str:
    """The day from which a row counts, in SQL: when it was known, and a version not before it is valid."""
    return "greatest(known_on, valid_from)" if table.versioned else "known_on"


def ordered(table: Table) -> str:
    """A table's key as it is ordered by, in SQL."""
    return ", ".join(f'"{k}"' for k in table.key)


def _revealed(book: Book, table: Table, day: date) -> list[Part]:
    dates = {counts_from(table): (), **_revealing(table)}
    seen = ", ".join(f"coalesce(CAST({by} AS DATE) <= $day, FALSE)" for by in dates)
    found = book.sql(f"SELECT {seen} FROM {table.name} ORDER BY {ordered(table)}", {"day": day}).to_numpy(bool)
    known = found[:, 0]
    hidden = [~known, *(known & ~shown for shown in found[:, 1:].T)]
    return [Part(table.name, np.flatnonzero(h), columns) for h, columns in zip(hidden, dates.values())]


def _revealing(table: Table) -> dict[str, tuple[str, ...]]:
    """The date columns that reveal cells of their own row, and which."""
    dates = dict.fromkeys(f'"{c.revealed_by}"' for c in table.columns if c.revealed_by != "known_on")
    return {by: tuple(c.name for c in table.columns if f'"{c.revealed_by}"' == by) for by in dates}
