"""Calibration over years: colours and profiles, the normal test's size, series that are short or have gaps."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multinomial, ttest_1samp

from riskmodels.validation.power import POWER, years_distance
from riskmodels.validation.years import (
    GREEN,
    NO_CASES,
    ORANGE,
    RED,
    SHARES,
    YELLOW,
    by_year,
    normal_test,
    profile_p,
    traffic_lights,
)


def simulated(grades, years, ratio=1.0, n=1_000, seed=0):
    rng = np.random.default_rng(seed)
    pd_ = rng.uniform(0.01, 0.05, (grades, years))
    return pd_, np.full((grades, years), n), rng.binomial(n, ratio * pd_)


def test_student_s_p_value_is_that_of_a_t_test_of_the_years_excess():
    pd_, n, events = simulated(5, 8)
    expected = ttest_1samp(events / n - pd_, 0, axis=1, alternative="greater")
    found = normal_test(pd_, n, events)
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue)


def test_the_normal_law_rejects_right_pds_too_often_in_five_years_and_student_s_does_not():
    found = normal_test(*simulated(20_000, 5, seed=1))
    assert 0.06 < np.mean(found.normal_p <= 0.05) < 0.10
    assert np.mean(found.p_value <= 0.05) <= 0.05


def test_grades_are_judged_at_once_as_they_are_one_by_one():
    pd_, n, events = simulated(6, 7, ratio=1.3)
    n[2, 3:], events[2, 3:] = 0, 0
    for test in (normal_test, traffic_lights):
        alone = [float(test(pd_[k], n[k], events[k]).p_value) for k in range(6)]
        assert test(pd_, n, events).p_value.tolist() == alone


def test_a_year_without_cases_is_left_out():
    pd_, n, events = simulated(1, 6)
    gap = n.copy()
    gap[0, 2] = 0
    kept = [0, 1, 3, 4, 5]
    assert normal_test(pd_, gap, events).p_value == normal_test(pd_[:, kept], n[:, kept], events[:, kept]).p_value
    lights = traffic_lights(pd_, gap, events)
    assert lights.colours[0, 2] == NO_CASES
    assert lights.counts.sum() == 5


def test_what_cannot_be_told_is_not_a_number():
    assert np.isnan(normal_test([0.02], [100], [3]).p_value)
    assert np.isnan(normal_test([0.02] * 3, [100] * 3, [3] * 3).p_value)
    assert np.isnan(traffic_lights([0.02] * 3, [0] * 3, [0] * 3).p_value)


def test_colours_part_at_half_four_fifths_and_nineteen_twentieths():
    # n PD = 100, sqrt(n PD (1 - PD)) = 9.4868: lines at 100, 107.98 and 115.60
    events = [99, 100, 101, 107, 108, 115, 116]
    found = traffic_lights([[0.1]] * 7, [[1_000]] * 7, [[e] for e in events]).colours.ravel()
    assert found.tolist() == [GREEN, GREEN, YELLOW, YELLOW, ORANGE, ORANGE, RED]


@pytest.mark.parametrize("years", [1, 3, 5])
def test_a_profile_s_p_value_is_the_chance_of_all_that_are_no_better(years):
    profiles = sorted(c for c in product(range(years + 1), repeat=4) if sum(c) == years)
    chances = multinomial.pmf(profiles, years, SHARES)
    assert profile_p(profiles) == pytest.approx(np.cumsum(chances))


def test_all_years_green_is_no_evidence_and_all_red_is_strong():
    assert profile_p([[5, 0, 0, 0], [0, 0, 0, 5]]) == pytest.approx([1.0, 0.05**5])


@given(st.lists(st.integers(0, 60), min_size=2, max_size=9), st.data())
def test_more_bad_cases_in_a_year_never_make_a_pd_more_believable(events, data):
    year = data.draw(st.integers(0, len(events) - 1))
    worse = [e + (i == year) for i, e in enumerate(events)]
    ask = [0.03] * len(events), [1_000] * len(events)
    assert traffic_lights(*ask, worse).p_value <= traffic_lights(*ask, events).p_value


@pytest.mark.parametrize("years", [3, 5, 10])
def test_the_normal_test_finds_its_distance_in_four_of_five_series(years):
    error = 0.004 / np.sqrt(years)
    rates = np.random.default_rng(2).normal(0.03 + years_distance(error, years, 0.05), 0.004, (20_000, years))
    found = normal_test(0.03, 1.0, rates)
    assert np.mean(found.p_value <= 0.05) == pytest.approx(POWER, abs=0.015)


def test_years_end_with_the_last_month_and_count_every_case_once():
    month, outcome, probability = [24_000, 24_011, 24_012, 24_023, 24_035], [1, 0, 1, 1, 0], [0.1, 0.2, 0.3, 0.1, 0.4]
    pd_, n, events = by_year(month, outcome, probability)
    assert n.tolist() == [2, 2, 1]
    assert events.tolist() == [1, 2, 0]
    assert pd_ == pytest.approx([0.15, 0.2, 0.4])
    assert by_year([0, 24], [1, 0], [0.1, 0.1])[1].tolist() == [1, 0, 1]
