"""Random books that have every table and every column of the schema, whatever it comes to hold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.book import Book, in_memory
from riskmodels.book.schema import TABLES, Column, Table

START = np.datetime64("2024-01-01")
DAYS = 500
ROWS = 60


def schema_book(seed: int) -> Book:
    """A book with ROWS rows in each of the schema's tables; a third of the optional cells are empty."""
    frames = {name: _frame(np.random.default_rng([seed, i]), t) for i, (name, t) in enumerate(TABLES.items())}
    return Book("random", in_memory(frames))


def _frame(rng: np.random.Generator, table: Table) -> pd.DataFrame:
    """Rows around random days: each date of a row lies within some months of the row's own day."""
    day = START + rng.integers(0, DAYS, ROWS)
    cells = {c.name: _cells(rng, table, c, day) for c in table.columns}
    return pd.DataFrame(cells).drop_duplicates(list(table.key))


def _cells(rng: np.random.Generator, table: Table, column: Column, day: np.ndarray) -> pd.Series:
    values = pd.Series(_values(rng, table, column, day))
    optional = not column.required and column.name not in table.key
    return values.mask(rng.random(ROWS) < 1 / 3) if optional else values


def _values(rng: np.random.Generator, table: Table, column: Column, day: np.ndarray) -> np.ndarray:
    match column.kind:
        case "date" | "stamp":
            own = column.name == table.event
            return (day if own else day + rng.integers(0, 200, ROWS)).astype("datetime64[us]")
        case "money":
            return rng.integers(1, 10_000_000, ROWS) / 100
        case "rate":
            return rng.random(ROWS)
        case "count":
            return rng.integers(1, 6, ROWS)
        case "flag":
            return rng.random(ROWS) < 0.5
    if column.allowed:
        return rng.choice(column.allowed, ROWS)
    if column.name == "currency":
        return np.full(ROWS, "CNY")
    if column.refers_to and column.name not in table.key:
        return np.char.add(f"{column.refers_to}-", rng.integers(0, ROWS, ROWS).astype(str))
    return np.char.add(f"{column.refers_to or table.name}-", np.arange(ROWS).astype(str))
