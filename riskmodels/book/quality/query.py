"""Query checks: rows at fault that take a look at other rows to be seen, as one SQL query with what it is judged of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from riskmodels.book.book import Book
from riskmodels.book.quality.probe import detail, fault, one
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _


@dataclass(frozen=True)
class QueryCheck:
    """A check whose value is the rows of `faulty`, or with `rate` their share of what `of` counts.

    `needs` names tables and columns, `absent` is the reason when one is missing; it and `title` are marked messages.
    """

    name: str
    title: str
    label: str
    needs: tuple[tuple[str, ...], ...]
    absent: str
    faulty: str
    of: str
    rate: bool = True

    def __call__(self, book: Book, limits: Mapping[str, Limits]) -> CheckResult:
        lines = limits[self.name]
        if not all(book.has(*need) for need in self.needs):
            return not_run(self.name, _(self.title), _(self.absent), limits=lines)
        found = fault(book, self.label, self.faulty)
        n = int(one(book, self.of))
        value, unit = (found.rows / n if n else 0.0, "rate") if self.rate else (found.rows, "count")
        return CheckResult(self.name, _(self.title), value, lines, unit, n, detail=detail([found]))
