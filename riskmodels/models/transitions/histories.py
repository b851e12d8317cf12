"""Rating histories: dated ratings as spells in a grade, each with the state that ended it.

A rating holds from the close of its day until the next one, the last until the end of observation, where the obligor is
censored. A rating that repeats the grade goes on with its spell. Default is absorbing: what follows it is left out and
counted. A withdrawn rating ends the spell; the time until the next rating belongs to no grade, and a default in it
still is one of the obligor's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.models.inputs import SampleError
from riskmodels.models.transitions.states import CENSORED, States

COLUMNS = ("party_id", "rated_on", "grade")
YEAR = 365.25
"""Days."""
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, repr=False)
class Histories:
    """Spells of m obligors, sorted by obligor and day, one per entry of the arrays (n,).

    obligor: place in `obligors`. state: code of the grade, K while withdrawn. start, end: days since 1970. to: code of
    the next state, -1 if censored at `until`. default_day (m,): the day of default, NEVER without one. left_out:
    ratings that made no spell, by cause.
    """

    states: States
    obligors: np.ndarray
    obligor: np.ndarray
    state: np.ndarray
    start: np.ndarray
    end: np.ndarray
    to: np.ndarray
    default_day: np.ndarray
    until: date
    left_out: dict[str, int]

    def __repr__(self) -> str:
        """How much there is, not the arrays: obligors, spells, defaults and the days between."""
        counts = f"{len(self.obligors):,} obligors, {len(self.state):,} spells"
        defaults = int((self.default_day != NEVER).sum())
        return f"Histories({counts}, {defaults:,} in default, {self.first} to {self.until}, {self.states!r})"

    @property
    def rated(self) -> np.ndarray:
        """Whether each spell is in a grade, not in withdrawal: (n,)."""
        return self.state < self.states.withdrawn_code

    @property
    def moved(self) -> np.ndarray:
        """Whether each spell is in a grade and ended in another state: (n,)."""
        return self.rated & (self.to != CENSORED) & (self.to < self.states.withdrawn_code)

    @property
    def first(self) -> date:
        """The day of the first rating."""
        return day_of(int(self.start.min()))

    def on(self, day: int) -> np.ndarray:
        """The state of each obligor at the close of a day, (m,): default once it happened, -1 before its first rating.

        K means withdrawn.
        """
        begun = self.start <= day
        states = np.full(len(self.obligors), -1)
        states[self.obligor[begun]] = self.state[begun]  # spells stand by day: the last one begun stays
        return np.where(self.default_day <= day, self.states.default_code, states)

    def exposure(self, first: int | None = None, last: int | None = None) -> np.ndarray:
        """Years of each spell within (first, last], the whole of it where not given: (n,)."""
        start = self.start if first is None else np.maximum(self.start, first)
        end = self.end if last is None else np.minimum(self.end, last)
        return np.where(self.rated, np.maximum(end - start, 0) / YEAR, 0.0)


def rating_histories(ratings: pd.DataFrame, states: States, until: date | None = None) -> Histories:
    """The histories of dated ratings with the columns party_id, rated_on and grade, in any order of rows.

    `until` is the end of observation, the day of the last rating if not given. Equal ratings of one day count once.
    Raises SampleError for no rows, missing values, a grade outside `states`, two grades of an obligor on one day
    (`worst_of_day` settles that), or a rating after `until`.
    """
    frame = _checked(ratings)
    frame["state"] = states.codes(frame["grade"])
    end = day_number(until) if until else int(frame["day"].max())
    _within(frame, end)
    frame = frame.drop_duplicates(["party_id", "day", "state"]).sort_values(["party_id", "day"], kind="stable")
    _one_a_day(frame)
    return _spells(frame, len(ratings) - len(frame), states, end)


def worst_of_day(ratings: pd.DataFrame, states: States) -> pd.DataFrame:
    """The ratings with one a day per obligor: the worst of the grades, which a withdrawal never replaces."""
    order = states.codes(ratings["grade"])
    rank = np.where(order == states.withdrawn_code, -1, order)
    sorted_rows = ratings.assign(_rank=rank).sort_values("_rank", kind="stable")
    return sorted_rows.drop_duplicates(["party_id", "rated_on"], keep="last").drop(columns="_rank").sort_index()


def day_number(day: date) -> int:
    """Days from 1970-01-01 to the date."""
    return (day - date(1970, 1, 1)).days


def day_of(number: int) -> date:
    """The date that many days after 1970-01-01."""
    return pd.Timestamp(number, unit="D").date()


def _checked(ratings: pd.DataFrame) -> pd.DataFrame:
    if missing := [c for c in COLUMNS if c not in ratings]:
        raise SampleError(f"ratings: found no column {', '.join(missing)}, expected {', '.join(COLUMNS)}")
    frame = ratings[list(COLUMNS)].reset_index(drop=True)
    if frame.empty:
        raise SampleError("ratings: found no rows, expected at least one")
    for name in COLUMNS:
        if blank := int(frame[name].isna().sum()):
            raise SampleError(f"ratings: found {blank:,} rows without {name}, expected none")
    return frame.assign(party_id=frame["party_id"].astype("str"), day=_days(frame["rated_on"]))


def _days(rated_on: pd.Series) -> np.ndarray:
    try:
        dates = rated_on if rated_on.dtype.kind == "M" else pd.to_datetime(rated_on.astype("str"), format="ISO8601")
    except (ValueError, TypeError):
        raise SampleError(f"rated_on: found {rated_on.iloc[0]}, expected dates") from None
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def _within(frame: pd.DataFrame, end: int) -> None:
    late = frame[frame["day"] > end]
    if len(late):
        first = late.sort_values("day", kind="stable").iloc[0]
        raise SampleError(
            f"rated_on: found {len(late):,} ratings after the end of observation {day_of(end)}, expected none; "
            f"the first is of {first['party_id']} on {day_of(int(first['day']))}"
        )


def _one_a_day(frame: pd.DataFrame) -> None:
    twice = frame[frame.duplicated(["party_id", "day"], keep=False)]
    if len(twice):
        party, day = twice.iloc[0][["party_id", "day"]]
        marks = sorted(twice.loc[(twice["party_id"] == party) & (twice["day"] == day), "grade"].astype("str"))
        days = len(twice.drop_duplicates(["party_id", "day"]))
        raise SampleError(
            f"ratings: found {' and '.join(marks)} of {party} on {day_of(int(day))}, and {days:,} such days in all, "
            "expected one grade a day"
        )


def _spells(frame: pd.DataFrame, repeated: int, states: States, end: int) -> Histories:
    """The histories of checked rows, one a day, sorted by obligor and day."""
    default = frame[frame["state"] == states.default_code].groupby("party_id")["day"].min()
    days = frame["party_id"].map(default).fillna(end + 1).to_numpy()
    before_default = (frame["day"] <= days).to_numpy()
    kept = frame[before_default]
    graded = (kept["state"] < states.withdrawn_code).groupby(kept["party_id"]).cummax().to_numpy()
    kept = kept[graded]
    left_out = {
        "repeated on a day": repeated,
        "after default": int((~before_default).sum()),
        "withdrawn before a grade": int((~graded).sum()),
    }
    return _arrays(_changes(kept), default, states, end, left_out)


def _changes(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows on which an obligor's state changes."""
    same_party = frame["party_id"].eq(frame["party_id"].shift())
    return frame[~(same_party & frame["state"].eq(frame["state"].shift()))]


def _arrays(frame: pd.DataFrame, default: pd.Series, states: States, end: int, left_out: dict[str, int]) -> Histories:
    last = frame["party_id"].ne(frame["party_id"].shift(-1)).to_numpy()
    to = np.where(last, CENSORED, frame["state"].shift(-1, fill_value=0).to_numpy())
    ends = np.where(last, end, frame["day"].shift(-1, fill_value=0).to_numpy())
    live = (frame["state"] != states.default_code).to_numpy()
    if not live.any():
        raise SampleError("ratings: found no grade before a default or withdrawal, expected at least one")
    obligor, ids = pd.factorize(frame["party_id"][live], sort=True)
    default_day = default.reindex(pd.Index(ids)).fillna(-1).to_numpy(np.int64)
    return Histories(
        states=states,
        obligors=np.asarray(ids),
        obligor=obligor.astype(np.int64),
        state=frame["state"].to_numpy()[live],
        start=frame["day"].to_numpy()[live],
        end=ends[live],
        to=to[live],
        default_day=np.where(default_day < 0, NEVER, default_day),
        until=day_of(end),
        left_out=left_out,
    )
