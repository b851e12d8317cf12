"""A stored model's cases month by month, scored as it would have scored them then, with the outcomes known since."""

from __future__ import annotations

from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import default_outcomes
from riskmodels.core.dates import month_ends
from riskmodels.core.errors import DataRefused
from riskmodels.models import rating
from riskmodels.models.overdue_parties import OverdueParties, parties_at
from riskmodels.models.recipes import StoredModel


def monthly_cases(stored: StoredModel, book: Book, as_of: date) -> pd.DataFrame:
    """The cases from the model's training to `as_of`: obligors at each month end, or every invoice at its issue.

    Columns: period, obligor, client of an invoice, probability, grade, weight (amount), outcome (1 bad, 0 good, missing
    while it isn't known at the close of `as_of`). Seen as the book was known then.
    """
    recipe = stored.recipe
    if stored.purpose == "rating":
        found = _rated(stored, book, month_ends(stored.trained, as_of), as_of)
    elif isinstance(recipe, OverdueParties):
        at = parties_at(book, recipe.ID, month_ends(stored.trained, as_of), as_of, recipe.RULE)
        found = recipe.scored(stored.models, at)
    else:
        scored = recipe.scored(stored.models, recipe.validation_sample(book, stored.trained, as_of))
        found = scored.assign(client=scored["client_id"])
    if found.empty:
        raise DataRefused(f"{book.name}: found no cases from {stored.trained} to {as_of}, expected some to watch")
    kept = ("period", "obligor", "client", "probability", "grade", "weight", "outcome")
    return found[[c for c in kept if c in found]]


def horizon_of(stored: StoredModel) -> int:
    """Months an obligor's outcome takes; 0 where each case, such as an invoice, has its own."""
    return int(stored.recipe.RULE.months) if hasattr(stored.recipe, "RULE") else 0


def _rated(stored: StoredModel, book: Book, origins: list[date], as_of: date) -> pd.DataFrame:
    scored = rating.at_quarter_ends(stored.models, book, origins, as_of).rename(columns={"party_id": rating.ID})
    known = default_outcomes(book, rating.ID, origins, as_of, rating.RULE).rename(
        columns={"origin": "as_of", "defaulted": "outcome"}
    )
    found = scored.merge(known[[rating.ID, "as_of", "outcome"]], on=[rating.ID, "as_of"])
    grades = rating.SCALE.grade(found["probability"])
    return found.assign(obligor=found[rating.ID], period=found["as_of"], weight=found["amount"], grade=grades)
