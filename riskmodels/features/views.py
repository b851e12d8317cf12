"""Frames that nothing later may move, and which of their rows and values moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.book.book import Book
from riskmodels.features.engine import build
from riskmodels.features.evidence import ROWS
from riskmodels.features.feature import SUBJECTS, Catalogue, Compared, Entry, column, subjects_of


@dataclass(frozen=True)
class View:
    """The keys known at a day; or, of key invoice, those of `invoices` (known by the day) that were issued by then."""

    key: str
    day: date
    invoices: frozenset[str]

    def of(self, book: Book, catalogue: Catalogue) -> pd.DataFrame:
        """The features of a book, seen so."""
        return self.part(build(book, self.key, self.day if self.key in SUBJECTS else None, catalogue))

    def part(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows in view of a frame of more days."""
        day = pd.Timestamp(self.day)
        if self.key in SUBJECTS:
            seen = frame["as_of"] == day
        else:
            seen = (frame["as_of"] <= day) & frame["invoice_id"].isin(self.invoices)
        return frame[seen].reset_index(drop=True)

    def __str__(self) -> str:
        return f"as of {self.day}" if self.key in SUBJECTS else f"at issue, known by {self.day},"


def ids(frame: pd.DataFrame) -> list[str]:
    """The columns that say what a row is of: the ids of the key, and as_of."""
    return [str(name) for name in frame.select_dtypes(exclude="float")]


def moved_columns(frame: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    """The features that differ in a bit; ROWS if there are other rows."""
    if not frame[ids(frame)].equals(other[ids(frame)]):
        return [ROWS]
    found, told = (f.select_dtypes("float") for f in (frame, other))
    return [str(name) for name in found.columns[(_bits(found) != _bits(told)).any(axis=0)]]


def values(frame: pd.DataFrame, name: str) -> pd.Series:
    """A feature's values by the ids of their rows; of ROWS, 1 for each."""
    rows = pd.MultiIndex.from_frame(frame[ids(frame)])
    return pd.Series(1.0 if name == ROWS else frame[name].to_numpy(), rows)


def moved(before: pd.Series, after: pd.Series) -> pd.Index:
    """The rows whose value differs in a bit, or that only one of the two has."""
    rows = before.index.union(after.index)
    return rows[_bits(before.reindex(rows)) != _bits(after.reindex(rows))]


def behind(catalogue: Catalogue, name: str) -> Catalogue:
    """The entries that a column of a frame is made of; of ROWS, none."""
    entries = {column(e, s): e for e in catalogue for s in subjects_of(e)}
    wanted = [entries[name]] if name in entries else []
    for entry in wanted:
        wanted += [entries[c] for c in _compared(entry) if c in entries]
    return tuple(e for e in catalogue if e in wanted)


def _compared(entry: Entry) -> tuple[str, ...]:
    return entry.columns if isinstance(entry, Compared) else ()


def _bits(floats: pd.Series | pd.DataFrame) -> NDArray[np.int64]:
    return floats.to_numpy().view(np.int64)
