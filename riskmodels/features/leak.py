"""The proof that no feature sees the future: whatever is revealed later is turned to garbage, and no bit may move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.garble import garbled
from riskmodels.features.engine import build
from riskmodels.features.feature import SUBJECTS, Catalogue


def assert_no_leak(catalogue: Catalogue, book: Book, as_of: date | Sequence[date] | None = None) -> None:
    """Nothing, if no feature depends on what was revealed later; else AssertionError naming the feature.

    Every row known after the date and every cell revealed after it is replaced by random values (keys stay, and so does
    that it is known later); the frames of all keys, and of invoices known by then at their own issue, must keep every
    bit. By default three dates are tried, a quarter, half and three quarters through the book's days.
    """
    for day in _days(book, as_of):
        other = garbled(book, day)
        for subject in SUBJECTS:
            _compare(build(book, subject, day, catalogue), build(other, subject, day, catalogue), f"as of {day}")
        known = book.as_of(day).frame("invoices")["invoice_id"]
        _compare(_issued(book, catalogue, known), _issued(other, catalogue, known), f"at issue, known by {day}")


def _days(book: Book, as_of: date | Sequence[date] | None) -> list[date]:
    if isinstance(as_of, date):
        return [as_of]
    if as_of:
        return list(as_of)
    first, last = book.first_day, book.last_day
    return [first + (last - first) * quarter / 4 for quarter in (1, 2, 3)] if first and last else []


def _issued(book: Book, catalogue: Catalogue, known: pd.Series) -> pd.DataFrame:
    frame = build(book, "invoice", catalogue=catalogue)
    return frame[frame["invoice_id"].isin(known)].reset_index(drop=True)


def _compare(found: pd.DataFrame, other: pd.DataFrame, when: str) -> None:
    """Refuse frames that differ in a row or, named, in a bit of a feature."""
    ids = [c for c in found if found[c].dtype.kind != "f"]
    if not found[ids].equals(other[ids]):
        raise AssertionError(f"{when}: later facts change which rows there are")
    for name in found.columns.difference(ids, sort=False):
        bits, others = (f[name].to_numpy().view(np.int64) for f in (found, other))
        if moved := int((bits != others).sum()):
            raise AssertionError(f"{name} {when}: sees the future, later facts change {moved} of {len(bits)} values")
