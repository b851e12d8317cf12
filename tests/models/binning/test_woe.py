import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.models.binning.woe import information_value, iv_parts, woe

counts = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=8).filter(
    lambda rows: sum(g for g, _ in rows) > 0 and sum(b for _, b in rows) > 0
)


def test_counts_are_taken_as_they_are_when_both_are_positive():
    assert woe(np.array([30.0]), np.array([10.0]), 60, 40)[0] == pytest.approx(np.log((10 / 40) / (30 / 60)))


def test_half_a_case_of_the_rarer_class_and_its_like_of_the_other_are_added_where_one_is_empty():
    found = woe(np.array([30.0, 30.0]), np.array([0.0, 40.0]), 60, 40)
    assert found == pytest.approx([np.log((0.5 / 40) / (30.75 / 60)), np.log((40 / 40) / (30 / 60))])


def test_an_empty_count_says_little_in_a_small_bin_and_much_in_a_large_one():
    small, large = woe(np.array([20.0, 2000.0]), np.array([0.0, 0.0]), 2988, 12)
    assert -0.2 < small < 0
    assert large < -2.5


def test_a_bin_without_cases_is_worth_nothing():
    assert woe(np.array([0.0]), np.array([0.0]), 60, 40)[0] == 0


@given(counts)
def test_no_bin_lowers_the_information_value(rows):
    good, bad = np.array(rows, dtype=float).T
    assert (iv_parts(good, bad, good.sum(), bad.sum()) >= 0).all()


def test_a_variable_that_says_nothing_has_no_information_value():
    assert information_value(np.array([10, 20]), np.array([1, 2])) == pytest.approx(0, abs=1e-15)
