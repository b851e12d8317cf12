"""Quarterly re-rating: grades that follow the probability of default, but not its noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.core.scale import RatingScale
from riskmodels.core.text import mark
from riskmodels.models.inputs import SampleError

NOT_RATED, FIRST = mark("not rated"), mark("first rating")
STAYS, HELD = mark("stays"), mark("kept for now")
PASSED, LASTED = mark("beyond the margin"), mark("beyond the bound for long")
"""Why a grade is what it is: `why` of `rerated`."""
WHY = (NOT_RATED, FIRST, STAYS, HELD, PASSED, LASTED)


@dataclass(frozen=True)
class Hysteresis:
    """When a grade moves: its PD passes the bound by `margin`, or stays beyond it for `quarters` quarter ends in a row.

    margin is relative: a bound of 2 % with a margin of .1 is passed upwards at 2.2 %, downwards below 1.818 %.
    """

    margin: float = 0.1
    quarters: int = 2

    def __post_init__(self) -> None:
        if not self.margin >= 0 or self.quarters < 1:
            raise Misuse(
                f"hysteresis: found margin {self.margin} and {self.quarters} quarters, expected 0 or more and 1 or more"
            )


RULE = Hysteresis()


def rerated(probabilities: pd.DataFrame, scale: RatingScale, rule: Hysteresis = RULE) -> pd.DataFrame:
    """The grade of each party at each quarter end, one row per row of party_id, as_of and probability.

    Columns: party_id, as_of, probability, proposed (the scale's grade of it), grade (in force from then), why. The
    first grade is the proposed one. A grade then moves to the farthest one whose bound the PD passes by the margin, or,
    after `rule.quarters` quarter ends in a row with proposals on one side, to the nearest of those, whichever is
    farther. A quarter end without a PD changes nothing and interrupts the row. Other columns are kept.

    Raises SampleError for dates that aren't quarter ends, two rows of a party at one, or PDs outside 0 to 1.
    """
    frame = _checked(probabilities)
    party, ids = pd.factorize(frame["party_id"], sort=True)
    number = frame["as_of"].dt.year.to_numpy() * 4 + frame["as_of"].dt.quarter.to_numpy()
    quarter = number - number.min()
    pd_by_quarter = np.full((len(ids), quarter.max() + 1), np.nan)
    pd_by_quarter[party, quarter] = frame["probability"]
    grade, why = _swept(pd_by_quarter, scale, rule)
    kinds = pd.CategoricalDtype(list(scale.grades), ordered=True)
    return frame.assign(
        proposed=scale.grade(frame["probability"]),
        grade=pd.Categorical.from_codes(grade[party, quarter].tolist(), dtype=kinds),
        why=np.array(WHY, dtype=object)[why[party, quarter]],
    )


def as_ratings(scored: pd.DataFrame) -> pd.DataFrame:
    """Grades at quarter ends (party_id, as_of, grade) as dated ratings, for `rating_histories`; blank ones left out."""
    kept = scored.loc[scored["grade"].notna(), ["party_id", "as_of", "grade"]]
    return kept.rename(columns={"as_of": "rated_on"}).astype({"grade": "str"}).reset_index(drop=True)


@dataclass(frozen=True)
class _Standing:
    """Where m parties stand after a quarter end, one entry each: grade (place, -1 for none); side of the proposals in a
    row, 1 worse, -1 better, 0 none; streak, their number; nearest, the one of them nearest to the grade."""

    grade: np.ndarray
    side: np.ndarray
    streak: np.ndarray
    nearest: np.ndarray


def _swept(probability: np.ndarray, scale: RatingScale, rule: Hysteresis) -> tuple[np.ndarray, np.ndarray]:
    """Grades in force and reasons (places in WHY) by party and quarter, from PDs (m, q), nan where there is none."""
    none = np.zeros(len(probability), dtype=int)
    now, grades, reasons = _Standing(none - 1, none, none, none), [], []
    for p in probability.T:
        now, why = _next(now, p, scale, rule)
        grades.append(now.grade)
        reasons.append(why)
    return np.column_stack(grades), np.column_stack(reasons)


def _next(before: _Standing, p: np.ndarray, scale: RatingScale, rule: Hysteresis) -> tuple[_Standing, np.ndarray]:
    """Where the parties stand after a quarter end with these PDs (m,), and why (m,)."""
    held = before.grade
    proposed = np.where(np.isnan(p), held, np.searchsorted(scale.bounds, p, side="right"))
    side = np.where(held < 0, 0, np.sign(proposed - held))
    streak = np.where(side == 0, 0, np.where(side == before.side, before.streak + 1, 1))
    nearest = np.where(streak > 1, _nearer(side, before.nearest, proposed), proposed)
    passed = _passed(scale, p, held, side, rule.margin)
    lasted = np.where(streak >= rule.quarters, nearest, held)
    by_margin = np.abs(passed - held) >= np.abs(lasted - held)
    grade = np.where(held < 0, proposed, np.where(by_margin, passed, lasted))
    why = np.select([grade < 0, held < 0, side == 0, grade == held, by_margin], range(5), 5)
    return _Standing(grade, np.where(grade == held, side, 0), streak, nearest), why


def _passed(scale: RatingScale, p: np.ndarray, held: np.ndarray, side: np.ndarray, margin: float) -> np.ndarray:
    """The farthest grade on the side of the proposal whose bound is passed by the margin, the held one if none is."""
    bounds = np.array(scale.bounds)
    # Rounded, since .02 x 1.1 is a little more than .022 in floating point
    above, below = np.round(bounds * (1 + margin), 12), np.round(bounds / (1 + margin), 12)
    worse = np.maximum(held, np.searchsorted(above, p, side="right"))
    better = np.minimum(held, np.searchsorted(below, p, side="right"))
    return np.where(side > 0, worse, np.where(side < 0, better, held))


def _nearer(side: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of two proposals on one side of the held grade, the nearer one."""
    return np.where(side > 0, np.minimum(one, other), np.maximum(one, other))


def _checked(probabilities: pd.DataFrame) -> pd.DataFrame:
    wanted = ("party_id", "as_of", "probability")
    if missing := [c for c in wanted if c not in probabilities]:
        raise SampleError(f"probabilities: found no column {', '.join(missing)}, expected {', '.join(wanted)}")
    if probabilities.empty:
        raise SampleError("probabilities: found no rows, expected at least one")
    frame = probabilities.assign(as_of=pd.to_datetime(probabilities["as_of"]).astype("datetime64[us]"))
    off = frame.loc[~frame["as_of"].dt.is_quarter_end, "as_of"]
    if len(off):
        raise SampleError(f"as_of: found {off.iloc[0]:%Y-%m-%d}, expected quarter ends, such as 2026-06-30")
    p = frame["probability"].to_numpy(float, na_value=np.nan)
    if outside := int(((p < 0) | (p > 1)).sum()):
        raise SampleError(f"probability: found {outside:,} values outside 0 to 1, expected none")
    return _one_a_quarter(frame)


def _one_a_quarter(frame: pd.DataFrame) -> pd.DataFrame:
    twice = frame[frame.duplicated(["party_id", "as_of"])]
    if len(twice):
        first = twice.iloc[0]
        raise SampleError(
            f"probabilities: found two rows of {first['party_id']} at {first['as_of']:%Y-%m-%d}, "
            "expected one a quarter end"
        )
    return frame.sort_values(["party_id", "as_of"], kind="stable", ignore_index=True)
