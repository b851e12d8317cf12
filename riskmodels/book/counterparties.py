"""With whom an obligor mostly deals: the party on the other side of most of its open invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import credits_of
from riskmodels.core.errors import Misuse

OTHER = {"debtor_id": "client_id", "client_id": "debtor_id"}


def main_counterparty(book: Book, key: str, origins: Sequence[date]) -> pd.DataFrame:
    """One row per obligor with an open invoice at an origin: the key, as_of and counterparty.

    That is the party with the largest open balance between the two, of the book's main currency, as known at the
    origin's close; of equal ones the first by name. `key` is debtor_id or client_id.
    """
    if key not in OTHER:
        raise Misuse(f"key: found {key!r}, expected debtor_id or client_id")
    parts = [_at(book.as_of(day), key).assign(as_of=pd.Timestamp(day)) for day in origins]
    empty = pd.DataFrame(columns=[key, "counterparty", "as_of"])
    return pd.concat(parts, ignore_index=True) if parts else empty


def _at(seen: Book, key: str) -> pd.DataFrame:
    return seen.sql(
        f"""
        WITH {credits_of(seen)}, credited AS (SELECT invoice_id, sum(amount) AS credited FROM credits GROUP BY 1),
        pairs AS (
            SELECT {key}, {OTHER[key]} AS counterparty, sum(greatest(amount - coalesce(credited, 0), 0)) AS balance
            FROM invoices LEFT JOIN credited USING (invoice_id)
            WHERE currency = $currency GROUP BY 1, 2
        )
        SELECT {key}, counterparty FROM pairs WHERE balance > 0
        QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY balance DESC, counterparty) = 1 ORDER BY 1
        """,
        {"currency": seen.currency},
    )
