import json

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import expm

from riskmodels.core.errors import Misuse
from riskmodels.models.transitions import (
    PDCurve,
    States,
    aalen_johansen_matrix,
    cohort_matrix,
    default_curve,
    duration_matrix,
    matrix_curve,
    rating_histories,
)
from tests.models.transitions.rated import STATES, day, seen, simulated

P = np.array([[0.8, 0.15, 0.05], [0.1, 0.7, 0.2], [0, 0, 1]])
RATES = np.array([[-0.5, 0.4, 0.1], [0.3, -0.8, 0.5], [0, 0, 0]])
ESTIMATORS = ("cohort", "duration", "aalen_johansen")


@pytest.fixture(scope="module")
def history():
    return rating_histories(simulated(RATES, 200, 4, 3, STATES, leaving=0.1), STATES, until=day(1461))


@pytest.fixture(scope="module", params=ESTIMATORS)
def curve(request, history):
    return default_curve(history, 3, request.param, replicates=100)


def test_a_matrix_is_raised_to_the_power_of_the_year():
    found = matrix_curve(P, 3)
    assert np.allclose(found.cumulative.T, [np.linalg.matrix_power(P, n)[:2, 2] for n in (1, 2, 3)])
    assert np.isnan(found.low).all()


def test_marginal_and_forward_come_from_the_cumulative():
    found = matrix_curve(P, 4)
    assert np.allclose(found.marginal.cumsum(axis=1), found.cumulative)
    assert np.allclose(1 - np.cumprod(1 - found.forward, axis=1), found.cumulative)


def test_rows_are_normalised_first():
    assert np.allclose(matrix_curve(P * [[0.98], [1.01], [1]], 5).cumulative, matrix_curve(P, 5).cumulative)


def test_grades_are_named_after_the_columns():
    assert matrix_curve(pd.DataFrame(P, columns=["A", "B", "D"])).grades == ("A", "B")


def test_the_first_year_is_the_one_year_matrix(history):
    cohort, duration = default_curve(history, 2, replicates=100), default_curve(history, 2, "duration", replicates=100)
    assert np.allclose(cohort.cumulative[:, 0], cohort_matrix(history, replicates=100).p[:2, 2])
    assert np.allclose(duration.cumulative[:, 0], duration_matrix(history, interval="delta").p[:2, 2])


def test_aalen_johansen_goes_through_the_last_years(history):
    found = default_curve(history, 3, "aalen_johansen", replicates=100)
    first = day(1461 - 365 * 3)
    for year, last in enumerate((day(731), day(1096), day(1461))):
        assert np.allclose(found.cumulative[:, year], aalen_johansen_matrix(history, first, last).p[:2, 2])


def test_default_probabilities_rise_and_lie_in_their_intervals(curve):
    assert (curve.marginal > 0).all()
    assert (curve.low <= curve.cumulative).all()
    assert (curve.cumulative <= curve.high).all()
    assert (curve.cumulative[1] > curve.cumulative[0]).all()


def test_the_planted_five_years_are_in_the_interval(history):
    true = np.array([expm(RATES * year)[:2, 2] for year in (1, 2, 3)]).T
    found = default_curve(history, 3, "duration", replicates=200)
    assert ((found.low <= true) & (true <= found.high)).all()


def test_no_default_ever_still_has_an_upper_bound(history):
    quiet = seen(**{f"o{i}": "0 A 100 B 200 A" for i in range(30)}, until=1461)
    for estimator in ESTIMATORS:
        found = default_curve(quiet, 2, estimator, replicates=100)
        assert found.cumulative[0].tolist() == [0, 0]
        assert (found.high[0] > 0).all()
        assert found.high[0, 1] >= found.high[0, 0]


def test_a_grade_nobody_was_in_has_no_curve():
    states = States(("A", "B", "C"))
    parties = {f"o{i}": "0 A 100 B" for i in range(5)}
    quiet = seen(**parties, x="0 A 300 D", until=1461, states=states)
    for estimator in ESTIMATORS:
        found = default_curve(quiet, 2, estimator, replicates=100)
        assert np.isnan(found.cumulative[2]).all()
        assert np.isnan(found.high[2]).all()


def test_a_path_through_an_unknown_row_is_unknown():
    states = States(("A", "B", "C"))
    found = default_curve(seen(x="0 A 731 C", y="0 B", until=731, states=states), 2, replicates=100)
    assert found.cumulative[1].tolist() == [0, 0]
    assert found.cumulative[0, 0] == 0
    assert np.isnan(found.cumulative[0, 1])


def test_the_curve_comes_back_from_its_state(curve):
    again = PDCurve.from_state(json.loads(json.dumps(curve.to_state(), allow_nan=False)))
    assert again.summary().equals(curve.summary())
    plain = matrix_curve(P)
    assert (
        PDCurve.from_state(json.loads(json.dumps(plain.to_state(), allow_nan=False))).summary().equals(plain.summary())
    )


def test_summary_has_a_row_per_grade_and_year(curve):
    table = curve.summary()
    assert len(table) == 6
    assert table["year"].tolist() == [1, 2, 3, 1, 2, 3]
    assert table["cumulative PD"].tolist() == curve.cumulative.ravel().tolist()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda h: default_curve(h, 0), "years: found 0, expected 1 or more"),
        (lambda h: default_curve(h, 9, "aalen_johansen"), "years: found 9, expected no more than there are from"),
        (lambda h: default_curve(h, 2, "magic"), "estimator: found 'magic', expected one of cohort, duration"),
        (lambda h: matrix_curve(P[:2]), "found shape \\(2, 3\\), expected as many rows as columns"),
        (lambda h: matrix_curve(-P), "found a negative probability or a row of zeros"),
        (lambda h: matrix_curve(P[:2, :2]), "found a last state that is left again, expected default"),
        (
            lambda h: default_curve(seen(x="0 A", until=800, states=States(("A", "B"), None))),
            "found states without default",
        ),
    ],
)
def test_what_can_t_be_told_is_refused_in_one_line(history, call, words):
    with pytest.raises(Misuse, match=words):
        call(history)
