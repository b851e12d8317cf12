"""Overrides and what became of them: a book's ratings and a file of changed grades, joined to the book's defaults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, known_until, standing_of
from riskmodels.core.dates import add_months
from riskmodels.core.errors import DataRefused
from riskmodels.core.scale import OBLIGORS, RatingScale
from riskmodels.policy.override_review import OverrideReview, override_review
from riskmodels.policy.overrides import RATINGS, Override, with_overrides
from riskmodels.policy.overrides_file import recorded

DAYS = ("rated_on", "known_on")


@dataclass(frozen=True)
class ReviewedOverrides:
    """The review, and the ratings it could not give an outcome.

    `young` ratings whose window isn't over, `idle` ones of parties that owed nothing or were in default that day; both
    count as ratings, not in rates. `others` are of parties that never owed in the role looked at: left out.
    """

    review: OverrideReview
    young: int
    idle: int
    others: int

    def table(self) -> pd.DataFrame:
        """One row per direction in a reader's words."""
        return self.review.table()


def review_overrides(
    book: Book,
    as_of: date,
    overrides: Path | None = None,
    key: str = "debtor_id",
    scale: RatingScale = OBLIGORS,
    rule: Default | None = None,
) -> ReviewedOverrides:
    """How grades changed by hand fared: ratings known at the close of `as_of` against defaults in the year after each.

    Ratings are those of the book's table, if it has one, and of the file of overrides: a line of the file about a
    rating of the table gives it the final grade and the reason. `key` is the role in which a default is looked for.
    """
    seen = book.as_of(as_of)
    changes = () if overrides is None else recorded(overrides, scale)
    ratings = merged(_ratings(seen), [o for o in changes if o.rated_on <= as_of])
    standing = standing_of(seen, key, rule or Default())
    mine = ratings["party_id"].isin(standing[key])
    rated = ratings[mine].reset_index(drop=True)
    outcome, performing = outcomes_after(
        rated, standing.rename(columns={key: "party_id"}), known_until(book, as_of), rule
    )
    young = int((performing & np.isnan(outcome)).sum())
    review = override_review(rated, scale, outcome)
    return ReviewedOverrides(review, young, int((~performing).sum()), int((~mine).sum()))


def merged(ratings: pd.DataFrame, overrides: Sequence[Override]) -> pd.DataFrame:
    """The rows of a `ratings` table as overrides changed them, and one more for each override of no such row.

    Refused when the table gives that party and day another grade of the model, or was changed to another one already.
    """
    by = {(o.party_id, pd.Timestamp(o.rated_on)): o for o in overrides}
    keys = list(zip(ratings["party_id"], ratings["rated_on"]))
    changed = ratings.copy()
    for place, o in ((i, by[key]) for i, key in enumerate(keys) if key in by):
        own, final = (ratings[c].iloc[place] for c in ("model_grade", "final_grade"))
        if own != o.before or final not in (o.before, o.after):
            raise DataRefused(
                f"overrides: {o.party_id} on {o.rated_on}: found {o.before} to {o.after}, expected what the book's "
                f"ratings say, {own} to {final}"
            )
        changed.loc[changed.index[place], ["final_grade", "override_reason"]] = [o.after, o.reason]
    return with_overrides(changed, [o for key, o in by.items() if key not in set(keys)])


def outcomes_after(
    ratings: pd.DataFrame, standing: pd.DataFrame, until: date, rule: Default | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Of each rating (party_id, rated_on): 1 for a default in the rule's months after it, 0, or nan; and performing.

    Performing parties owed something at the close of the day and weren't in default. nan: the others, and windows that
    go on after `until`. `standing` is `book.outcomes.standing_of`, its key called party_id: what is known of that day
    now counts, though it became known later.
    """
    rule = rule or Default()
    cases = (
        ratings[["party_id", "rated_on"]].astype({"rated_on": "datetime64[us]"}).assign(place=np.arange(len(ratings)))
    )
    cases, days = cases.sort_values("rated_on", kind="stable"), standing.astype({"day": "datetime64[us]"})
    days = days.sort_values("day", kind="stable")
    keys: dict[str, Any] = {"left_on": "rated_on", "right_on": "day", "by": "party_id"}
    then = pd.merge_asof(cases, days, **keys)
    bad = days.loc[days["in_default"], ["party_id", "day"]].assign(next_default=lambda f: f["day"])
    later = pd.merge_asof(cases, bad, direction="forward", allow_exact_matches=False, **keys)
    performing = (then["balance"].fillna(0) > 0) & ~then["in_default"].eq(True)
    end = pd.to_datetime([add_months(day.date(), rule.months) for day in cases["rated_on"]])
    told = performing.to_numpy() & (end <= pd.Timestamp(until))
    outcome = np.where(told, (later["next_default"].to_numpy() <= end.to_numpy()).astype(float), np.nan)
    back = np.argsort(cases["place"].to_numpy())
    return outcome[back], performing.to_numpy()[back]


def _ratings(seen: Book) -> pd.DataFrame:
    """The ratings of a cut book; none where it has no such table."""
    if seen.has("ratings"):
        found = seen.sql("SELECT * FROM ratings ORDER BY party_id, rated_on").reindex(columns=RATINGS)
    else:
        found = pd.DataFrame(columns=RATINGS)
    kinds = {c: "datetime64[us]" if c in DAYS else "str" for c in RATINGS}
    return found.astype(kinds)
