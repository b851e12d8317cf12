import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optbinning import OptimalBinning

from riskmodels.core.errors import DataRefused
from riskmodels.models.binning import Binner, Cuts, MeanBinner, feature, trends_from_signs
from riskmodels.models.binning.fitting import shortest
from riskmodels.models.inputs import SampleError


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
    binner = Binner(min_expected=20).fit(X, y)
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
    good, bad = found.good[: len(found.bins)], found.bad[: len(found.bins)]
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


def test_a_special_code_has_a_bin_of_its_own_even_inside_the_range():
    X, y = sample(2000)
    X.loc[::4, "x"], y[::4] = 0.25, np.arange(500) % 2
    found = feature(Binner(specials=[0.25]).fit(X, y), "x")
    outside = feature(Binner(specials=[-999]).fit(X.replace(0.25, -999.0), y), "x")
    assert found.bins.edges == outside.bins.edges
    assert (found.good + found.bad)[len(found.bins)] == 500
    assert found.table()["bin"].tolist()[-1] == "0.25"
    assert len(set(found.transform(pd.Series([0.2499, 0.25, 0.2501])))) == 2


def test_special_codes_may_share_a_bin_and_differ_by_column():
    X, y = pd.DataFrame({"a": [-9.0, -8.0, 1.0, 2.0] * 50, "b": [-9.0, 1.0, 2.0, 3.0] * 50}), np.tile([0, 1, 0, 1], 50)
    binner = Binner(specials={"a": [[-9, -8]]}).fit(X, y)
    assert feature(binner, "a").bins.specials == ((-9.0, -8.0),)
    assert feature(binner, "b").bins.specials == ()


def test_a_special_with_few_events_is_never_better_than_average():
    X, y = sample(400)
    X.iloc[:6], y[:6] = -99.0, 0
    assert Binner(specials=[-99]).fit(X, y).transform(pd.DataFrame({"x": [-99.0]}))[0, 0] == 0


def test_with_nine_bads_bins_are_few_and_no_weight_of_evidence_is_wild():
    X, y = sample(3000)
    y = (np.argsort(np.argsort(-X["x"].to_numpy())) < 9).astype(int)
    found = feature(Binner(min_expected=4).fit(X, y), "x")
    assert len(found.bins) <= 2
    table = found.table()
    assert table["WoE"].abs().max() < 8
    assert feature(Binner().fit(X, y), "x").trend == "constant"
    loose = feature(Binner(cuts={"x": [0.0, 3.0]}).fit(X, y), "x").table()
    assert loose["WoE"].abs().max() < 8
    assert (loose["WoE high"] - loose["WoE low"]).max() > 5


def test_a_flag_that_only_bads_carry_is_no_column_without_information():
    y = np.repeat([1, 0], [160, 2840])
    found = feature(Binner().fit(pd.DataFrame({"x": y.astype(float)}), y), "x")
    assert len(found.bins) == 2
    assert 3 < found.woe[:2].max() < 8
    assert found.iv > 3


def test_missing_values_too_few_to_tell_of_any_event_are_not_scored_as_risky():
    X, y = sample(3000)
    y = (np.argsort(np.argsort(-X["x"].to_numpy())) < 12).astype(int)
    X.loc[X.index[y == 0][:20], "x"] = np.nan
    found = feature(Binner().fit(X, y), "x")
    assert found.transform(pd.Series([np.nan], name="x"))[0] == 0
    assert found.table()["IV"].iloc[-1] < 0.01


def test_ten_thousand_categories_are_binned_without_believing_the_rare_ones():
    rng = np.random.default_rng(5)
    X = pd.DataFrame({"c": rng.integers(0, 10_000, 20_000).astype(str)})
    y = rng.integers(0, 2, 20_000)
    assert feature(Binner().fit(X, y), "c").iv < 0.01


def test_a_column_that_is_missing_throughout_says_nothing():
    X, y = pd.DataFrame({"x": [np.nan] * 40, "c": pd.Series([None] * 40, dtype="str")}), np.tile([0, 1], 20)
    assert Binner().fit(X, y).transform(X).tolist() == [[0.0, 0.0]] * 40


def test_a_constant_column_says_nothing():
    X, y = pd.DataFrame({"x": [1.0] * 40}), np.tile([0, 1], 20)
    assert feature(Binner().fit(X, y), "x").trend == "constant"
    assert feature(Binner().fit(X, y), "x").iv == 0


@pytest.mark.parametrize("trend", ["peak", "valley"])
def test_a_hump_is_found(trend):
    rng = np.random.default_rng(2)
    x = rng.uniform(-2, 2, 4000)
    hump = 1 - x**2 if trend == "peak" else x**2 - 1
    y = (rng.random(4000) < 1 / (1 + np.exp(1 - hump))).astype(int)
    found = feature(Binner(trends=trend).fit(pd.DataFrame({"x": x}), y), "x")
    assert found.trend == trend
    assert found.iv > 2 * feature(Binner().fit(pd.DataFrame({"x": x}), y), "x").iv


def test_neighbours_that_do_not_differ_are_one_bin():
    X, y = sample(2000)
    noise = pd.DataFrame({"x": np.random.default_rng(1).normal(size=2000)})
    assert len(feature(Binner(max_p=0.01).fit(noise, y), "x").bins) == 1
    assert len(feature(Binner(max_p=0.01).fit(X, y), "x").bins) > 1


def test_bins_whose_order_turns_round_between_cohorts_are_merged():
    rng = np.random.default_rng(6)
    x, year = rng.uniform(0, 3, 6000), rng.integers(0, 4, 6000)
    unsteady = np.where(year % 2 == 0, 1.5, -1.2) * ((x > 1) & (x < 2))
    y = (rng.random(6000) < 1 / (1 + np.exp(2 - unsteady - 1.5 * (x >= 2)))).astype(int)
    X = pd.DataFrame({"x": x})
    free = feature(Binner(trends="none").fit(X, y, cohorts=year), "x")
    held = feature(Binner(trends="none", min_steady=1.0).fit(X, y, cohorts=year), "x")
    assert len(held.bins) < len(free.bins)
    assert not [edge for edge in held.bins.edges if 1.1 < edge < 1.9]
    assert [edge for edge in free.bins.edges if 0.9 < edge < 1.9]
    assert min(abs(edge - 2) for edge in held.bins.edges) < 0.1


def test_a_binner_of_another_convention_is_refused(applicants):
    state = Binner().fit(*applicants).to_state()
    state["convention"] = {**state["convention"], "sign": "WoE = ln(share of good / share of bad)"}
    with pytest.raises(DataRefused, match="binning: found the convention"):
        Binner.from_state(state)


def test_the_interval_of_a_weight_of_evidence_covers_the_truth():
    rng, truth, inside = np.random.default_rng(9), np.log((0.3 / 0.5) / (0.7 / 1.5)), 0
    for _draw in range(300):
        x = rng.integers(0, 2, 800).astype(float)
        y = (rng.random(800) < np.where(x == 1, 0.3, 0.2)).astype(int)
        table = feature(Binner(cuts={"x": [0.5]}).fit(pd.DataFrame({"x": x}), y), "x").table()
        inside += table["WoE low"][1] <= truth <= table["WoE high"][1]
    assert 0.91 <= inside / 300 <= 0.985


def test_a_target_of_numbers_is_binned_by_its_mean():
    rng = np.random.default_rng(8)
    X = pd.DataFrame({"x": rng.uniform(0, 4, 3000), "c": rng.choice(["a", "b"], 3000)})
    X.loc[::10, "x"] = np.nan
    y = np.floor(X["x"].fillna(7)) + rng.normal(0, 0.3, 3000)
    binner = MeanBinner(trends={"x": "ascending"}, max_bins=4).fit(X, y)
    found = feature(binner, "x")
    assert np.round(found.bins.edges, 1).tolist() == [1.0, 2.0, 3.0]
    assert np.round(found.mean, 1)[:5].tolist() == [0.0, 1.0, 2.0, 3.0, 7.0]
    assert found.explained > 0.9 > feature(binner, "c").explained
    again = MeanBinner.from_state(binner.to_state())
    assert (again.transform(X) == binner.transform(X)).all()
    assert binner.transform(pd.DataFrame({"x": [1.5], "c": ["new"]}))[0, 1] == pytest.approx(y.mean())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"cohorts": [1]}, "cohorts: found 1, expected 1500, one per row of X"),
        ({"cohorts": [None] * 1500}, "cohorts: found 1500 missing"),
        ({"sample_weight": -np.ones(1500)}, "Negative values"),
    ],
)
def test_a_mistake_in_the_rows_is_said_in_one_line(applicants, arguments, words):
    with pytest.raises((SampleError, ValueError), match=words):
        Binner().fit(*applicants, **arguments)


@settings(max_examples=200, deadline=None)
@given(low=st.floats(-1e9, 1e9), step=st.floats(1e-6, 1e6))
def test_a_cut_is_the_shortest_number_between_two_values(low, step):
    high = low + step
    cut = shortest(low, high)
    assert low < cut <= high
    assert len(repr(cut)) <= max(len(repr(high)), len(repr(round(high, 12))))


def test_cuts_are_short_where_values_leave_room():
    ends = ((5.97, 5.996236443), (-0.051, -0.0498), (1.0, 2.0), (130.0, 210.0), (0.3, 0.30001))
    assert [shortest(*pair) for pair in ends] == [5.99, -0.05, 2.0, 200.0, 0.30001]


def test_values_at_both_ends_of_what_a_float_holds_are_parted():
    X = pd.DataFrame({"x": np.repeat([-1.7e308, 1.7e308], 50)})
    y = np.concatenate([np.tile([0, 0, 0, 0, 1], 10), np.tile([0, 1, 1, 1, 1], 10)])
    assert feature(Binner().fit(X, y), "x").bins.edges == (0.0,)
    assert shortest(1e308, 1.7e308) <= 1.7e308


def test_cuts_above_ten_thousand_million_are_told_apart():
    capital = Cuts((123456789012.34, 123456789012.35, 1e14))
    assert capital.labels()[1:3] == ["[123456789012.34, 123456789012.35)", "[123456789012.35, 100000000000000)"]
    close = Cuts((0.1, 0.30000000000000004, 1.0))
    assert close.labels()[1] == "[0.1, 0.3)"
    closer = Cuts((0.3, 0.30000000000000004))
    assert closer.labels()[1] == "[0.3, 0.30000000000000004)"


def test_names_of_other_columns_are_refused(applicants):
    binner = Binner().fit(*applicants)
    assert binner.get_feature_names_out().tolist() == ["late_share", "age", "sector"]
    with pytest.raises(ValueError, match="input_features is not equal to feature_names_in_"):
        binner.get_feature_names_out(["a", "b", "c"])


def test_a_short_cut_parts_the_sample_as_the_search_did():
    X, y = sample()
    found = feature(Binner().fit(X, y), "x")
    assert max(len(repr(cut)) for cut in found.bins.edges) <= 8
    again = feature(Binner(cuts={"x": found.bins.edges}).fit(X, y), "x")
    assert (again.good.tolist(), again.bad.tolist()) == (found.good.tolist(), found.bad.tolist())
