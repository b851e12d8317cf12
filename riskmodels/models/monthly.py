"""A stored model's cases month by month, scored as it would have scored them then, with the outcomes known since."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import default_outcomes
from riskmodels.core.dates import month_ends
from riskmodels.core.errors import DataRefused
from riskmodels.features import build
from riskmodels.features.feature import column, subjects_of
from riskmodels.models import rating
from riskmodels.models.inputs import columns_of
from riskmodels.models.overdue_parties import OverdueParties, overdue_outcomes
from riskmodels.models.overdue_parties.sample import subject_of
from riskmodels.models.recipes import StoredModel
from riskmodels.models.scorecard.offered import BEHAVIOUR


def monthly_cases(stored: StoredModel, book: Book, as_of: date) -> pd.DataFrame:
    """The cases from the model's training to `as_of`: obligors at each month end, or every invoice at its issue.

    Columns: period, obligor, client of an invoice, probability, grade, weight (amount), outcome (1 bad, 0 good, missing
    while it isn't known at the close of `as_of`), and of rated obligors override (`overridden`). Seen as the book was
    known then.
    """
    recipe = stored.recipe
    if stored.purpose == "rating":
        found = _rated(stored, book, month_ends(stored.trained, as_of), as_of)
    elif isinstance(recipe, OverdueParties):
        found = _parties(stored, book, month_ends(stored.trained, as_of), as_of)
    else:
        scored = recipe.scored(stored.models, recipe.validation_sample(book, stored.trained, as_of))
        found = scored.assign(client=scored["client_id"])
    if found.empty:
        raise DataRefused(f"{book.name}: found no cases from {stored.trained} to {as_of}, expected some to watch")
    kept = ("period", "obligor", "client", "probability", "grade", "weight", "outcome", "override")
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
    cases = found.assign(obligor=found[rating.ID], period=found["as_of"], weight=found["amount"], grade=grades)
    if not book.has("ratings"):
        return cases
    ratings = book.as_of(as_of).sql("SELECT party_id, rated_on, model_grade, final_grade FROM ratings ORDER BY ALL")
    return cases.assign(override=overridden(cases["obligor"], cases["period"], ratings))


def overridden(obligor: pd.Series, period: pd.Series, ratings: pd.DataFrame) -> np.ndarray:
    """Whether the rating in force of each case (n,) was changed by hand, 1 or 0: the last one of its day or before.

    NaN where the obligor had none yet. `ratings` has party_id, rated_on, model_grade and final_grade.
    """
    cases = pd.DataFrame({"party_id": obligor.astype(str), "day": period.astype("datetime64[us]")})
    by_hand = ratings["final_grade"].astype(str) != ratings["model_grade"].astype(str)
    told = pd.DataFrame({"party_id": ratings["party_id"].astype(str), "day": ratings["rated_on"], "override": by_hand})
    told = told.astype({"day": "datetime64[us]", "override": float}).sort_values("day", kind="stable")
    place = cases.assign(place=np.arange(len(cases))).sort_values("day", kind="stable")
    found = pd.merge_asof(place, told, on="day", by="party_id")
    return found.sort_values("place")["override"].to_numpy(float)


def _parties(stored: StoredModel, book: Book, origins: list[date], as_of: date) -> pd.DataFrame:
    """Debtors or clients at origins by the scorecard alone: building the rival's features too would take minutes."""
    recipe, champion = stored.recipe, stored.models["champion"]
    outcomes = overdue_outcomes(book, recipe.ID, origins, as_of, recipe.RULE).rename(
        columns={"origin": "as_of", "overdue": "outcome", "balance": "weight"}
    )
    used = set(champion.feature_names_in_)
    entries = tuple(e for e in BEHAVIOUR if used & {column(e, subject) for subject in subjects_of(e)})
    features = build(book.as_of(as_of), subject_of(recipe.ID), origins, entries)
    frame = outcomes.merge(features, on=[recipe.ID, "as_of"])
    probability = champion.predict_proba(columns_of(champion, frame))[:, 1]
    grades = recipe.SCALE.grade(probability)
    return frame.assign(obligor=frame[recipe.ID], period=frame["as_of"], probability=probability, grade=grades)
