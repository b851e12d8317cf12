import json

import numpy as np
import pytest

from riskmodels.core.errors import Misuse
from riskmodels.models.transitions import TransitionMatrix, aalen_johansen_matrix, cohort_matrix, duration_matrix
from riskmodels.models.transitions.matrix import normalised, without_lost
from riskmodels.models.transitions.multi_year import powers
from tests.models.transitions.rated import seen


@pytest.mark.parametrize("estimate", [cohort_matrix, duration_matrix, aalen_johansen_matrix])
def test_a_matrix_comes_back_from_json_bit_for_bit(estimate):
    found = estimate(seen(x="0 A 100 B", y="0 A", until=731), replicates=100)
    again = TransitionMatrix.from_state(json.loads(json.dumps(found.to_state(), allow_nan=False)))
    assert all(
        getattr(again, name).tobytes() == getattr(found, name).tobytes() for name in ("p", "low", "high", "counts")
    )
    assert again.card() == found.card()
    assert again.summary().equals(found.summary())


@pytest.mark.parametrize("estimate", [cohort_matrix, duration_matrix, aalen_johansen_matrix])
def test_every_estimator_looks_a_year_ahead_unless_told_and_says_so(estimate):
    found = estimate(seen(x="0 A 100 B", y="0 A 900 B", until=1096), replicates=100)
    assert found.years == pytest.approx(1, abs=0.003)
    assert (found.summary()["years"] == found.years).all()


def test_an_undefined_row_comes_back_as_undefined():
    found = cohort_matrix(seen(x="0 A", until=366), replicates=100)
    state = found.to_state()
    assert state["p"][1] == [None, None, None]
    assert np.isnan(TransitionMatrix.from_state(state).p[1]).all()


def test_rows_are_scaled_to_one():
    assert normalised(np.array([[0.5, 0.25], [0.0, 2.0]])).tolist() == [[2 / 3, 1 / 3], [0, 1]]
    with pytest.raises(Misuse, match="a negative probability or a row of zeros"):
        normalised(np.array([[0.0, 0.0], [0.0, 1.0]]))


def test_what_leads_to_an_unknown_row_is_unknown_after_as_many_moves():
    step = np.array([[[0, 1, 0, 0], [0, 0, 1, 0], [np.nan] * 4, [0, 0, 0, 1]]])
    for moves, lost in ((0, [2]), (1, [1, 2]), (2, [0, 1, 2]), (9, [0, 1, 2])):
        found = without_lost(np.zeros((1, 4, 4)), step, moves)
        assert np.flatnonzero(np.isnan(found[0]).all(axis=1)).tolist() == lost


def test_known_rows_are_raised_beside_an_unknown_one():
    step = np.array([[[0.5, 0.5, 0], [0.2, 0.8, 0], [np.nan] * 3]])
    found = powers(step, np.array([2]))[0, 0]
    assert np.allclose(found[:2, :2], np.linalg.matrix_power(step[0, :2, :2], 2))
    assert np.isnan(found[2]).all()
