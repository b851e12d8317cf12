"""Completeness: required cells that are empty, optional columns in use, overrides without a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.quality.probe import Probe, RowCheck, blank, row
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

SAYS_NOTHING = ("", "-", "--", ".", "n/a", "na", "none", "null", "无", "略", "同上")
"""Reasons that give no reason."""


def _required(book: Book) -> Iterator[Probe]:
    for table in book.tables:
        for column in book.schema[table].columns:
            # every row has a known_on once it is read: a source without one means the event's own date
            if column.required and column.name != "known_on":
                yield Probe(table, column.name, blank(column))


def _overrides(book: Book) -> Iterator[Probe]:
    nothing = ", ".join(f"'{word}'" for word in SAYS_NOTHING)
    empty = f"lower(trim(override_reason)) IN ({nothing})"
    if book.has("ratings", "model_grade", "final_grade"):
        yield Probe("ratings", "override_reason", f"model_grade <> final_grade AND coalesce({empty}, true)")
    if book.has("applications", "override_reason"):
        # whether a decision departs from the score shows only in a reason being given: it must then say something
        yield Probe("applications", "override_reason", empty)


required_cells = RowCheck(
    "book.completeness.required",
    mark("Empty cells in required columns"),
    _required,
    mark("the book has no rows"),
)
override_reasons = RowCheck(
    "book.completeness.override_reasons",
    mark("Overrides without a reason"),
    _overrides,
    mark("the book has neither grades of a model beside final ones nor reasons of overrides"),
)


def filled(book: Book) -> pd.DataFrame:
    """One row per column in use: table, column, rows, filled (their share), required, and whether a gap is a fault.

    A gap of a `sparse` column says "none", and the cells a later event reveals are empty until it happens: `judged` is
    False for both.
    """
    return pd.DataFrame(
        [cells for table in book.tables for cells in _filled(book, table)],
        columns=["table", "column", "rows", "filled", "required", "judged"],
    )


def optional_columns(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The filled share of the optional column in use that is filled least; dates of later events may stay empty."""
    table = filled(book)
    judged = table[table["judged"] & ~table["required"]]
    name, title = "book.completeness.optional", _("Filled share of the emptiest column in use")
    if judged.empty:
        return not_run(name, title, _("only required columns are in use"), limits=limits[name])
    names = judged["table"] + "." + judged["column"]
    shares = dict(zip(names, judged["filled"].astype(float), strict=True))
    worst = min(shares, key=lambda column: shares[column])
    return CheckResult(name, title, shares[worst], limits[name], "share", len(shares), subject=worst, detail=shares)


def _filled(book: Book, table: str) -> Iterator[tuple[str, str, int, float, bool, bool]]:
    columns = [c for c in book.schema[table].columns if c.name in book.tables[table]]
    counts = ", ".join(f"count(*) FILTER (WHERE NOT {blank(c)})" for c in columns)
    total, *found = row(book, f"SELECT count(*), {counts} FROM {table}")
    for column, n in zip(columns, found, strict=True):
        judged = column.revealed_by == "known_on" and not column.sparse
        yield table, column.name, total, n / total, column.required, judged
