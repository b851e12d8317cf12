"""Transition figures against published ones, and real rating histories read from their file."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.datasets import dated_ratings, jarrow_lando_turnbull, simulated_migration
from riskmodels.models.transitions import (
    States,
    aalen_johansen_matrix,
    bandwidth,
    cohort_matrix,
    cohorts,
    default_curve,
    duration_matrix,
    matrix_curve,
    prais_mobility,
    rating_histories,
    svd_mobility,
    time_homogeneity,
    worst_of_day,
)
from riskmodels.models.transitions.histories import NEVER
from riskmodels.validation.migration.steps import steps

STATES = States(("AAA", "AA+", "A+", "BBB+", "BB+", "B+", "CCC+"))


@pytest.fixture(scope="module")
def jlt(real_data):
    return jarrow_lando_turnbull(real_data())


# Jarrow, Lando and Turnbull 1997; Jafry and Schuermann 2004: mean singular value of P - I.
def test_svd_mobility(jlt):
    assert svd_mobility(jlt) == pytest.approx(0.1712047, abs=5e-8)


# (K - trace) / (K - 1).
def test_prais_mobility(jlt):
    assert prais_mobility(jlt) == pytest.approx(0.1750857, abs=5e-8)


# ECB 2019, 2.5.5.1, among grades, with equal numbers of obligors.
def test_bandwidths(jlt):
    assert bandwidth(jlt.iloc[:7, :7]) == pytest.approx((0.2622978651, 0.2828143022), abs=5e-11)


# Tests of the library meliora, figures of its R notebook on pd_transition_matrix.csv: sums of the z statistics and of
# their p-values.
def test_steps_of_a_matrix(oracle):
    pairs = pd.read_csv(oracle("pd_transition_matrix.csv"))
    found = steps(pd.crosstab(pairs["period_1_ratings"], pairs["period_2_ratings"]))
    assert np.nansum(found.z) == pytest.approx(23.81875738112634, abs=1e-12)
    assert np.nansum(found.p) == pytest.approx(23.11530838816691, abs=1e-12)


# Five years of the matrix, rows normalised.
def test_five_year_default_probabilities(jlt):
    found = matrix_curve(jlt, 5)
    assert found.grades == ("AAA", "AA", "A", "BBB", "BB", "B", "CCC")
    known = [0.00138, 0.00431, 0.01302, 0.04475, 0.15340, 0.31427, 0.62487]
    assert found.cumulative[:, -1] == pytest.approx(known, abs=5.5e-6)


# open-risk transitionMatrix: 10,000 entities simulated with [[.8, .15, .05], [.1, .7, .2], [0, 0, 1]].
def test_the_matrix_behind_fifty_thousand_simulated_states_is_found_again(real_data):
    frame = simulated_migration(real_data())
    ratings = pd.DataFrame(
        {
            "party_id": frame["ID"],
            "rated_on": [pd.Timestamp(2000 + time, 12, 31) for time in frame["Time"]],
            "grade": frame["State"].astype(str),
        }
    )
    history = rating_histories(ratings, States(("0", "1"), default="2", withdrawn=None), date(2004, 12, 31))
    found = cohort_matrix(history, replicates=200)
    true = np.array([[0.8, 0.15, 0.05], [0.1, 0.7, 0.2], [0, 0, 1]])
    error = np.sqrt(true[:2] * (1 - true[:2]) / found.at_risk[:2, None])
    assert (np.abs(found.p - true)[:2] < 3 * error).all()
    assert found.p[2].tolist() == [0, 0, 1]
    assert ((found.low <= true) & (true <= found.high)).mean() >= 8 / 9
    # Grades move on one day a year there: the product over those days is the power of the matrix.
    curve, product = (default_curve(history, 4, name, replicates=100) for name in ("cohort", "aalen_johansen"))
    assert np.abs(curve.cumulative - product.cumulative).max() < 0.01


@pytest.fixture(scope="module")
def histories(real_data):
    frame = dated_ratings(real_data()).set_axis(["party_id", "rated_on", "grade", "number"], axis=1)
    return rating_histories(worst_of_day(frame, STATES), STATES, date(2005, 12, 31))


# open-risk transitionMatrix rating_data_raw.csv: 4,000 dated ratings of 1,829 entities, 62 with a D, 46 of these
# with a grade on an earlier day.
def test_real_dated_ratings_are_read(histories):
    assert histories.first == date(1999, 5, 21)
    assert (histories.default_day < NEVER).sum() == 46
    assert histories.left_out["after default"] > 0


def test_three_estimators_agree_on_real_ratings_within_their_intervals(histories):
    cohort = cohort_matrix(histories, replicates=200)
    duration = duration_matrix(histories, interval="delta")
    product = aalen_johansen_matrix(histories, date(2001, 12, 31), date(2002, 12, 31))
    for found in (cohort, duration, product):
        assert np.allclose(found.p.sum(axis=1), 1)
        assert np.diag(found.p)[:7].min() > 0.5
        assert (found.low <= found.p + 1e-15).all()
        assert (found.p <= found.high + 1e-15).all()
    assert (np.abs(cohort.p - duration.p) < 0.12).all()
    assert 0 < duration.p[5, 7] < duration.p[6, 7]


def test_real_ratings_are_not_homogeneous_in_time(histories):
    found = time_homogeneity(cohorts(histories))
    assert found.periods == 6
    assert found.sparse
    assert found.p_value < 0.05
