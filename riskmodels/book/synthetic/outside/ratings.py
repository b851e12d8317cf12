"""Grades of the house's rating model, reviewed each quarter or each year, and what the committee made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.frames import days, table, words
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.laws.outside import Ratings
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.outside.subjects import Subjects
from riskmodels.core.scale import OBLIGORS

MODEL = "rating-1"
QUARTERLY = 5  # clients, and one debtor in this many (the largest), are rated each quarter, the others each year
TWO_NOTCHES = 0.15
UP = ("support of its group", "collateral", "long relation without loss", "new orders")
DOWN = ("news of the sector", "change of management", "late accounts", "dependence on one buyer")


@dataclass(frozen=True)
class Rated:
    """One entry per rating: row of its party, day, quality then, the model's view of it, grades (codes), day known."""

    party: Codes
    on: Days
    quality: Floats
    view: Floats
    model: Codes
    final: Codes
    known: Days


def draw_ratings(law: Ratings, seed: int, subjects: Subjects, clock: Clock) -> Rated:
    """The ratings of all parties, a few weeks after the quarter's end that they look at."""
    rng = stream(seed, "ratings")
    party, month = _occasions(rng, subjects, clock)
    on = clock.calendar.next(clock.ends[month] + rng.integers(10, 29, party.size))
    quality = subjects.quality[party, month]
    view = quality + law.noise * rng.normal(size=party.size)
    model = np.asarray(OBLIGORS.grade(expit(law.intercept - law.slope * view)).codes, dtype=np.int64)
    final = np.clip(model + _override(law, rng, view - quality), 0, len(OBLIGORS.grades) - 1)
    rated = Rated(party, on, quality, view, model, final, clock.calendar.next(on + rng.integers(0, 6, party.size)))
    kept = (rated.known <= clock.last) & (on < subjects.default[party])
    return Rated(*(getattr(rated, f)[kept] for f in Rated.__dataclass_fields__))


def ratings_table(rated: Rated, seed: int, subjects: Subjects) -> pd.DataFrame:
    """The ratings known by the last day."""
    rng = stream(seed, "override reasons")
    pick = rng.integers(0, len(UP), rated.party.size)
    reason = np.select([rated.final < rated.model, rated.final > rated.model], [pick, len(UP) + pick], -1)
    return table(
        "ratings",
        {
            "party_id": subjects.names(rated.party),
            "rated_on": days(rated.on),
            "model_id": words((MODEL,), np.zeros(rated.party.size, dtype=np.int64)),
            "model_grade": words(OBLIGORS.grades, rated.model),
            "final_grade": words(OBLIGORS.grades, rated.final),
            "override_reason": words((*UP, *DOWN), reason),
            "known_on": days(rated.known),
        },
    )


def rating_truth(rated: Rated, subjects: Subjects) -> pd.DataFrame:
    """What each rating was to tell: the party's quality then, and the model's view of it."""
    keys = {"party_id": subjects.names(rated.party), "rated_on": days(rated.on)}
    return pd.DataFrame({**keys, "quality": rated.quality, "view": rated.view})


def _occasions(rng: np.random.Generator, subjects: Subjects, clock: Clock) -> tuple[Codes, Codes]:
    """Party and month of each rating: quarter ends, for those rated yearly one of the four."""
    quarter = np.flatnonzero(clock.calendar_month(np.arange(clock.months)) % 3 == 0)
    place = clock.calendar_month(quarter) // 3 - 1
    often = subjects.is_client | (subjects.debtor < (subjects.debtor.max() + 1) // QUARTERLY)
    own = rng.integers(0, 4, subjects.size)
    due = subjects.in_business(clock.ends[quarter]) & (often[:, None] | (own[:, None] == place))
    party, column = np.nonzero(due)
    return party, quarter[column]


def _override(law: Ratings, rng: np.random.Generator, error: Floats) -> Codes:
    """Notches added to the grade: mostly 0; a party seen better than it is goes down a little more often than up."""
    changed = rng.random(error.size) < law.override_rate
    down = rng.random(error.size) < expit(law.override_insight * error)
    notches = np.where(rng.random(error.size) < TWO_NOTCHES, 2, 1)
    return np.where(changed, np.where(down, notches, -notches), 0)
