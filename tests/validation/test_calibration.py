"""Calibration: identities, pathological samples, and parameters estimated back."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, ndtr, ndtri

from riskmodels.validation.calibration import (
    brier,
    brier_parts,
    brier_skill,
    brier_skill_error,
    calibration_in_the_large,
    calibration_line,
    expected_calibration_error,
    grouped_chi2,
    hosmer_lemeshow,
    logit,
    observed_expected,
    quantile_groups,
    spiegelhalter,
)

GRADED = st.lists(st.tuples(st.integers(0, 1), st.sampled_from([0.01, 0.05, 0.2, 0.6])), min_size=2, max_size=60)


def simulated(n=20_000, slope=1.0, shift=0.0, seed=4):
    """Outcomes whose true logit is shift + slope x the logit of the probability given."""
    rng = np.random.default_rng(seed)
    probability = expit(rng.normal(-2, 1, n))
    return (rng.random(n) < expit(shift + slope * logit(probability))).astype(int), probability


@given(GRADED)
def test_the_brier_score_is_the_sum_of_its_parts(rows):
    outcome, probability = map(np.array, zip(*rows))
    parts = brier_parts(outcome, probability, probability)
    assert parts.reliability - parts.resolution + parts.uncertainty == pytest.approx(brier(outcome, probability))


def test_slope_and_shift_are_estimated_back():
    line = calibration_line(*simulated(slope=0.7, shift=0.4))
    assert abs(line.slope - 0.7) < 3 * line.slope_se
    assert abs(line.intercept - 0.4) < 3 * line.intercept_se


def test_calibration_in_the_large_finds_the_shift_of_all_odds():
    assert calibration_in_the_large(*simulated(shift=0.5)) == pytest.approx(0.5, abs=0.08)


def test_repeating_each_case_five_times_does_not_sharpen_a_clustered_error():
    outcome, probability = simulated(2_000)
    cluster = np.tile(np.arange(2_000), 5)
    once = calibration_line(outcome, probability, np.arange(2_000))
    repeated = calibration_line(np.tile(outcome, 5), np.tile(probability, 5), cluster)
    assert repeated.slope_se == pytest.approx(once.slope_se, rel=0.01)
    five = observed_expected(np.tile(outcome, 5), np.tile(probability, 5), cluster)
    assert (five.ratio, five.error) == pytest.approx(astuple(observed_expected(outcome, probability))[:2], rel=0.001)


@pytest.mark.parametrize(
    ("outcome", "probability"),
    [([0, 0, 1, 1], [0.1] * 4), ([0] * 4, [0.1, 0.2, 0.3, 0.4]), ([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])],
)
def test_a_line_that_is_not_identified_is_not_a_number(outcome, probability):
    assert np.isnan(calibration_line(outcome, probability).slope)


def test_a_certain_probability_that_fails_is_impossible():
    assert grouped_chi2([1, 0, 0], [0.0, 0.0, 0.0], ["A"] * 3).p_value == 0.0
    assert grouped_chi2([0, 0, 0], [0.0, 0.0, 0.0], ["A"] * 3).p_value == 1.0


def test_groups_lose_two_degrees_of_freedom_only_in_sample():
    outcome, probability = simulated(500)
    assert hosmer_lemeshow(outcome, probability).df == 10
    assert hosmer_lemeshow(outcome, probability, in_sample=True).df == 8


def test_equal_probabilities_stay_in_one_group():
    groups = quantile_groups([0.1] * 70 + [0.2] * 30)
    assert len(set(groups[:70])) == len(set(groups[70:])) == 1


@pytest.mark.parametrize("p_value", [lambda y, p: hosmer_lemeshow(y, p).p_value, lambda y, p: spiegelhalter(y, p)[1]])
def test_a_calibrated_model_is_rejected_about_as_often_as_the_level_says(p_value):
    rejected = np.mean([p_value(*simulated(1_000, seed=s)) < 0.05 for s in range(400)])
    assert 0.02 <= rejected <= 0.09


def test_a_doubled_pd_is_rejected():
    outcome, probability = simulated(5_000)
    assert hosmer_lemeshow(outcome, np.minimum(2 * probability, 0.99)).p_value < 1e-6
    assert expected_calibration_error(outcome, np.minimum(2 * probability, 0.99)) > 0.1


def test_spiegelhalter_needs_a_probability_that_says_something():
    assert np.isnan(spiegelhalter([0, 1], [0.5, 0.5])[0])


def test_saying_the_base_rate_has_no_skill_and_knowing_has_all():
    outcome = np.array([0, 0, 0, 1])
    assert brier_skill(outcome, [0.25] * 4) == 0
    assert brier_skill(outcome, outcome) == 1
    assert np.isnan(brier_skill([0, 0], [0.1, 0.1]))


@pytest.mark.parametrize("ratio", [0.7, 1.0, 1.6])
def test_the_interval_of_observed_over_expected_holds_the_true_ratio(ratio):
    probability = 0.5 * simulated(2_000)[1]
    rng = np.random.default_rng(8)
    found = [observed_expected(rng.random(2_000) < ratio * probability, probability).interval for _ in range(500)]
    assert np.mean([low <= ratio <= high for low, high in found]) == pytest.approx(0.95, abs=0.03)


def test_one_is_in_the_interval_just_where_the_test_says_so():
    for seed in range(40):
        found = observed_expected(*simulated(800, shift=0.2, seed=seed))
        inside = found.interval[0] <= 1 <= found.interval[1]
        assert inside == (found.p_value >= 0.05)
        least, most = found.chance(0.01)
        assert (least <= found.ratio <= most) == (found.p_value >= 0.01)


def test_no_event_at_all_still_has_an_interval():
    found = observed_expected(np.zeros(100), np.full(100, 0.03))
    assert (found.ratio, found.interval[0]) == (0, 0)
    assert 1 < found.interval[1] < 2
    assert np.isnan(observed_expected([0, 0], [0.0, 0.0]).ratio)


def test_debtors_and_clients_that_stick_together_widen_the_interval():
    rng = np.random.default_rng(9)
    debtor, client = rng.integers(0, 80, 4_000), rng.integers(0, 40, 4_000)
    lift = np.exp(rng.normal(0, 0.5, 80)[debtor] + rng.normal(0, 0.5, 40)[client])
    probability = np.full(4_000, 0.05)
    outcome = rng.random(4_000) < np.minimum(probability * lift, 1)
    none, one, both = (observed_expected(outcome, probability, c).error for c in (None, debtor, (debtor, client)))
    assert none < one < both


def test_equal_amounts_change_nothing_and_one_large_amount_widens():
    outcome, probability = simulated(500)
    plain = observed_expected(outcome, probability)
    weighed = observed_expected(outcome, probability, weight=np.full(500, 7.0))
    assert weighed.interval == pytest.approx(plain.interval)
    heavy = observed_expected(outcome, probability, weight=np.where(np.arange(500) == 0, 1e6, 1.0))
    assert heavy.error > 5 * plain.error


def test_a_single_cluster_has_a_slope_and_no_error():
    outcome, probability = simulated(400)
    line = calibration_line(outcome, probability, np.zeros(400))
    assert np.isfinite(line.slope)
    assert np.isnan(line.slope_se)


def test_bad_cases_where_none_was_expected_are_a_ratio_to_half_a_case():
    found = observed_expected(np.repeat([1.0, 0.0], [20, 80]), np.zeros(100))
    assert found.ratio == 40
    assert found.p_value < 1e-6
    assert found.interval[0] > 20


def test_probabilities_of_0_and_1_alone_are_held_against_half_a_case_of_variance():
    found = observed_expected(np.repeat([1.0, 0.0], [50, 50]), np.repeat([1.0, 0.0], [90, 10]))
    assert found.p_value < 1e-6
    assert observed_expected([1.0, 0.0], [1.0, 0.0]).p_value == 1


@pytest.mark.parametrize(("correlation", "most"), [(0.0, 0.05), (0.05, 0.07)])
def test_eight_clients_that_share_luck_do_not_make_right_probabilities_wrong(correlation, most):
    rng = np.random.default_rng(1)
    client = np.repeat(np.arange(8), 150)
    rejected = 0
    for _sample in range(600):
        probability = expit(rng.normal(-3, 0.8, len(client)))
        luck = rng.normal(size=8)[client]
        rate = ndtr((ndtri(probability) - np.sqrt(correlation) * luck) / np.sqrt(1 - correlation))
        rejected += observed_expected(rng.random(len(client)) < rate, probability, client).p_value < 0.05
    assert rejected / 600 <= most


def test_the_error_of_the_brier_skill_is_that_of_repeated_samples():
    rng = np.random.default_rng(2)
    samples = [simulated(2_000, seed=int(seed)) for seed in rng.integers(0, 10**6, 200)]
    skills = [brier_skill(*one) for one in samples]
    assert brier_skill_error(*samples[0]) == pytest.approx(np.std(skills), rel=0.25)
