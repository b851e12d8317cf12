"""Whether bins are steady over cohorts and over other draws of obligors."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.models.binning import Binner
from riskmodels.models.binning.stability import by_cohort, cut_intervals, flips, grouping_agreement, redrawn


@pytest.fixture(scope="module")
def stepped():
    """A bad rate that steps at 1, some noise, a category, four cohorts, and ten rows per obligor."""
    rng = np.random.default_rng(3)
    X = pd.DataFrame(
        {"x": rng.uniform(0, 2, 4000), "noise": rng.normal(size=4000), "c": rng.choice(list("abcd"), 4000)}
    )
    odds = -2 + 1.5 * (X["x"] > 1) + 1.0 * X["c"].isin(["a", "b"])
    return X, (rng.random(4000) < 1 / (1 + np.exp(-odds))).astype(int), np.arange(4000) // 10, np.arange(4000) % 4


def test_the_rates_of_cohorts_average_to_the_rate_of_the_bin(stepped):
    X, y, _, cohort = stepped
    binner = Binner(cuts={"x": [1.0]}).fit(X, y)
    rates = by_cohort(binner, "x", X, y, cohort)
    assert rates.columns.tolist() == ["bin", 0, 1, 2, 3]
    expected = y[(X["x"] < 1) & (cohort == 2)].mean()
    assert rates[2][0] == pytest.approx(expected)


def test_a_planted_turn_is_counted(stepped):
    X, y, _, cohort = stepped
    turned = np.where(cohort == 1, 1 - y, y)
    binner = Binner(cuts={"x": [1.0]}).fit(X[["x"]], y)
    assert flips(binner, "x", X[["x"]], y, cohort)["turned round"].tolist() == [0.0]
    assert flips(binner, "x", X[["x"]], turned, cohort)["turned round"].tolist() == [0.25]


def test_a_real_cut_is_found_in_every_draw_and_near_the_truth(stepped):
    X, y, obligor, _ = stepped
    binner = Binner(max_bins=2).fit(X, y)
    draws = redrawn(binner, X, y, obligor, times=30, seed=1)
    table = cut_intervals(binner, draws).set_index("feature")
    low, high = table.loc["x", ["low", "high"]]
    assert 0.9 < low <= 1.0 <= high < 1.1
    noisy = table.loc["noise"]
    assert noisy["high"] - noisy["low"] > 5 * (high - low)
    assert grouping_agreement(binner, draws)["agreement"].tolist() == [1.0]


def test_draws_take_whole_obligors_and_are_those_of_the_seed(stepped):
    X, y, obligor, _ = stepped
    one, same, other = (redrawn(Binner(), X[["x"]], y, obligor, times=2, seed=seed) for seed in (1, 1, 2))
    edges = [[fit.features_[0].bins.edges for fit in fits] for fits in (one, same, other)]
    assert edges[0] == edges[1] != edges[2]
    weights = [fit.features_[0].good.sum() + fit.features_[0].bad.sum() for fit in one]
    assert weights == [4000, 4000]
