"""Debtors or clients at origins: their features as known then, and whether they were overdue after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.counterparties import main_counterparty
from riskmodels.book.outcomes import Default, known_until
from riskmodels.core.dates import add_months, month_end
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.features import build
from riskmodels.models.overdue_parties.outcome import overdue_outcomes
from riskmodels.models.scorecard.offered import BEHAVIOUR

SUBJECT = {"debtor_id": "debtor", "client_id": "client"}
HISTORY_MONTHS = 3
"""The first origin leaves the book this long to fill."""
STEP_MONTHS = 3


def party_sample(book: Book, key: str, as_of: date, rule: Default) -> pd.DataFrame:
    """The mature rows of `key` (debtor_id or client_id) for a rule, at quarterly origins, as known at `as_of`'s close.

    Origins are month ends a quarter apart, from three months after the book's beginning. A window that isn't over gives
    no row, overdue or not: the model's card counts them. Columns as in `parties_at`.
    """
    seen = known_until(book.as_of(as_of), as_of)
    origins = [origin for origin in origins_of(book, as_of) if add_months(origin, rule.months) <= seen]
    if not origins:
        raise DataRefused(
            f"{book.name}: the book begins on {book.first_day} and is known until {seen}; overdue "
            f"{subject_of(key)}s within {rule.months} months need {HISTORY_MONTHS + rule.months} months and a month end"
        )
    return parties_at(book, key, origins, as_of, rule)


def parties_at(book: Book, key: str, origins: Sequence[date], as_of: date, rule: Default) -> pd.DataFrame:
    """One row per party and origin at which it owed something and wasn't overdue, as known at the close of `as_of`.

    Columns: the key, as_of (the origin), outcome (NaN while the window isn't over), worst_share, weight (balance),
    obligor, period, of a debtor its main client, and the features at the close of the origin.
    """
    subject = subject_of(key)
    outcomes = overdue_outcomes(book, key, origins, as_of, rule).rename(
        columns={"origin": "as_of", "overdue": "outcome", "balance": "weight"}
    )
    features = build(book.as_of(as_of), subject, list(origins), BEHAVIOUR)
    frame = outcomes.drop(columns="overdue_on").merge(features, on=[key, "as_of"])
    if subject == "debtor":
        clients = main_counterparty(book.as_of(as_of), key, origins).rename(columns={"counterparty": "client"})
        frame = frame.merge(clients, on=[key, "as_of"], how="left")
    return frame.assign(obligor=frame[key], period=frame["as_of"])


def subject_of(key: str) -> str:
    """What a key names: debtor or client; refused for any other key."""
    if key not in SUBJECT:
        raise Misuse(f"key: found {key!r}, expected one of {', '.join(SUBJECT)}")
    return SUBJECT[key]


def origins_of(book: Book, as_of: date) -> list[date]:
    """The quarterly origins of a book, oldest first, the last the newest month end by `as_of`."""
    first = add_months(book.first_day or as_of, HISTORY_MONTHS)
    return _month_ends(month_end(as_of), STEP_MONTHS, first, as_of)


def later_origins(trained: date, as_of: date, months: int) -> list[date]:
    """Month ends from `trained` on with windows of so many months that don't overlap, the last over by `as_of`.

    `trained` itself, whose window isn't over, when there is none.
    """
    last = month_end(add_months(as_of.replace(day=1), -months))
    return _month_ends(last, months, trained, as_of, months) or [trained]


def _month_ends(last: date, step: int, first: date, until: date, window: int = 0) -> list[date]:
    """Month ends `step` months apart from `first` on, oldest first, the newest one that is over, window and all."""
    if add_months(last, window) > until:
        last = _before(last, 1)
    found = []
    while last >= first:
        found.append(last)
        last = _before(last, step)
    return found[::-1]


def _before(end: date, months: int) -> date:
    return month_end(add_months(end.replace(day=1), -months))
