"""The proof that no feature sees the future, run on a part of the book that takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.features import assert_no_leak, column
from riskmodels.features.evidence import LeakFound
from riskmodels.features.feature import Catalogue
from riskmodels.features.needs import switched_off
from riskmodels.validation.features.offered import alone
from riskmodels.validation.features.part import part_of_book

DEBTORS = 20


@dataclass(frozen=True)
class Proof:
    """What was put to the test: part of a book, features and dates; and what the test said.

    `untested` are features that the part is too small to give: nothing was proved of them. `moved` names the columns
    that see the future in the first frame where any does, and `evidence` has what moved them, one row per culprit.
    """

    part: Book
    catalogue: Catalogue
    days: tuple[date, ...]
    untested: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    evidence: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def size(self) -> dict[str, int]:
        """How many debtors, invoices and rows of all tables the part has."""
        rows = sum(len(self.part.sql(f"SELECT 1 AS one FROM {t}")) for t in self.part.tables)
        counted = self.part.sql("SELECT count(DISTINCT debtor_id) AS debtors, count(*) AS invoices FROM invoices")
        return {"debtors": int(counted["debtors"][0]), "invoices": int(counted["invoices"][0]), "rows": rows}


def prove(catalogue: Catalogue, book: Book, key: str, days: Sequence[date], debtors: int = DEBTORS) -> Proof:
    """The leak test of a key's features that a book can give, on some of its debtors and at some dates."""
    part = part_of_book(book, debtors)
    off = switched_off(catalogue, book)
    on = [e for e in catalogue if e.name not in off]
    lost = switched_off(catalogue, part)
    tested = alone(tuple(e for e in on if e.name not in lost), key)
    told = part, tested, tuple(days), tuple(column(e, key) for e in on if e.name in lost)
    try:
        assert_no_leak(tested, part, list(days))
    except LeakFound as found:
        return Proof(*told, found.features, found.frame)
    return Proof(*told)
