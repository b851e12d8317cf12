"""Small random books with late knowledge, reversals and ties: whatever is revealed later may not move a feature."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

import riskmodels
from riskmodels.features import CATALOGUE
from tests.certify.campaign import Campaign, Figure, Record, none
from tests.contracts.schema_books import ROWS, schema_book
from tests.features.feature_books import book_of, random_frames

CURRENCIES = (("CNY",), ("CNY", "USD"), ("CNY", "USD", "EUR"))


def run(seed: int) -> Record:
    """The first leak of a random book at a random date, empty if there is none; every fourth book has every table."""
    rng = np.random.default_rng(seed)
    n, days = int(rng.integers(20, 200)), int(rng.integers(60, 800))
    if seed % 4 == 3:
        n, book = ROWS, schema_book(seed)
    else:
        book = book_of(random_frames(seed, n, days, CURRENCIES[seed % 3]))
    day = book.first_day + timedelta(int(rng.integers(0, (book.last_day - book.first_day).days)))
    try:
        riskmodels.assert_no_leak(CATALOGUE, book, day)
    except AssertionError as leak:
        return {"invoices": n, "leak": str(leak)}
    return {"invoices": n, "leak": ""}


def summary(records: list[Record]) -> list[Figure]:
    """Books in which a feature of the catalogue saw the future."""
    leaks = [r["leak"] for r in records if r["leak"]]
    said = [Figure("first leak", leaks[0])] if leaks else []
    return [
        none("books in which a feature sees the future", len(leaks), len(records)),
        Figure("invoices", f"{sum(r['invoices'] for r in records):,}"),
        Figure("columns of the catalogue", f"{len(CATALOGUE)}"),
        *said,
    ]


LEAKS = Campaign("leaks", "No feature sees the future", run, summary, seeds=400, quick=4)
