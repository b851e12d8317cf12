"""The proof that no feature sees the future: whatever comes later is made another, and no bit may move."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.garble import crowded, garbled, without
from riskmodels.book.later import Part, every_row, revealed_after
from riskmodels.features.culprit import named, smallest
from riskmodels.features.engine import frames
from riskmodels.features.evidence import Evidence, LeakFound
from riskmodels.features.feature import Catalogue
from riskmodels.features.needs import subjects_in
from riskmodels.features.views import View, behind, moved, moved_columns, values

EXAMPLES = 3


def assert_no_leak(catalogue: Catalogue, book: Book, as_of: date | Sequence[date] | None = None) -> None:
    """Nothing, if no feature depends on what was revealed later; else LeakFound, naming the feature and the rows.

    At each date three other futures are tried. Every row known later and every cell revealed later is random, to be
    known the next day, within years, or in another age; or those rows and cells aren't there; or beside every row
    there is a further one, known later. The frames of all keys at the date, and of invoices known by then at their own
    issue, must keep every bit. By default three dates are tried, a quarter, half and three quarters through the
    book's days. A feature of one's own is proved before it is used:

        late = Feature("paid_late_ever", "Payments after the due date", "count", RAISES, total,
                       (Flow(PAYMENTS, lambda r: r.paid_on > r.due_on),))
        assert_no_leak((late,), book)

    The error is an AssertionError. It tells up to three values that moved, each with the fewest later rows and cells
    that move it: in words, as records (`evidence`) and as a frame (`frame`).
    """
    days, keys = _days(book, as_of), (*subjects_in(book), "invoice")
    whole = frames(book, keys, days, catalogue) if days else {}
    for day in days:
        known = frozenset(book.as_of(day).frame("invoices")["invoice_id"])
        for future in _futures(book, day):
            others = frames(future.book, keys, day, catalogue)
            for view in (View(key, day, known) for key in keys):
                _compare(book, catalogue, view, view.part(whole[view.key]), future, view.part(others[view.key]))


def _days(book: Book, as_of: date | Sequence[date] | None) -> list[date]:
    if isinstance(as_of, date):
        return [as_of]
    if as_of:
        return list(as_of)
    book.need("invoices")
    first, last = book.first_day, book.last_day
    return [first + (last - first) * quarter / 4 for quarter in (1, 2, 3)] if first and last else []


@dataclass(frozen=True)
class _Future:
    """Another future: `how` it is another, in which parts, and the book that is another in some of them."""

    how: str
    parts: Sequence[Part]
    told: Callable[[Sequence[Part]], Book]

    @cached_property
    def book(self) -> Book:
        """The book that is another in all of them."""
        return self.told(self.parts)


def _futures(book: Book, day: date) -> list[_Future]:
    later = revealed_after(book, day)
    cells = [p if p.columns else replace(p, columns=book.schema[p.table].names) for p in later]
    return [
        _Future("with", cells, lambda parts: garbled(book, day, parts=parts)),
        _Future("without", later, lambda parts: without(book, parts)),
        _Future("with a later row like", every_row(book), lambda parts: crowded(book, day, parts=parts)),
    ]


def _compare(
    book: Book, catalogue: Catalogue, view: View, frame: pd.DataFrame, future: _Future, other: pd.DataFrame
) -> None:
    """Refuse a future whose frame is another in a row or a bit, with the evidence."""
    if features := moved_columns(frame, other):
        name, before = features[0], values(frame, features[0])
        suspect = _Suspect(name, view, behind(catalogue, name), before, future)
        evidence = suspect.evidence(book, suspect.moved(future.parts))
        raise LeakFound(features, str(view), len(moved(before, values(other, name))), len(frame), list(evidence))


@dataclass(frozen=True)
class _Suspect:
    """A feature that a future moves: the view, what it is made of, and its values by row."""

    name: str
    view: View
    catalogue: Catalogue
    values: pd.Series
    future: _Future

    def told(self, parts: Sequence[Part]) -> pd.Series:
        """Its values where some parts of the future are another."""
        return values(self.view.of(self.future.told(parts), self.catalogue), self.name)

    def moved(self, parts: Sequence[Part]) -> pd.Index:
        """The rows whose value some parts move."""
        return moved(self.values, self.told(parts))

    def evidence(self, book: Book, rows: pd.Index) -> Iterator[Evidence]:
        """For rows that move, a few with culprits of their own, what moves them."""
        for _ in range(EXAMPLES):
            if rows.empty:
                return
            parts = self._culprits(rows[0])
            after = self.told(parts)
            *who, as_of = rows[0]
            yield Evidence(
                feature=self.name,
                ids={str(name): str(value) for name, value in zip(rows.names, who)},
                as_of=as_of.date(),
                before=float(self.values.get(rows[0], np.nan)),
                after=float(after.get(rows[0], np.nan)),
                how=self.future.how,
                culprits=named(book, parts, self.view.day),
            )
            rows = rows.difference(moved(self.values, after), sort=False)

    def _culprits(self, row: Hashable) -> list[Part]:
        return smallest(self.future.parts, lambda parts: row in self.moved(parts))
