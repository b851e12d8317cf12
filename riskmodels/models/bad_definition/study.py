"""The study behind the definition of bad: days past due from which obligors don't come back, months until bad shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, known_until
from riskmodels.models.bad_definition import reasons
from riskmodels.models.bad_definition.cures import cures, threshold
from riskmodels.models.bad_definition.ledger import standing
from riskmodels.models.bad_definition.maturation import THRESHOLDS, Maturation, maturation
from riskmodels.models.bad_definition.roll_forward import origins, pairs, roll_forward
from riskmodels.models.bad_definition.roll_rates import RollRates, roll_rates

SHARE = 0.5
"""Bad is what is likelier than not to stay so: from the threshold on at least half never come back."""
PART = 0.95
"""Share of all that will go bad which a window should catch."""


@dataclass(frozen=True)
class Evidence:
    """The tables of a study: roll rates, worst against worst status, cures by days past due, maturation."""

    rolls: RollRates
    forward: pd.DataFrame
    cures: pd.DataFrame
    maturation: Maturation


@dataclass(frozen=True)
class Study:
    """What a book says about the definition of bad, beside the rule in use.

    `threshold` (days past due) and `window` (months since issue) are None where the book can't justify one. `reasons`
    says why, in the language in force when the study was made. `evidence` is None when the study could not be run.
    `until` is the day the book tells to.
    """

    as_of: date
    until: date
    key: str
    rule: Default
    threshold: int | None
    window: int | None
    reasons: tuple[str, ...]
    evidence: Evidence | None


def study(
    book: Book,
    as_of: date,
    key: str = "debtor_id",
    rule: Default | None = None,
    share: float = SHARE,
    part: float = PART,
    seed: int = 0,
) -> Study:
    """The study of a book as known at the close of `as_of`, of its debtors or (key client_id) its clients.

    The threshold is the lowest number of days past due from which at least `share` of obligors never come back before
    the debt is lost; the window is the number of months since issue by which `part` of what goes bad has done so, bad
    at the rule's days, by amount and by number. A book without payments gives a study that says it was not run.
    """
    rule, until = rule or Default(), known_until(book, as_of)
    if not book.as_of(as_of).has("payments"):
        return Study(as_of, until, key, rule, None, None, (reasons.no_payments(),), None)
    found = _evidence(book, as_of, key, rule, part, seed)
    days = threshold(found.cures, share)
    months = justified_window(found.maturation.windows, rule.dpd)
    said = (
        *reasons.of_threshold(found.cures, days, share, rule),
        *reasons.of_rolls(found.rolls),
        *reasons.of_forward(found.forward, rule),
        *reasons.of_window(found.maturation.windows, months, part, rule),
    )
    return Study(as_of, until, key, rule, days, months, said, found)


def justified_window(windows: pd.DataFrame, dpd: int) -> int | None:
    """The longer of the windows by amount and by number at `dpd`; None unless both are justified."""
    own = windows[windows["dpd"] == dpd]
    return int(own["months"].max()) if len(own) and own["justified"].all() else None


def _evidence(book: Book, as_of: date, key: str, rule: Default, part: float, seed: int) -> Evidence:
    seen, until = book.as_of(as_of), known_until(book, as_of)
    first = seen.first_day or until
    spells = standing(seen, key, until, rule)
    return Evidence(
        roll_rates(book, as_of),
        roll_forward(pairs(spells, origins(first, until, rule.months), rule.months)),
        cures(spells, first, until),
        maturation(book, as_of, sorted({*THRESHOLDS, rule.dpd}), part, seed),
    )
