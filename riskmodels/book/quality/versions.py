"""Versions: terms that overlap, run out of order, or lie outside their contract."""

from __future__ import annotations

from collections.abc import Mapping

from riskmodels.book.book import Book
from riskmodels.book.quality.probe import Fault, detail, fault, rows
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _

OUTSIDE = "valid_from > closes_on OR valid_from < opened_on"


def versions(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The share of versions known before the one they replace, overlapping the next, or outside their contract."""
    name, title = "book.versions.order", _("Versions that overlap or are out of order")
    found = [t for t in book.tables if book.schema[t].versioned]
    if not found:
        return not_run(name, title, _("the book has no tables with versions"), limits=limits[name])
    n = sum(rows(book, t) for t in found)
    faults = [f for t in found for f in _faults(book, t)]
    value = sum(f.rows for f in faults) / n
    return CheckResult(name, title, value, limits[name], "rate", n, detail=detail(faults))


def _faults(book: Book, table: str) -> list[Fault]:
    holder = ", ".join(k for k in book.schema[table].key if k != "valid_from")
    ends = "valid_to" if "valid_to" in book.schema[table].names else "NULL"
    beside = (
        f"SELECT *, lag(known_on) OVER own AS known_before, lead(valid_from) OVER own AS next_from FROM {table} "
        f"WINDOW own AS (PARTITION BY {holder} ORDER BY valid_from)"
    )
    wrong = {
        "known_on": "known_on < known_before",
        "valid_to": f"{ends} >= next_from",
        "valid_from": OUTSIDE if "closes_on" in book.schema[table].names else "FALSE",
    }
    return [
        fault(book, f"{table}.{label}", f"SELECT {holder}, valid_from FROM ({beside}) WHERE {condition}")
        for label, condition in wrong.items()
    ]
