"""What every estimator of transitions keeps, whatever the histories: found on histories that hypothesis makes up."""

import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused
from riskmodels.models.transitions import (
    States,
    TransitionMatrix,
    aalen_johansen_matrix,
    cohort_matrix,
    default_curve,
    duration_matrix,
    rating_histories,
)

GRADES = ("A", "B", "C")
STATES = States(GRADES)
START, END = date(2020, 1, 1), date(2022, 1, 1)
DAYS = (END - START).days
DRAWS = 100

ESTIMATORS = {
    "cohort, jeffreys": lambda h: cohort_matrix(h, 3, interval="jeffreys"),
    "cohort, wilson": lambda h: cohort_matrix(h, 3, interval="wilson"),
    "cohort, drawn": lambda h: cohort_matrix(h, 3, replicates=DRAWS),
    "duration, delta": lambda h: duration_matrix(h, 0.5, interval="delta"),
    "duration, drawn": lambda h: duration_matrix(h, 0.5, replicates=DRAWS),
    "aalen johansen, greenwood": lambda h: aalen_johansen_matrix(h, h.first),
    "aalen johansen, drawn": lambda h: aalen_johansen_matrix(h, h.first, interval="bootstrap", replicates=DRAWS),
}
CLOSED = [name for name in ESTIMATORS if not name.endswith("drawn")]
by_estimator = pytest.mark.parametrize("estimate", ESTIMATORS.values(), ids=ESTIMATORS.keys())
by_closed = pytest.mark.parametrize("estimate", [ESTIMATORS[name] for name in CLOSED], ids=CLOSED)
some = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def ratings(draw):
    """Up to eight obligors with up to six ratings each on different days of two years, at least one in the first."""
    rows = []
    for party in range(draw(st.integers(1, 8))):
        days = sorted(draw(st.sets(st.integers(0, DAYS), min_size=1, max_size=6)))
        first = draw(st.sampled_from(GRADES))
        marks = [first, *(draw(st.sampled_from([*GRADES, "D", "NR"])) for _ in days[1:])]
        rows += [(f"o{party}", START + timedelta(days=n), mark) for n, mark in zip(days, marks)]
    frame = pd.DataFrame(rows, columns=["party_id", "rated_on", "grade"])
    assume(frame["rated_on"].min() < END - timedelta(days=100))
    return frame


def histories(frame, states=STATES):
    return rating_histories(frame, states, END)


def bits(found):
    return [getattr(found, name).tobytes() for name in ("p", "low", "high", "counts", "at_risk", "withdrawn")]


@by_estimator
@some
@given(frame=ratings())
def test_rows_sum_to_one_or_are_undefined_and_probabilities_lie_in_their_intervals(estimate, frame):
    found = estimate(histories(frame))
    undefined = np.isnan(found.p)
    assert (undefined.all(axis=1) == undefined.any(axis=1)).all()
    assert np.allclose(found.p[~undefined.all(axis=1)].sum(axis=1), 1, rtol=0, atol=1e-12)
    p, low, high = (side[~undefined] for side in (found.p, found.low, found.high))
    assert ((p >= 0) & (p <= 1) & (low >= 0) & (high <= 1)).all()
    assert (low <= high).all()
    assert np.isnan(found.low[undefined]).all()
    assert found.p[-1].tolist() == [0, 0, 0, 1]


@by_closed
@some
@given(frame=ratings())
def test_a_closed_interval_holds_its_probability(estimate, frame):
    found = estimate(histories(frame))
    known = ~np.isnan(found.p)
    assert (found.low[known] <= found.p[known] + 1e-12).all()
    assert (found.p[known] <= found.high[known] + 1e-12).all()


@by_estimator
@some
@given(frame=ratings(), seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(estimate, frame, seed):
    shuffled = frame.sample(frac=1, random_state=seed)
    assert bits(estimate(histories(shuffled))) == bits(estimate(histories(frame)))


@by_estimator
@some
@given(frame=ratings(), data=st.data())
def test_repeating_a_grade_within_its_spell_does_not_matter(estimate, frame, data):
    again = frame.copy()
    row = frame.iloc[data.draw(st.integers(0, len(frame) - 1))]
    own = frame[frame["party_id"] == row["party_id"]]["rated_on"]
    later = [(d - row["rated_on"]).days for d in own if d > row["rated_on"]]
    room = min(later, default=(END - row["rated_on"]).days + 1) - 1
    assume(room > 0)
    again.loc[len(again)] = [row["party_id"], row["rated_on"] + timedelta(days=room), row["grade"]]
    assert bits(estimate(histories(again))) == bits(estimate(histories(frame)))


@by_closed
@some
@given(frame=ratings(), order=st.permutations(range(len(GRADES))))
def test_grades_in_another_order_give_the_matrix_in_that_order(estimate, frame, order):
    one = estimate(histories(frame))
    other = estimate(histories(frame, States(tuple(GRADES[i] for i in order))))
    place = [*order, len(GRADES)]
    for name in ("p", "low", "high", "counts"):
        mine = getattr(one, name)[np.ix_(place, place)]
        assert np.allclose(mine, getattr(other, name), rtol=0, atol=1e-9, equal_nan=True), name


@by_estimator
@some
@given(frame=ratings())
def test_obligors_under_other_names_give_the_same_probabilities(estimate, frame):
    renamed = frame.assign(party_id=frame["party_id"] + " Ltd")
    assert bits(estimate(histories(renamed))) == bits(estimate(histories(frame)))


@by_estimator
@settings(max_examples=3, deadline=None)
@given(frame=ratings())
def test_a_matrix_comes_back_from_its_state_bit_for_bit(estimate, frame):
    found = estimate(histories(frame))
    again = TransitionMatrix.from_state(json.loads(json.dumps(found.to_state(), allow_nan=False)))
    assert bits(again) == bits(found)
    assert again.card() == found.card()


@by_estimator
def test_two_grades_of_one_day_are_refused_before_anything_is_estimated(estimate):
    frame = pd.DataFrame({"party_id": ["x", "x"], "rated_on": [START, START], "grade": ["A", "B"]})
    with pytest.raises(DataRefused, match="found A and B of x on 2020-01-01"):
        estimate(histories(frame))


@by_estimator
def test_one_obligor_with_one_rating_stays(estimate):
    found = estimate(histories(pd.DataFrame({"party_id": ["x"], "rated_on": [START], "grade": ["B"]})))
    assert found.p[1].tolist() == [0, 1, 0, 0]
    assert np.isnan(found.p[0]).all()
    assert 0 < found.high[1, 3] < 1


@pytest.mark.parametrize("estimator", ["duration", "aalen_johansen"])
@some
@given(frame=ratings())
def test_default_probabilities_never_fall_with_time(estimator, frame):
    assume(frame["rated_on"].min() == START)
    found = default_curve(histories(frame), 2, estimator, replicates=DRAWS)
    known = ~np.isnan(found.cumulative).any(axis=1)
    assert (found.marginal[known] >= -1e-12).all()
    assert ((found.cumulative[known] >= 0) & (found.cumulative[known] <= 1)).all()
