"""Rating histories of a book: its ratings, or the grades of its scores, as known at a date, and its defaults."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, first_defaults
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.transitions.histories import Histories, rating_histories, worst_of_day
from riskmodels.models.transitions.rerating import as_ratings
from riskmodels.models.transitions.states import States

KEYS = ("debtor_id", "client_id")


def book_ratings(book: Book, as_of: date) -> pd.DataFrame:
    """The ratings known at the close of `as_of`: party_id, rated_on, grade (the final one, else the model's)."""
    seen = book.as_of(as_of)
    seen.need("ratings", "rated_on")
    return seen.sql(
        "SELECT party_id, rated_on, coalesce(final_grade, model_grade) AS grade FROM ratings "
        "WHERE coalesce(final_grade, model_grade) IS NOT NULL ORDER BY party_id, rated_on"
    )


def score_ratings(book: Book, as_of: date, model_id: str) -> pd.DataFrame:
    """The grades a model had given by the close of `as_of`, as ratings: party_id, rated_on, grade."""
    seen = book.as_of(as_of)
    seen.need("scores", "grade")
    found = seen.sql(
        "SELECT subject_id AS party_id, as_of AS rated_on, grade FROM scores "
        "WHERE model_id = ? AND grade IS NOT NULL ORDER BY party_id, rated_on",
        [model_id],
    )
    if found.empty:
        raise DataRefused(f"{book.name}: scores: found no grades of model {model_id} known at {as_of}")
    return found


def book_defaults(book: Book, as_of: date, key: str = "debtor_id", rule: Default | None = None) -> pd.DataFrame:
    """The first default of each debtor (or client) seen by the close of `as_of`: party_id, rated_on, its day."""
    _check_key(key)
    found = first_defaults(book, key, as_of, rule)
    return found.rename(columns={key: "party_id", "defaulted_on": "rated_on"})


def book_histories(
    book: Book, as_of: date, states: States, key: str = "debtor_id", rule: Default | None = None
) -> Histories:
    """The histories of a book's rated debtors (or clients) until `as_of`, by the ratings known then and their defaults.

    Parties of the other kind are left out, for nobody could have seen them default. A default ends a history whatever
    rating was given on its day or later. Observation ends with the book if that is before `as_of`.
    """
    _check_key(key)
    if states.default is None:
        raise Misuse("states: found none for default, expected one, since the book tells defaults")
    ratings = book_ratings(book, as_of)
    parties = book.as_of(as_of).sql(f"SELECT DISTINCT {key} AS party_id FROM invoices")["party_id"]
    graded = ratings[ratings["party_id"].isin(parties)]
    defaults = book_defaults(book, as_of, key, rule).assign(grade=states.default)
    until = min(as_of, book.last_day or as_of)
    marks = pd.concat([graded, defaults[defaults["party_id"].isin(graded["party_id"])]], ignore_index=True)
    return rating_histories(worst_of_day(marks, states), states, until)


def quarterly_histories(
    book: Book, rated: pd.DataFrame, states: States, as_of: date, key: str = "debtor_id", rule: Default | None = None
) -> Histories:
    """The histories of grades in force at quarter ends (party_id, as_of, grade: `rerated`) and of the book's defaults.

    A party without a grade at a quarter end at which others have one, since it owes nothing, is withdrawn from then
    until it is graded again. Observation ends as in `book_histories`.
    """
    if states.default is None or states.withdrawn is None:
        raise Misuse("states: found none for default or withdrawn, expected both")
    defaults = book_defaults(book, as_of, key, rule).assign(grade=states.default)
    defaults = defaults[defaults["party_id"].isin(rated["party_id"])]
    marks = [as_ratings(rated), _lapsed(rated, defaults).assign(grade=states.withdrawn), defaults]
    until = min(as_of, book.last_day or as_of)
    return rating_histories(worst_of_day(pd.concat(marks, ignore_index=True), states), states, until)


def _lapsed(rated: pd.DataFrame, defaults: pd.DataFrame) -> pd.DataFrame:
    """Party and quarter end (party_id, rated_on) where a grade ends without a default or a new one."""
    graded = rated.assign(grade=rated["grade"].notna()).pivot(index="party_id", columns="as_of", values="grade")
    held = graded.astype("boolean").fillna(False).astype(bool)
    party, quarter = np.nonzero((held.shift(axis=1, fill_value=False) & ~held).to_numpy())
    ends = pd.DataFrame({"party_id": held.index[party], "rated_on": held.columns[quarter]})
    found = ends.merge(defaults.rename(columns={"rated_on": "defaulted_on"}), on="party_id", how="left")
    return ends[~(found["defaulted_on"] <= found["rated_on"]).to_numpy()]


def _check_key(key: str) -> None:
    if key not in KEYS:
        raise Misuse(f"key: found {key!r}, expected one of {', '.join(KEYS)}")
