"""Ways to meet a hard rule: what each reads of a book, and the rows that speak for a party or against it.

A way answers with one row per party it knows something of: party_id, holds (1 it does, 0 it doesn't, empty when the
row doesn't say), row (key of the evidence) and found (what that row says).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.dates import add_months
from riskmodels.core.errors import Misuse
from riskmodels.features.facts.soft import LETTERS

Figures = Mapping[str, Any]

NEWEST = """
newest AS (
    SELECT * FROM parties QUALIFY row_number() OVER (PARTITION BY party_id ORDER BY valid_from DESC) = 1
)"""
"""What is known of each party, of a book that is cut: the version that came into force last."""


@dataclass(frozen=True)
class Way:
    """One way: the table and columns it reads, its answer, and what no row about a party means (None: not known)."""

    table: str
    columns: tuple[str, ...]
    answer: Callable[[Book, date, Figures], pd.DataFrame]
    silence: bool | None = None


def no_event(*kinds: str) -> Way:
    """No event of one of these kinds is known of the last `months`."""

    def answer(seen: Book, day: date, figures: Figures) -> pd.DataFrame:
        return _events(seen, day, figures, "kind IN (SELECT unnest($kinds))", {"kinds": list(kinds)})

    return Way("party_events", ("kind", "occurred_on"), answer, silence=True)


def no_grave_event() -> Way:
    """No event of at least `severity` is known of the last `months`; one of unknown severity leaves it open."""

    def answer(seen: Book, day: date, figures: Figures) -> pd.DataFrame:
        return _events(seen, day, figures, "coalesce(severity, 5) >= $severity", {"severity": figures["severity"]})

    return Way("party_events", ("severity", "occurred_on"), answer, silence=True)


def _events(seen: Book, day: date, figures: Figures, which: str, values: dict[str, Any]) -> pd.DataFrame:
    """The event that weighs most against each party: one whose severity is known, the newest of these."""
    graded = "severity IS NULL" if "severity" in values else "FALSE"
    return seen.sql(
        f"""
        SELECT party_id, CASE WHEN {graded} THEN NULL ELSE 0 END AS holds, event_id AS row,
            concat_ws(', ', kind, CAST(occurred_on AS VARCHAR), severity || '/5') AS found
        FROM party_events WHERE {which} AND occurred_on > $since
        QUALIFY row_number() OVER (PARTITION BY party_id ORDER BY {graded}, occurred_on DESC, event_id) = 1
        """,
        {**values, "since": add_months(day, -figures["months"])},
    )


def _rated(seen: Book, day: date, figures: Figures) -> pd.DataFrame:
    wanted = figures["rating"].strip().upper()
    place = next((i for i, names in enumerate(LETTERS) if wanted in names), None)
    if place is None:
        raise Misuse(f"rating: found {figures['rating']!r}, expected letters of an agency's scale")
    good = [name for names in LETTERS[: place + 1] for name in names]
    return seen.sql(
        f"""
        WITH {NEWEST} SELECT party_id, CAST(valid_from AS VARCHAR) AS row, coalesce(external_rating, '') AS found,
            CAST(coalesce(upper(trim(external_rating)) IN (SELECT unnest($good)), FALSE) AS INTEGER) AS holds
        FROM newest
        """,
        {"good": good},
    )


def _established(seen: Book, day: date, figures: Figures) -> pd.DataFrame:
    return seen.sql(
        f"""
        WITH {NEWEST} SELECT party_id, CAST(valid_from AS VARCHAR) AS row, CAST(founded_on AS VARCHAR) AS found,
            CAST(founded_on <= $latest AS INTEGER) AS holds
        FROM newest WHERE founded_on IS NOT NULL
        """,
        {"latest": add_months(day, -figures["months"])},
    )


def _identified(seen: Book, day: date, figures: Figures) -> pd.DataFrame:
    """The newest check of each item; the worst of a party's items speaks for it."""
    return seen.sql(
        """
        WITH checks AS (
            SELECT *, CAST(result = 'passed' AND coalesce(expires_on > $day, TRUE) AS INTEGER) AS holds FROM kyc
            QUALIFY row_number() OVER (PARTITION BY party_id, item ORDER BY checked_on DESC, known_on DESC) = 1
        )
        SELECT party_id, holds, concat_ws(' ', item, CAST(checked_on AS VARCHAR)) AS row,
            concat_ws(', ', item, result, CAST(expires_on AS VARCHAR)) AS found
        FROM checks QUALIFY row_number() OVER (PARTITION BY party_id ORDER BY holds NULLS LAST, item) = 1
        """,
        {"day": day},
    )


def _solvent(seen: Book, day: date, figures: Figures) -> pd.DataFrame:
    return seen.sql(
        """
        SELECT party_id, CAST(equity >= 0 AS INTEGER) AS holds, CAST(period_end AS VARCHAR) AS row,
            CAST(equity AS VARCHAR) AS found
        FROM financials WHERE equity IS NOT NULL AND period_end > $since
        QUALIFY row_number() OVER (PARTITION BY party_id ORDER BY period_end DESC, published_on DESC) = 1
        """,
        {"since": add_months(day, -figures["months"])},
    )


RATED = Way("parties", ("external_rating",), _rated)
ESTABLISHED = Way("parties", ("founded_on",), _established)
IDENTIFIED = Way("kyc", ("item", "result"), _identified)
SOLVENT = Way("financials", ("equity",), _solvent)
