"""Debtors or clients at quarterly origins: their features as known then, and whether they were overdue after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, known_until
from riskmodels.core.dates import add_months, month_end
from riskmodels.core.errors import DataRefused
from riskmodels.features import build
from riskmodels.models.overdue_parties.outcome import overdue_outcomes
from riskmodels.models.panel import mature
from riskmodels.models.scorecard.offered import BEHAVIOUR

SUBJECT = {"debtor_id": "debtor", "client_id": "client"}
HISTORY_MONTHS = 3
"""The first origin leaves the book this long to fill."""
STEP_MONTHS = 3


@dataclass(frozen=True)
class PartySample:
    """Mature rows, and what was left out.

    frame : one row per party and origin: the key, as_of (the origin), outcome, worst_share, weight (balance), obligor,
        period, features. left_out : the waterfall of `panel.mature`: windows not over, by rows and parties.
    """

    key: str
    rule: Default
    frame: pd.DataFrame
    left_out: pd.DataFrame


def party_sample(book: Book, key: str, as_of: date, rule: Default) -> PartySample:
    """The sample of `key` (debtor_id or client_id) for a rule, as known at the close of `as_of`.

    Origins are month ends a quarter apart, from three months after the book's beginning; features see the close of the
    origin, and cost nothing for windows that aren't over, which are only counted.
    """
    origins = origins_of(book, as_of)
    outcomes = overdue_outcomes(book, key, origins, as_of, rule)
    judged = mature(outcomes, known_until(book.as_of(as_of), as_of), rule.months, "origin", key)
    kept = outcomes[judged.kept].rename(columns={"origin": "as_of", "overdue": "outcome", "balance": "weight"})
    if kept.empty:
        raise DataRefused(
            f"{book.name}: found no {SUBJECT[key]} with a window of {rule.months} months over by {as_of}, expected some"
        )
    seen = [day.date() for day in kept["as_of"].drop_duplicates()]
    features = build(book.as_of(as_of), SUBJECT[key], seen, BEHAVIOUR)
    frame = kept.drop(columns="overdue_on").merge(features, on=[key, "as_of"])
    return PartySample(key, rule, frame.assign(obligor=frame[key], period=frame["as_of"]), judged.table)


def origins_of(book: Book, as_of: date) -> list[date]:
    """The quarterly origins of a book, oldest first, the last the newest month end by `as_of`."""
    first = add_months(book.first_day or as_of, HISTORY_MONTHS)
    origin = month_end(as_of) if month_end(as_of) == as_of else month_end(add_months(as_of.replace(day=1), -1))
    found = []
    while origin >= first:
        found.append(origin)
        origin = month_end(add_months(origin.replace(day=1), -STEP_MONTHS))
    return found[::-1]
