"""The validator's own logit: as good as the truth where that is a logit of ranks, and judged on nothing it has seen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from riskmodels.validation.coefficients import inflation, moved
from riskmodels.validation.discrimination import auc
from riskmodels.validation.rival import _middle, fitted

DRIVERS = ["a", "b", "town"]
TOWNS = {"north": 0.0, "south": 1.0, "west": -1.0}


def cases(seed, n=6_000, slope=1.0):
    """Cases told by two numbers, b missing for a tenth, and a town."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"a": np.exp(rng.normal(size=n)), "b": rng.normal(size=n), "town": rng.choice(list(TOWNS), n)})
    frame.loc[rng.random(n) < 0.1, "b"] = np.nan
    truth = slope * np.log(frame["a"]) + 0.5 * frame["b"].fillna(0) + frame["town"].map(TOWNS) - 2.8
    return frame.assign(truth=truth, outcome=(rng.random(n) < expit(truth)).astype(float), obligor=np.arange(n))


def test_the_rival_comes_close_to_the_truth_on_data_it_has_not_seen():
    then, now = cases(0), cases(1)
    told = fitted(then, DRIVERS).probability(now)
    best = auc(now["outcome"], now["truth"])
    assert auc(now["outcome"], told) > best - 0.01
    assert told.sum() == pytest.approx(now["outcome"].sum(), rel=0.1)


def test_values_that_development_never_had_are_scored_all_the_same():
    now = pd.DataFrame({"a": [1e9, 0.0, np.nan], "b": [np.nan, 1.0, 1.0], "town": ["atlantis", None, "north"]})
    assert np.isfinite(fitted(cases(0), DRIVERS).probability(now)).all()


@given(st.lists(st.integers(-3, 3), min_size=1), st.lists(st.integers(-5, 5), min_size=1))
def test_a_rank_is_the_share_below_and_half_the_share_equal(values, asked):
    held, x = np.sort(np.array(values, float)), np.array(asked, float)
    told = [((held < each).sum() + (held == each).sum() / 2) / len(held) for each in x]
    np.testing.assert_allclose(_middle(held, x), told)


def test_a_monotone_change_of_a_driver_changes_nothing():
    then, now = cases(0), cases(1)
    told = fitted(then, DRIVERS).probability(now)
    logged = fitted(then.assign(a=np.log(then["a"])), DRIVERS).probability(now.assign(a=np.log(now["a"])))
    np.testing.assert_array_equal(told, logged)


def test_a_driver_that_turned_is_found_and_the_others_are_not():
    found = moved(cases(0), cases(1, slope=-1.0), DRIVERS).set_index("driver")
    assert found.index[0] == "a"
    assert found.loc["a", "turned"]
    assert found.loc["a", "p_value"] < 1e-6
    assert not found.drop("a")["turned"].any()
    assert (found.drop("a")["p_value"] > 0.05).all()


def test_coefficients_of_one_world_are_called_moved_in_one_report_of_twenty_at_most():
    named = [moved(cases(2 * s, 2_000), cases(2 * s + 1, 2_000), DRIVERS)["p_value"].min() < 0.05 for s in range(60)]
    assert np.mean(named) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 60)


def test_a_driver_that_says_what_another_says_is_inflated():
    then = cases(0).assign(again=lambda f: 2 * f["a"] + 1)
    found = inflation(then, fitted(then, [*DRIVERS, "again"]).encodings)
    assert set(found[np.isinf(found)].index) == {"a", "again"}
    assert found["town"] == pytest.approx(1, abs=0.01)
