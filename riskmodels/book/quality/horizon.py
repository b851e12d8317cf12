"""The last day a book can speak of, so that one mistyped year doesn't stretch everything else."""

from __future__ import annotations

from datetime import date

from riskmodels.book.book import Book
from riskmodels.book.quality.probe import row

LATEST = date(2199, 12, 31)
"""Of a book without any date."""

LONGEST_SILENCE = 183
"""Days without a row after which what follows is a mistyped year, not a book that went on."""


def last_plausible_day(book: Book) -> date:
    """The last day the book can speak of: its cut, the day it was made as of, or the last one without a long gap.

    Rows known after a silence of half a year are few and mistyped, or the book has two halves and the larger counts.
    """
    if book.cut:
        return book.cut
    if made := str(book.meta.get("as_of") or ""):
        return date.fromisoformat(made)
    days = " UNION ALL ".join(f"SELECT known_on FROM {t}" for t in book.tables)
    found = row(
        book,
        f"""
        WITH days AS (SELECT known_on, count(*) AS n FROM ({days}) WHERE known_on IS NOT NULL GROUP BY 1),
        marked AS (SELECT *, known_on - lag(known_on) OVER (ORDER BY known_on) > {LONGEST_SILENCE} AS gap FROM days),
        pieces AS (SELECT *, count(*) FILTER (WHERE gap) OVER (ORDER BY known_on) AS piece FROM marked)
        SELECT max(known_on) FROM pieces GROUP BY piece ORDER BY sum(n) DESC LIMIT 1
        """,
    )
    return found[0] if found else LATEST
