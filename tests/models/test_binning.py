import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optbinning import OptimalBinning

from riskmodels.core.errors import Misuse
from riskmodels.models.binning import Binner, feature, trends_from_signs


def sample(n=400, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return pd.DataFrame({"x": x}), (rng.random(n) < 1 / (1 + np.exp(1.5 - x))).astype(int)


def test_a_value_on_a_cut_belongs_to_the_bin_above():
    X, y = sample()
    binner = Binner(cuts={"x": [0.0]}).fit(X, y)
    assert feature(binner, "x").bins.codes(pd.Series([-0.1, 0.0, 0.1])).tolist() == [0, 1, 1]


def test_unseen_categories_are_never_better_than_average():
    X, y = pd.DataFrame({"c": ["a", "b"] * 100}), np.tile([0, 1, 0, 0], 50)
    assert Binner().fit(X, y).transform(pd.DataFrame({"c": ["new"]}))[0, 0] == 0


@settings(max_examples=40, deadline=None)
@given(missing=st.integers(0, 12), bads=st.integers(0, 12))
def test_a_missing_bin_with_few_events_is_never_better_than_average(missing, bads):
    X, y = sample(200)
    X.iloc[:missing] = np.nan
    y[:missing] = np.arange(missing) < bads
    binner = Binner(min_events=20).fit(X, y)
    assert binner.transform(pd.DataFrame({"x": [np.nan]}))[0, 0] >= 0


def test_missing_values_with_enough_events_keep_their_own_weight_of_evidence():
    X, y = sample(600)
    X.iloc[:200], y[:200] = np.nan, np.arange(200) % 20 == 0
    assert Binner().fit(X, y).transform(pd.DataFrame({"x": [np.nan]}))[0, 0] < 0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), trend=st.sampled_from(["ascending", "descending"]))
def test_weights_of_evidence_follow_the_trend_asked_for(seed, trend):
    X, y = sample(seed=seed)
    assert feature(Binner(trends=trend).fit(X, y), "x").trend in (trend, "constant")


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.sampled_from([0.05, 0.1, 0.3]))
def test_every_bin_holds_the_least_share_and_events(seed, share):
    X, y = sample(seed=seed)
    found = feature(Binner(min_share=share, min_events=8).fit(X, y), "x")
    good, bad = found.good[:-1], found.bad[:-1]
    assert len(good) == 1 or (min(good.min(), bad.min()) >= 8 and (good + bad).min() >= share * len(y))


def test_a_weight_of_two_is_the_row_twice():
    X, y = sample()
    weight = np.random.default_rng(3).integers(0, 3, len(y))
    twice = Binner().fit(X.loc[X.index.repeat(weight)], y.repeat(weight))
    assert np.allclose(Binner().fit(X, y, weight).transform(X), twice.transform(X), rtol=1e-12)


def test_categories_are_ordered_by_bad_rate_and_grouped():
    X = pd.DataFrame({"c": np.repeat(["a", "b", "c", "d"], 100)})
    y = np.concatenate([np.arange(100) < k for k in (40, 10, 10, 39)]).astype(int)
    found = feature(Binner(max_bins=2).fit(X, y), "c")
    assert [set(group) for group in found.bins.members] == [{"b", "c"}, {"a", "d"}]


def test_the_table_adds_up_to_the_sample(applicants):
    X, y = applicants
    table = feature(Binner().fit(X, y), "late_share").table()
    assert table["n"].sum() == len(y)
    assert table["bad"].sum() == y.sum()
    assert table["bin"].iloc[-1] == "missing"
    assert table["IV"].sum() == pytest.approx(feature(Binner().fit(X, y), "late_share").iv)


def test_no_library_finds_bins_with_more_information_under_the_same_rules(german):
    X, y = german
    x = X["a12"].to_numpy(float)
    peer = OptimalBinning(monotonic_trend="descending", max_bin_size=None, min_bin_size=0.05, max_n_bins=8)
    peer.fit(x, y)
    peer.binning_table.build()
    ours = Binner(trends={"a12": "descending"}).fit(X[["a12"]], y)
    assert feature(ours, "a12").iv >= peer.binning_table.iv - 1e-9


def test_expected_signs_become_trends():
    assert trends_from_signs({"a": 1, "b": -1, "c": 0}) == {"a": "ascending", "b": "descending", "c": "auto"}


def test_set_output_gives_a_frame_with_the_columns_names(applicants):
    X, y = applicants
    out = Binner().set_output(transform="pandas").fit_transform(X, y)
    assert list(out.columns) == list(X.columns)
    assert out.index.equals(X.index)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"trends": {"z": "auto"}}, r"trends: found no columns \['z'\]"),
        ({"trends": "up"}, "trends: found .*expected ascending"),
        ({"cuts": {"sector": [["trade"]]}}, r"found \['mining', 'textile'\] in the sample but in no group"),
    ],
)
def test_a_mistake_in_the_parameters_is_said_in_one_line(applicants, parameters, words):
    with pytest.raises(Misuse, match=words):
        Binner(**parameters).fit(*applicants)
