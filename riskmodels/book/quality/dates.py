"""Dates nobody can have seen: rows of after the last day the book can speak of, rows known before they happened."""

from __future__ import annotations

from collections.abc import Iterator

from riskmodels.book.book import Book
from riskmodels.book.quality.horizon import last_plausible_day
from riskmodels.book.quality.probe import Probe, RowCheck, event
from riskmodels.book.quality.ranges import is_known_rule
from riskmodels.core.text import mark

SAID_BEFOREHAND = ("amendments", "facilities", "guarantees", "parties")
"""The house's tables of terms, which may be agreed before they hold; so are versions of a pack's table."""


def _said_beforehand(book: Book, table: str) -> bool:
    return table in SAID_BEFOREHAND or book.schema[table].versioned


def _future(book: Book) -> Iterator[Probe]:
    last = last_plausible_day(book)
    for table in book.tables:
        day = "known_on" if _said_beforehand(book, table) else f"greatest(known_on, {event(book, table)})"
        yield Probe(table, book.schema[table].event, f"{day} > DATE '{last}'")


def _known_before(book: Book) -> Iterator[Probe]:
    for table in book.tables:
        # what was declared for the table, else that a fact isn't known before its event
        if rules := [r.holds for r in book.schema[table].rules if is_known_rule(r.name)]:
            yield Probe(table, "known_on", " OR ".join(f"NOT ({holds})" for holds in rules))
        elif not _said_beforehand(book, table):
            yield Probe(table, "known_on", f"known_on < {event(book, table)}")


future_dates = RowCheck(
    "book.dates.future", mark("Rows from after the last day of the book"), _future, mark("no row has a date")
)
known_before_event = RowCheck(
    "book.dates.known_before_event",
    mark("Rows known before they happened"),
    _known_before,
    mark("no table of the book has an event and the day it was known"),
)
