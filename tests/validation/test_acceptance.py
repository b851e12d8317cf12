"""Cut-offs, profit and who changes place, on cases counted by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.validation.acceptance import break_even, cut_off_curve, swap_set

Y = np.array([0.0, 1, 0, 0, 1, 0])
P = np.array([0.01, 0.02, 0.03, 0.04, 0.5, 0.6])
OTHER = np.array([0.01, 0.02, 0.6, 0.5, 0.03, 0.04])
AMOUNT = np.array([10.0, 20, 30, 40, 50, 60])


def test_who_changes_place_at_one_rate_of_approval():
    found = swap_set(Y, P, OTHER, 0.5, AMOUNT)
    assert found.table["n"].to_dict() == {"both": 2, "swapped_in": 1, "swapped_out": 1, "neither": 2}
    assert found.table["events"].to_dict() == {"both": 1, "swapped_in": 0, "swapped_out": 1, "neither": 0}
    assert found.table.loc["swapped_out", ["amount", "bad_amount"]].tolist() == [50, 50]
    assert found.spared == 1


def test_two_scores_of_one_order_swap_nobody_and_no_rate_is_made_up_for_them():
    table = swap_set(Y, P, 2 * P, 0.5).table
    assert table.loc[["swapped_in", "swapped_out"], "n"].tolist() == [0, 0]
    assert np.isnan(table.loc["swapped_in", "rate"])
    assert np.isnan(table["amount"].loc["both"])


@given(st.integers(0, 1_000), st.floats(0, 1))
def test_both_scores_let_in_the_same_number_even_where_all_tie(seed, share):
    rng = np.random.default_rng(seed)
    y, first, second = rng.integers(0, 2, 50), rng.integers(0, 3, 50) / 3, rng.random(50)
    table = swap_set(y, first, second, share).table
    assert table.loc["swapped_in", "n"] == pytest.approx(table.loc["swapped_out", "n"])
    assert table["n"].sum() == pytest.approx(50)


@given(st.integers(0, 1_000), st.floats(0, 1))
def test_who_changes_place_does_not_hang_on_the_order_of_rows(seed, share):
    rng = np.random.default_rng(seed)
    cases = rng.integers(0, 2, 40), rng.integers(0, 3, 40) / 3, rng.integers(0, 4, 40), rng.random(40)
    y, first, second, weight = cases
    order = rng.permutation(40)
    there, back = (
        swap_set(y, first, second, share, weight),
        swap_set(*(c[order] for c in cases[:3]), share, weight[order]),
    )
    pd.testing.assert_frame_equal(there.table, back.table)


def test_scores_that_tell_nothing_keep_out_as_many_bad_cases_whoever_stands_first():
    y = np.repeat([1.0, 0.0], 50)
    assert swap_set(y, np.full(100, 0.1), y, 0.5).table.loc["swapped_in", "events"] == 25
    assert swap_set(y[::-1], np.full(100, 0.1), y[::-1], 0.5).table.loc["swapped_in", "events"] == 25


def test_the_curve_ends_with_all_cases_let_in():
    curve = cut_off_curve(Y, P, AMOUNT, margin=0.1, lgd=0.5)
    last = curve.iloc[-1]
    assert (last["share"], last["rate"], last["amount"]) == pytest.approx((1.0, 2 / 6, 210))
    assert last["profit"] == pytest.approx(0.1 * 140 - 0.5 * 70)
    assert last["expected"] == pytest.approx(0.1 * (210 - AMOUNT @ P) - 0.5 * AMOUNT @ P)


def test_expected_profit_is_greatest_where_a_case_earns_nothing():
    p = np.linspace(0.001, 0.4, 400)
    curve = cut_off_curve(np.zeros(400), p, margin=0.02, lgd=0.38)
    best = curve.loc[curve["expected"].idxmax(), "cut_off"]
    assert best == pytest.approx(break_even(0.02, 0.38), abs=0.001)
    assert break_even(0.02, 0.38) == pytest.approx(0.05)


def test_equal_probabilities_are_let_in_together():
    assert cut_off_curve(Y, np.full(6, 0.1)).shape[0] == 1
