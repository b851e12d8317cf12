"""Curves: truth is found again, order is kept, and samples too small for them are refused."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit

from riskmodels.models.calibration import Calibration, beta, isotonic, slope_intercept
from riskmodels.models.inputs import SampleError

CURVES = (slope_intercept, beta, isotonic)


def sample(n=20_000, seed=1, truth=lambda p: expit(-0.5 + 0.7 * logit(p))):
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 12, n).clip(1e-4, 1 - 1e-4)
    return p, (rng.random(n) < truth(p)).astype(int)


@pytest.fixture(scope="module")
def judged():
    return sample()


def test_intervals_of_the_line_hold_the_truth_as_often_as_they_say():
    held = []
    for seed in range(60):
        table = slope_intercept(*sample(1_500, seed)).summary().set_index("term")
        truth = pd.Series({"intercept": -0.5, "slope of the log-odds": 0.7}, table.index)
        held.append((table["low"] < truth) & (truth < table["high"]))
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)


def test_a_planted_beta_curve_is_found():
    p, y = sample(60_000, truth=lambda p: expit(0.8 * np.log(p) - 3 * np.log1p(-p) + 0.2))
    found = beta(p, y)
    for name, truth in {"a": 0.8, "b": 3.0, "c": 0.2}.items():
        assert abs(found.parameters[name] - truth) < 3 * found.errors[name]


def test_a_beta_curve_of_equal_weights_is_the_line(judged):
    line, curve = slope_intercept(*judged), beta(*judged)
    p = np.linspace(0.01, 0.4, 9)
    assert curve.apply(p) == pytest.approx(line.apply(p), rel=0.15)
    equal = Calibration("beta", {"a": 0.7, "b": 0.7, "c": -0.5}, 1, 0.1, 0.1)
    assert equal.apply(p) == pytest.approx(expit(-0.5 + 0.7 * logit(p)))


def test_a_weight_that_would_be_negative_is_0_and_the_rest_is_of_greatest_likelihood():
    p, y = sample(8_000, truth=lambda p: expit(1.5 * np.log(p) + 3 * np.log1p(-p) + 1))
    found = beta(p, y)
    assert found.parameters["b"] == 0

    def loss(theta):
        z = theta[0] * np.log(p) - theta[1] * np.log1p(-p) + theta[2]
        return np.logaddexp(0, z).sum() - z @ y

    best = minimize(loss, [1, 1, 0], bounds=[(0, None), (0, None), (None, None)])
    values = [found.parameters[name] for name in "abc"]
    assert loss(values) <= best.fun + 1e-4
    assert values == pytest.approx(best.x, abs=0.02)


@pytest.mark.parametrize("curve", CURVES)
def test_the_mean_comes_out_at_the_rate_of_bad(curve, judged):
    p, y = judged
    weight = np.linspace(0.5, 2, len(p))
    found = curve(p, y, weight)
    assert found.after == pytest.approx(np.average(y, weights=weight), rel=1e-6)
    assert (found.n, found.events) == (len(p), y.sum())


@pytest.mark.parametrize("curve", CURVES)
def test_nobody_overtakes_anybody(curve, judged):
    after = curve(*judged).apply(np.linspace(0, 1, 2001))
    assert (np.diff(after) >= 0).all()
    assert after.min() >= 0
    assert after.max() <= 1


@pytest.mark.parametrize("curve", CURVES)
def test_a_weight_of_two_is_the_row_twice(curve):
    p, y = sample(3_000)
    weight = 1 + (np.arange(len(p)) % 3 == 0)
    twice = np.repeat(np.arange(len(p)), weight)
    grid = np.linspace(0.01, 0.5, 30)
    assert curve(p, y, weight).apply(grid) == pytest.approx(curve(p[twice], y[twice]).apply(grid), rel=1e-6)


@pytest.mark.parametrize("curve", CURVES)
def test_a_curve_survives_its_state_as_json(curve, judged):
    found = curve(*judged)
    again = Calibration.from_state(json.loads(json.dumps(found.to_state())))
    assert again == found
    assert (again.apply([0.03, 0.4]) == found.apply([0.03, 0.4])).all()


def test_rows_that_repeat_an_obligor_widen_the_errors():
    p, y = sample(2_000)
    repeated, obligor = np.repeat(np.arange(2_000), 9), np.repeat(np.arange(2_000), 9)
    alone = slope_intercept(p[repeated], y[repeated])
    clustered = slope_intercept(p[repeated], y[repeated], groups=obligor)
    assert clustered.errors["slope"] == pytest.approx(3 * alone.errors["slope"], rel=0.15)
    assert clustered.parameters == alone.parameters


def test_steps_are_scikit_learns_and_flat_outside():
    p, y = sample(3_000)
    from sklearn.isotonic import IsotonicRegression

    peer = IsotonicRegression(out_of_bounds="clip").fit(p, y)
    grid = np.linspace(0, 1, 301)
    assert isotonic(p, y).apply(grid) == pytest.approx(peer.predict(grid), abs=1e-12)


def test_steps_take_certain_probabilities_and_lines_refuse_them(judged):
    p, y = judged[0].copy(), judged[1]
    p[:3] = 0, 1, 0
    assert isotonic(p, y).n == len(p)
    for curve in (slope_intercept, beta):
        with pytest.raises(SampleError, match="found 3 probabilities of exactly 0 or 1"):
            curve(p, y)


def test_certain_probabilities_stay_certain_under_a_line(judged):
    assert slope_intercept(*judged).apply([0, 1]).tolist() == [0, 1]


@pytest.mark.parametrize(("curve", "fewest"), [(slope_intercept, 10), (beta, 30), (isotonic, 50)])
def test_a_sample_of_too_few_bad_or_good_is_refused(curve, fewest):
    p, y = np.linspace(0.01, 0.5, 400), np.zeros(400, dtype=int)
    y[np.arange(fewest - 1) * 7 % 400] = 1
    for bad in (y, 1 - y, np.zeros(400)):
        with pytest.raises(SampleError, match=f"expected at least {fewest} bad and {fewest} good; anchor"):
            curve(p, bad)


@pytest.mark.parametrize("curve", CURVES)
def test_probabilities_that_rank_the_wrong_way_are_refused(curve, judged):
    p, y = judged
    with pytest.raises(SampleError, match="expected the order of the probabilities to hold"):
        curve(1 - p, y)


@pytest.mark.parametrize("curve", CURVES)
def test_one_probability_for_all_tells_no_curve(curve, judged):
    with pytest.raises(SampleError, match="expected the order of the probabilities to hold"):
        curve(np.full(len(judged[1]), 0.07), judged[1])


def test_a_perfect_parting_has_no_line():
    p = np.concatenate([np.linspace(0.01, 0.1, 100), np.linspace(0.6, 0.9, 100)])
    with pytest.raises(SampleError, match="parted by probability without overlap"):
        slope_intercept(p, p > 0.5)


@pytest.mark.parametrize(
    ("y", "more", "message"),
    [
        ([0, 1, 2, 0], {}, "outcome: found values other than 0 and 1"),
        ([0, 1, np.nan, 0], {}, "outcome: found values other than 0 and 1"),
        ([0, 1, 0], {}, r"outcome: found shape \(3,\)"),
        ([0, 1, 0, 1], {"groups": [1, 2]}, "groups: found 2 values, expected 4"),
        ([0, 1, 0, 1], {"weight": [1, 1, 1, -1]}, "weight: found negative"),
    ],
)
def test_what_no_curve_is_fitted_on_is_refused_in_one_line(y, more, message):
    with pytest.raises(SampleError, match=message):
        slope_intercept([0.1, 0.2, 0.3, 0.4], y, **more)


@pytest.mark.parametrize("curve", CURVES)
def test_the_least_probability_that_reaches_a_target_reaches_it(curve, judged):
    found, targets = curve(*judged), np.array([0.05, 0.1, 0.2])
    least = found.reached(targets)
    assert found.apply(least) == pytest.approx(targets, abs=1e-9)
    assert (found.apply(least * (1 - 1e-6)) < targets).all()


def test_a_target_that_no_step_reaches_needs_certainty():
    steps = Calibration("isotonic", {"knots": [0.1, 0.2], "values": [0.05, 0.3]}, 100, 0.15, 0.15)
    assert steps.reached([0.175, 0.3, 0.31]) == pytest.approx([0.15, 0.2, 1.0])


def test_the_summary_of_steps_has_a_row_per_knot(judged):
    found = isotonic(*judged)
    assert found.summary()["estimate"].tolist() == found.parameters["values"]
    assert found.summary()["term"].iloc[0].startswith("at probability 0.0")
