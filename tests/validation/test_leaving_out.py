"""What one name, half the time or noise does to the figures."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.validation.leaving_out import later_half, perturbed, without_largest

Y = np.array([1.0, 0, 0, 1, 0, 0])
P = np.array([0.2, 0.1, 0.3, 0.6, 0.5, 0.3])
NAMES = pd.Series(["a", "b", "c", "d", "d", "e"])
AMOUNT = np.array([10.0, 10, 10, 30, 30, 10])


def test_the_largest_name_by_amount_is_left_out_whole():
    found = without_largest(NAMES, Y, P, P, AMOUNT)
    assert found.name == "d"
    assert (found.whole.n, found.without.n) == (6, 4)
    assert (found.whole.ratio, found.without.ratio) == pytest.approx((2 / 2.0, 1 / 0.9))
    assert found.without.amount_ratio == pytest.approx(10 / (2 + 1 + 3 + 3))
    assert found.auc_change == pytest.approx(1 / 3 - 5 / 8)


def test_without_amounts_the_name_of_most_cases_goes_and_amounts_are_not_told():
    found = without_largest(NAMES, Y, P, None, None)
    assert found.name == "d"
    assert np.isnan([found.whole.ratio, found.whole.amount_ratio, found.whole.amount]).all()


def test_the_halves_are_split_by_dates_not_by_rows():
    days = pd.Series(pd.to_datetime(["2025-03-01", "2025-01-01", "2025-02-01", "2025-02-01", None]))
    assert later_half(days).tolist() == [True, False, False, False, False]


def test_one_date_has_no_halves_and_a_last_date_of_most_cases_is_the_later_half():
    days = pd.Series(pd.to_datetime(["2025-01-01"] * 3))
    assert not later_half(days).any()
    assert later_half(pd.concat([pd.Series(pd.to_datetime(["2024-01-01"])), days])).tolist() == [False, *[True] * 3]


def test_noise_moves_numbers_by_its_share_and_leaves_text_flags_and_missing_values():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": 5 * rng.normal(size=5_000), "flag": 1.0, "name": "n"})
    frame.loc[::2, "flag"] = 0.0
    frame.loc[7, "x"] = np.nan
    noisy = perturbed(frame, list(frame), 0.1, seed=1)
    assert (noisy["x"] - frame["x"]).std() == pytest.approx(0.5, rel=0.05)
    assert np.isnan(noisy.loc[7, "x"])
    pd.testing.assert_frame_equal(noisy[["flag", "name"]], frame[["flag", "name"]])
    pd.testing.assert_frame_equal(noisy, perturbed(frame, list(frame), 0.1, seed=1))
