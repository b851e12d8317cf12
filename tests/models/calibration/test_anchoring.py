"""Anchoring: the mean reaches the tendency exactly, and nobody overtakes anybody."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.errors import Misuse
from riskmodels.models.calibration import Calibration, anchored, corrected_odds
from riskmodels.models.inputs import SampleError

inside = st.floats(1e-9, 1 - 1e-9)
some = st.lists(inside, min_size=1, max_size=30)
rates = st.floats(1e-4, 1 - 1e-4)


@given(some, rates, st.data())
def test_the_weighted_mean_is_the_tendency(p, tendency, data):
    weight = data.draw(st.lists(st.floats(0.01, 1000), min_size=len(p), max_size=len(p)))
    found = anchored(p, tendency, weight)
    assert np.average(found.apply(p), weights=weight) == pytest.approx(tendency, rel=1e-9)
    assert found.after == pytest.approx(tendency, rel=1e-9)
    assert found.before == pytest.approx(np.average(p, weights=weight))


@given(some, rates)
def test_anchoring_keeps_every_order(p, tendency):
    ordered = np.sort(p)
    assert (np.diff(anchored(p, tendency).apply(ordered)) >= 0).all()


def test_anchoring_to_the_mean_it_has_changes_nothing():
    p = np.array([0.01, 0.02, 0.3])
    assert anchored(p, p.mean()).apply(p) == pytest.approx(p, rel=1e-12)


def test_odds_ratios_are_kept():
    p = np.array([0.01, 0.05, 0.4])
    after = anchored(p, 0.02).apply(p)
    ratio = after / (1 - after) / (p / (1 - p))
    assert ratio == pytest.approx(ratio[0])


def test_certain_ones_stay_certain_and_the_others_make_up_for_them():
    p = [0.0, 1.0, 0.1, 0.2]
    after = anchored(p, 0.4).apply(p)
    assert after[:2].tolist() == [0, 1]
    assert after.mean() == pytest.approx(0.4, rel=1e-12)


@pytest.mark.parametrize("tendency", [0.2, 0.25, 0.75, 0.8])
def test_a_tendency_that_the_certain_ones_rule_out_is_refused(tendency):
    with pytest.raises(Misuse, match=r"expected between 0.25 and 0.75"):
        anchored([0.0, 1.0, 0.1, 0.2], tendency)


@pytest.mark.parametrize("tendency", [0.0, 1.0, -0.1, 2.0, float("nan")])
def test_a_tendency_outside_0_to_1_is_refused(tendency):
    with pytest.raises(Misuse, match=r"tendency: found .* expected strictly between 0 and 1"):
        anchored([0.1, 0.2], tendency)


@pytest.mark.parametrize(
    ("p", "weight", "message"),
    [
        ([0.1, np.nan], None, "found 1 missing of 2"),
        ([0.1, 1.2], None, "found 1 of 2 outside 0 to 1"),
        ([], None, r"expected \(n,\) with at least one row"),
        ([0.1, 0.2], [1.0], r"weight: found shape \(1,\)"),
        ([0.1, 0.2], [1.0, -1.0], "found negative"),
        ([0.1, 0.2], [0.0, 0.0], "only zero weights"),
    ],
)
def test_what_cannot_be_anchored_is_refused_in_one_line(p, weight, message):
    with pytest.raises(SampleError, match=message):
        anchored(p, 0.05, weight)


# Elkan 2001, theorem 2: p' = b' (p - p b) / (b - p b + b' p - b b'), b the sample's rate, b' the population's.
@given(inside, rates, rates)
def test_the_correction_of_odds_is_elkans(p, b, other):
    expected = other * (p - p * b) / (b - p * b + other * p - b * other)
    assert corrected_odds([p], b, other).apply(p) == pytest.approx(expected, rel=1e-6)


def test_the_sample_rate_becomes_the_population_rate():
    assert corrected_odds([0.5], 0.5, 0.03).apply(0.5) == pytest.approx(0.03)


def test_missing_stays_missing_and_shape_is_kept():
    found = anchored([0.1, 0.2], 0.05)
    assert np.isnan(found.apply([0.1, np.nan])).tolist() == [False, True]
    assert found.apply([[0.1], [0.2]]).shape == (2, 1)
    with pytest.raises(SampleError, match="outside 0 to 1"):
        found.apply([1.5])


def test_a_shift_survives_its_state_and_tells_its_one_term():
    found = anchored([0.1, 0.2], 0.05)
    assert Calibration.from_state(found.to_state()) == found
    assert found.summary()["term"].tolist() == ["shift of the log-odds"]
    assert found.summary()["estimate"].item() == found.parameters["shift"]
    assert found.events is None
