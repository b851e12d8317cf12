"""Grades: exact tails, Holm, concentration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from riskmodels.models.low_default import jeffreys_interval
from riskmodels.validation.correlated import correlated_binomial_p
from riskmodels.validation.grades import (
    binomial_p,
    concentration_index,
    concentration_p,
    holm,
    jeffreys_p,
    wp14_chi2,
)


@pytest.mark.parametrize("p", [[0.2], [0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.001], [1.0, 0.0, 0.9, 0.02, 0.02]])
def test_holm_is_that_of_statsmodels(p):
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_the_p_value_and_bonferroni(p):
    assert np.all(holm(p) >= p)
    assert np.all(holm(p) <= np.minimum(1, len(p) * np.array(p)) + 1e-15)


@given(st.integers(1, 500), st.floats(0.001, 0.5), st.data())
def test_more_events_make_a_pd_less_believable(n, pd, data):
    events = data.draw(st.integers(0, n - 1))
    assert jeffreys_p(pd, n, events + 1) <= jeffreys_p(pd, n, events)
    assert binomial_p(pd, n, events + 1) <= binomial_p(pd, n, events)


@given(st.integers(1, 500), st.data())
def test_the_jeffreys_interval_holds_the_rate(n, data):
    events = data.draw(st.integers(0, n))
    low, high = jeffreys_interval(n, events)
    assert low <= events / n <= high


def test_no_events_leave_the_low_end_at_zero():
    assert jeffreys_interval([50, 50], [0, 50])[0][0] == 0
    assert jeffreys_interval([50, 50], [0, 50])[1][1] == 1


def test_all_cases_in_one_of_five_grades_is_full_concentration():
    assert concentration_index([100, 0, 0, 0, 0]) == pytest.approx(1)
    assert concentration_index([20] * 5) == pytest.approx(0)
    assert np.isnan(concentration_index([100]))


def test_the_same_shares_are_no_rise_of_concentration():
    assert concentration_p([10, 20, 30], [100, 200, 300]) == pytest.approx(0.5)


def test_without_correlation_the_count_is_binomial():
    assert correlated_binomial_p(0.02, 500, 17, rho=0.0) == pytest.approx(binomial_p(0.02, 500, 17), rel=1e-9)


def test_correlation_makes_many_defaults_less_surprising():
    assert correlated_binomial_p(0.02, 500, 25, 0.2) > 10 * correlated_binomial_p(0.02, 500, 25, 0.0)


def test_a_grade_without_variance_contradicts_only_what_it_did_not_foretell():
    assert wp14_chi2([0.0, 0.1, 1.0], [50, 100, 10], [0, 10, 10]).p_value == 1
    assert wp14_chi2([0.0, 0.1], [50, 100], [1, 10]).p_value == 0
    assert wp14_chi2([0.0, 0.1, 0.2], [50, 100, 0], [0, 10, 0]).df == 2
    assert np.isnan(wp14_chi2([0.1], [0], [0]).p_value)


def test_grades_without_any_weight_have_no_concentration():
    assert np.isnan(concentration_index([0.0, 0.0]))
    assert np.isnan(concentration_p([0.0, 0.0], [1.0, 2.0]))
