"""Grades changed by hand: who, when, why, from what to what, within stated limits, and how the changed ones fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import RatingScale
from riskmodels.policy.settings import Settings, packaged

RATINGS = ["party_id", "rated_on", "model_id", "model_grade", "final_grade", "override_reason", "known_on"]


@dataclass(frozen=True)
class Override:
    """A grade changed by hand.

    `notches` is how many grades worse it became, negative for better. `by` made it and `approved_by` agreed; both are
    empty when read from a book's ratings, which don't hold them.
    """

    party_id: str
    rated_on: date
    before: str
    after: str
    notches: int
    reason: str
    by: str = ""
    approved_by: str = ""
    model_id: str = ""

    def to_state(self) -> dict[str, Any]:
        """The record as JSON values."""
        return {**asdict(self), "rated_on": self.rated_on.isoformat()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Override:
        """The record `to_state` described."""
        return cls(**{**state, "rated_on": date.fromisoformat(state["rated_on"])})


def overridden(
    scale: RatingScale,
    party_id: str,
    rated_on: date,
    before: str,
    after: str,
    reason: str,
    by: str,
    approved_by: str = "",
    model_id: str = "",
    settings: Settings | None = None,
) -> Override:
    """A new override, refused without a reason or a name, beyond the notches allowed, or without a second person where
    one is asked for.

    `settings` holds `limits` and `four_eyes`, by default the package's.
    """
    notches = scale.notches(before, after)
    figures = settings or packaged("overrides")
    if not reason.strip() or not by.strip() or notches == 0:
        raise Misuse(
            f"override of {party_id}: found grade {before} to {after} by {by!r} because {reason!r}, expected another "
            "grade, a name and a reason"
        )
    _check_size(party_id, notches, figures["limits"])
    _check_eyes(party_id, notches, by, approved_by, figures["four_eyes"])
    return Override(party_id, rated_on, before, after, notches, reason.strip(), by, approved_by, model_id)


def _check_size(party_id: str, notches: int, limits: Mapping[str, Any]) -> None:
    most = limits["up_notches"] if notches < 0 else limits["down_notches"]
    if abs(notches) > most:
        raise Misuse(f"override of {party_id}: found {abs(notches)} notches {_way(notches)}, expected at most {most}")


def _check_eyes(party_id: str, notches: int, by: str, approved_by: str, eyes: Mapping[str, Any]) -> None:
    asked = eyes["up"] if notches < 0 else eyes["down"]
    second = approved_by.strip()
    if (asked and not second) or second == by.strip():
        raise Misuse(
            f"override of {party_id} by {by}: found approval by {second or 'nobody'}, expected a second person for a "
            f"change {_way(notches)}"
        )


def _way(notches: int) -> str:
    return "up" if notches < 0 else "down"


def with_overrides(ratings: pd.DataFrame, overrides: Sequence[Override]) -> pd.DataFrame:
    """The rows of a `ratings` table with one more per override, known on its own day.

    A rating of the same party and day is refused: ratings are appended, never edited.
    """
    rows = [(o.party_id, o.rated_on, o.model_id or None, o.before, o.after, o.reason, o.rated_on) for o in overrides]
    more = pd.DataFrame(rows, columns=RATINGS).astype(dict.fromkeys(("rated_on", "known_on"), "datetime64[us]"))
    text = {c: "str" for c in RATINGS if c not in ("rated_on", "known_on")}
    both = pd.concat([ratings, more.astype(text)], ignore_index=True) if len(more) else ratings.copy()
    twice = both.duplicated(["party_id", "rated_on"])
    if twice.any():
        row = both[twice].iloc[0]
        raise DataRefused(f"ratings: found {row['party_id']} rated twice on {row['rated_on']:%Y-%m-%d}, expected once")
    return both


def read_overrides(ratings: pd.DataFrame, scale: RatingScale) -> tuple[Override, ...]:
    """The overrides of a `ratings` table: rows whose final grade isn't the model's; a reason that is missing is empty.

    Rows with a grade missing, or not of the scale, tell no override.
    """
    known = ratings[ratings[["model_grade", "final_grade"]].isin(scale.grades).all(axis=1)]
    changed = known[known["model_grade"] != known["final_grade"]]
    text = changed[["override_reason", "model_id"]].fillna("")
    cells = zip(changed["party_id"], changed["rated_on"], changed["model_grade"], changed["final_grade"])
    return tuple(
        Override(party, on.date(), before, after, scale.notches(before, after), reason, model_id=model)
        for (party, on, before, after), reason, model in zip(cells, text["override_reason"], text["model_id"])
    )
