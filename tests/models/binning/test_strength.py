"""The statistics under a binning table, against their definitions in other libraries and at the ends of their range."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from optbinning import OptimalBinning
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency
from sklearn.metrics import roc_auc_score, roc_curve

from riskmodels.core.errors import Misuse
from riskmodels.core.text import use
from riskmodels.models.binning import Binner, MeanBinner, feature, neighbours, quality
from riskmodels.models.binning.strength import TITLES, quality_of

COUNTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=9)


def sides(counts):
    good, bad = np.array(counts).T
    assume(good.any() and bad.any())
    return good, bad


@given(COUNTS)
def test_gini_and_ks_are_those_of_the_bad_rate_as_a_score(counts):
    good, bad = sides(counts)
    rate = bad / np.maximum(good + bad, 1)
    score, y = np.repeat(np.tile(rate, 2), [*good, *bad]), np.repeat([0, 1], [good.sum(), bad.sum()])
    false, true, _ = roc_curve(y, score)
    found = quality_of(good, bad)
    assert found.gini == pytest.approx(2 * roc_auc_score(y, score) - 1, abs=1e-12)
    assert found.ks == pytest.approx(np.max(true - false), abs=1e-12)


@given(COUNTS)
def test_divergence_association_and_concentration_are_what_their_definitions_give(counts):
    good, bad = sides(counts)
    held = good + bad > 0
    found = quality_of(good, bad)
    assert found.jensen_shannon == pytest.approx(jensenshannon(good, bad) ** 2, abs=1e-12)
    if held.sum() > 1:
        pearson = chi2_contingency(np.array([good, bad])[:, held], correction=False)[0]
        assert found.cramers_v == pytest.approx(math.sqrt(pearson / (good + bad).sum()), abs=1e-12)
    shares = (good + bad)[held] / (good + bad).sum()
    assert found.hhi == pytest.approx(sum(s * s for s in shares))
    assert -1e-12 <= found.hhi_normalised <= 1


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_the_bins_and_the_unit_of_weight_change_nothing(counts, random):
    good, bad = sides(counts)
    order = random.sample(range(len(good)), len(good))
    assert vars(quality_of(good[order], bad[order])) == pytest.approx(vars(quality_of(good, bad)), abs=1e-9)
    unit = vars(quality_of(good / 7, bad / 7))
    unsmoothed = {key: value for key, value in unit.items() if key != "iv"}  # half a case isn't half of a seventh
    assert unsmoothed == pytest.approx({key: vars(quality_of(good, bad))[key] for key in unsmoothed}, abs=1e-9)


def test_bins_that_part_all_are_at_the_top_of_each_range_and_bins_alike_at_the_bottom():
    parted, alike = quality_of(np.array([50, 0]), np.array([0, 50])), quality_of(np.array([30, 30]), np.array([20, 20]))
    top = [parted.gini, parted.ks, parted.cramers_v, parted.jensen_shannon / math.log(2)]
    assert top == pytest.approx([1, 1, 1, 1])
    assert [alike.iv, alike.gini, alike.ks, alike.cramers_v, alike.jensen_shannon] == pytest.approx([0] * 5)
    assert (alike.hhi, alike.hhi_normalised) == (0.5, 0)
    one = quality_of(np.array([30]), np.array([20]))
    assert (one.gini, one.ks, one.hhi, one.hhi_normalised) == (0, 0, 1, 1)


def test_missing_values_and_special_codes_count_as_bins_as_in_the_peer(german):
    X, y = german
    x = X["a12"].astype(float).copy()
    x[::7], x[3::7] = np.nan, -9.0
    ours = feature(Binner(cuts={"a12": [26, 35, 40]}, specials=[-9]).fit(x.to_frame(), y), "a12")
    peer = OptimalBinning(special_codes=[-9], user_splits=[26, 35, 40], user_splits_fixed=[True] * 3).fit(x, y)
    peer.binning_table.build()
    peer.binning_table.analysis(print_output=False)
    found, table = quality(ours), peer.binning_table
    assert (ours.good + ours.bad).sum() == table.n_event.sum() + table.n_nonevent.sum()
    assert [found.iv, found.gini, found.jensen_shannon] == pytest.approx([table.iv, table.gini, table.js])
    assert found.hhi == pytest.approx(table._hhi)
    assert found.hhi_normalised == pytest.approx(table._hhi_norm)


def test_the_summary_has_a_row_of_statistics_for_each_column(applicants):
    binner = Binner().fit(*applicants)
    table = binner.summary().set_index("feature")
    assert table.loc["age", "Gini"] == quality(feature(binner, "age")).gini
    assert table.columns.tolist() == ["bins", "trend", "missing", *TITLES.values()]
    assert quality(feature(binner, "age")).table()["value"].tolist() == table.loc["age", list(TITLES.values())].tolist()


def test_missing_is_a_share_of_the_sample_whatever_the_weights(applicants):
    X, y = applicants
    weight = np.where(X["late_share"].isna(), 3.0, 1.0)
    share = weight[X["late_share"].isna()].sum() / weight.sum()
    assert Binner().fit(X, y, weight).summary()["missing"][0] == pytest.approx(share)
    assert MeanBinner().fit(X, y).summary()["missing"][0] == pytest.approx(X["late_share"].isna().mean())


def test_the_total_row_is_the_sample_and_the_sums_of_its_bins(applicants):
    X, y = applicants
    found = feature(Binner().fit(X, y), "late_share")
    table = found.table(total=True)
    pd.testing.assert_frame_equal(table.iloc[:-1], found.table())
    total = table.iloc[-1]
    assert (total["bin"], total["n"], total["good"], total["bad"]) == ("total", len(y), len(y) - y.sum(), y.sum())
    assert total[["share", "bad rate", "WoE"]].tolist() == pytest.approx([1, y.mean(), 0])
    assert total[["IV", "Jensen-Shannon"]].tolist() == pytest.approx([found.iv, quality(found).jensen_shannon])


def test_the_total_row_of_means_is_the_mean_of_all(applicants):
    X, _ = applicants
    target = X["age"] * 2
    table = feature(MeanBinner().fit(X, target), "late_share").table(total=True)
    told = table.iloc[-1][["n", "share", "mean", "standard deviation"]].tolist()
    assert told == pytest.approx([len(X), 1, target.mean(), target.std(ddof=0)])
    half = 1.959964 * target.std(ddof=0) / math.sqrt(len(X))
    assert table.iloc[-1][["low", "high"]].tolist() == pytest.approx([target.mean() - half, target.mean() + half])


def test_neighbours_are_tested_by_pearson_s_chi_square(applicants):
    found = feature(Binner().fit(*applicants), "late_share")
    table = neighbours(found)
    assert len(table) == len(found.bins) - 1
    for place, row in table.iterrows():
        pair = np.array([found.good, found.bad])[:, place : place + 2]
        statistic, p, *_ = chi2_contingency(pair, correction=False)
        assert (row["chi-square"], row["p value"]) == pytest.approx((statistic, p))


def test_neighbours_without_a_bad_or_without_a_case_have_no_figure(applicants):
    X, y = applicants
    table = neighbours(feature(Binner(cuts={"age": [-5, -4, 15]}).fit(X, y), "age"))
    assert table["p value"].isna().tolist() == [True, True, False]


def test_titles_are_told_in_the_language_in_force(applicants):
    found = quality(feature(Binner().fit(*applicants), "age"))
    use("zh")
    try:
        assert found.table()["统计量"].tolist()[1] == "基尼系数"
    finally:
        use("en")


def test_bins_of_a_target_of_numbers_have_no_such_statistics(applicants):
    X, _ = applicants
    found = feature(MeanBinner().fit(X, X["age"]), "age")
    for asked in (quality, neighbours):
        with pytest.raises(Misuse, match="age: found bins of a target of numbers, expected good and bad"):
            asked(found)
