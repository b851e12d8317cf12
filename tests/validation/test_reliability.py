"""The CORP curve: the Brier score falls apart exactly, calibrated models lie in their band, order is all it trusts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

from riskmodels.validation.calibration import brier
from riskmodels.validation.reliability import consistency_band, reliability_curve

ROWS = st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=1, max_size=60)


def simulated(n=4_000, ratio=1.0, seed=3):
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(-3, 1, n))
    return (rng.random(n) < np.minimum(ratio * p, 1)).astype(int), p


@given(ROWS)
def test_the_brier_score_is_the_sum_of_parts_none_of_which_is_negative(rows):
    outcome, probability = map(np.array, zip(*rows))
    found = reliability_curve(outcome, probability)
    whole = found.miscalibration - found.discrimination + found.uncertainty
    assert whole == pytest.approx(brier(outcome, probability), abs=1e-12)
    assert min(found.miscalibration, found.discrimination, found.uncertainty) >= -1e-12


@given(ROWS)
def test_the_curve_rises_and_keeps_the_number_of_events(rows):
    outcome, probability = map(np.array, zip(*rows))
    found = reliability_curve(outcome, probability)
    assert (np.diff(found.recalibrated) >= -1e-12).all()
    assert found.n @ found.recalibrated == pytest.approx(outcome.sum())


def test_the_curve_is_the_isotonic_regression_of_cases():
    outcome, probability = simulated(500)
    probability = probability.round(2)
    found = reliability_curve(outcome, probability)
    fitted = IsotonicRegression(y_min=0, y_max=1).fit(probability, outcome).predict(found.probability)
    assert found.recalibrated == pytest.approx(fitted)


def test_what_is_recalibrated_once_is_calibrated():
    outcome, probability = simulated()
    found = reliability_curve(outcome, probability)
    again = reliability_curve(outcome, found.recalibrated[np.searchsorted(found.probability, probability)])
    assert again.miscalibration == pytest.approx(0, abs=1e-12)
    assert again.discrimination == pytest.approx(found.discrimination)


def test_only_the_order_of_probabilities_counts_for_discrimination():
    outcome, probability = simulated()
    squared = reliability_curve(outcome, probability**2)
    assert squared.discrimination == pytest.approx(reliability_curve(outcome, probability).discrimination)
    assert squared.miscalibration > reliability_curve(outcome, probability).miscalibration


def test_a_calibrated_model_lies_in_its_band_and_one_half_too_low_leaves_it():
    inside = []
    for ratio in (1.0, 2.0):
        curve = reliability_curve(*simulated(ratio=ratio))
        band = consistency_band(curve)
        inside.append(np.average((band.low <= curve.recalibrated) & (curve.recalibrated <= band.high)))
    assert inside[0] > 0.8
    assert inside[1] < 0.3


def test_the_same_seed_gives_the_same_band():
    curve = reliability_curve(*simulated(300))
    bands = [consistency_band(curve, seed=seed) for seed in (1, 1, 2)]
    assert (bands[0].low == bands[1].low).all()
    assert (bands[0].high != bands[2].high).any()
