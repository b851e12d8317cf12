"""Rank agreement, and the AUC of few defaults."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, somersd, spearmanr

from riskmodels.models.expert import few_default_auc, rank_agreement
from riskmodels.models.expert.rank import concordance
from riskmodels.models.expert.readings import auc_limits
from riskmodels.models.inputs import SampleError


def test_somers_d_of_the_published_table():
    # SAS documentation of PROC FREQ; printed again by the ECB's instructions of 2019
    table = [[26, 26, 23, 18, 9], [6, 7, 9, 14, 23]]
    given_rows, given_columns, _tau = concordance(table)
    assert given_rows == pytest.approx(0.4426719840, abs=1e-9)
    assert given_columns == pytest.approx(0.2569444444, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), min_size=3, max_size=40))
@settings(deadline=None, max_examples=40)
def test_the_measures_equal_scipy_s(pairs):
    x, y = np.array(pairs).T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    found = rank_agreement(x, y, draws=2)
    assert found.somers_d.value == pytest.approx(somersd(x, y).statistic, abs=1e-12)
    assert found.kendall_tau_b.value == pytest.approx(kendalltau(x, y).statistic, abs=1e-12)
    assert found.spearman.value == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)
    assert found.within_one.value == pytest.approx(np.mean(np.abs(x - y) <= 1))


def test_equal_ratings_agree_wholly_and_turned_ones_not_at_all():
    grades = np.arange(60) % 6
    same, turned = rank_agreement(grades, grades, draws=50), rank_agreement(grades, 5 - grades, draws=50)
    assert [r.value for r in (same.somers_d, same.spearman, same.within_one)] == [1, 1, 1]
    assert turned.kendall_tau_b.value == pytest.approx(-1)
    assert turned.within_one.value == pytest.approx(1 / 3)


def test_the_table_has_a_row_per_measure():
    grades = np.arange(60) % 6
    table = rank_agreement(grades, grades, draws=50).table()
    assert table["value"].tolist() == [1, 1, 1, 1]


def test_rows_of_one_obligor_don_t_narrow_the_interval():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 6, 60)
    y = np.clip(x + rng.integers(-2, 3, 60), 0, 5)
    once = rank_agreement(x, y).somers_d
    rows = rank_agreement(np.tile(x, 5), np.tile(y, 5)).somers_d
    obligors = rank_agreement(np.tile(x, 5), np.tile(y, 5), obligor=np.tile(np.arange(60), 5)).somers_d
    width = [r.high - r.low for r in (once, rows, obligors)]
    assert width[1] < 0.6 * width[0]
    assert width[2] == pytest.approx(width[0], rel=0.05)


def test_one_grade_only_is_undefined_with_its_reason_rather_than_agreement():
    found = rank_agreement(np.zeros(20), np.arange(20) % 4, draws=10)
    assert np.isnan(found.somers_d.value)
    assert found.somers_d.reason == "one of the ratings gives a single grade"
    assert found.within_one.value == 0.5


def test_agreement_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(1)
    x = rng.integers(0, 6, 200_000)
    y = np.clip(x + rng.integers(-2, 3, len(x)), 0, 5)
    truth = rank_agreement(x, y, draws=1).somers_d.value
    inside = 0
    for start in range(0, 150 * 120, 120):
        part = slice(start, start + 120)
        reading = rank_agreement(x[part], y[part], draws=100).somers_d
        inside += reading.low <= truth <= reading.high
    assert 0.84 <= inside / 150 <= 0.96


@pytest.mark.parametrize(
    ("external", "internal", "words"),
    [
        (["A", "B"], [0, 1], "external: found text, expected places in the scale"),
        ([0, np.nan], [0, 1], "external: found missing grades or none"),
        ([], [], "external: found missing grades or none"),
        ([0, 1], [0], "internal: found 1 grades, expected 2"),
    ],
)
def test_ratings_that_can_t_be_compared_are_refused(external, internal, words):
    with pytest.raises(SampleError, match=words):
        rank_agreement(external, internal)


def test_the_auc_is_the_share_of_pairs_and_a_tie_counts_half():
    assert few_default_auc([0, 0, 1, 1], [1, 2, 2, 3]).value == pytest.approx(3.5 / 4)


def test_the_interval_of_a_perfect_auc_is_not_a_point():
    low, high = auc_limits(1.0, 12, 288, 0.9)
    assert high == 1
    assert 0.85 < low < 0.99


def test_fewer_than_ten_bads_are_said_to_be_few():
    score = np.arange(300.0)
    assert few_default_auc(score > 290, score).reason == (
        "fewer than 10 obligors in default: the interval, not the figure, is the result"
    )
    assert few_default_auc(score > 280, score).reason == ""


def test_rows_of_one_obligor_don_t_narrow_the_auc_s_interval():
    rng = np.random.default_rng(2)
    score, bad = rng.standard_normal(300), np.arange(300) < 12
    once = few_default_auc(bad, score)
    thrice = few_default_auc(np.tile(bad, 3), np.tile(score, 3), np.tile(np.arange(300), 3))
    assert (thrice.value, thrice.low, thrice.high) == pytest.approx((once.value, once.low, once.high))


def test_an_auc_of_one_class_is_refused():
    with pytest.raises(SampleError, match="auc: found 0 bads of 3 and 0 missing scores, expected both classes"):
        few_default_auc([0, 0, 0], [1, 2, 3])
