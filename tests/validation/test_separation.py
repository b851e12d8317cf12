"""KS with its place, H, Somers' D and weighted AUC: against brute force, scipy, and what their authors promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, ks_2samp
from scipy.stats import somersd as scipys_d

from riskmodels.validation.discrimination import (
    auc_interval,
    entropy_ratio,
    gini,
    ks,
    weighted_auc,
    weighted_auc_interval,
)
from riskmodels.validation.ordered import generalised_auc, somers_d
from riskmodels.validation.separation import h_measure, information_value, kl_distance, ks_test

CASES = st.lists(st.tuples(st.integers(0, 1), st.integers(-3, 3)), min_size=2, max_size=30).filter(
    lambda rows: 0 < sum(y for y, _ in rows) < len(rows)
)


def columns(rows):
    return (np.array(column) for column in zip(*rows))


@given(CASES)
def test_the_ks_distance_is_reached_where_it_is_said(rows):
    outcome, score = columns(rows)
    found = ks_test(outcome, score)
    beyond = score >= found.position
    assert abs(beyond[outcome == 1].mean() - beyond[outcome == 0].mean()) == pytest.approx(found.value)
    assert found.value == pytest.approx(ks(outcome, score))


def test_the_ks_p_value_is_scipys():
    rng = np.random.default_rng(1)
    outcome, score = rng.integers(0, 2, 400), rng.normal(size=400)
    scipys = ks_2samp(score[outcome == 1], score[outcome == 0], method="asymp")
    assert ks_test(outcome, score).p_value == pytest.approx(scipys.pvalue, rel=1e-9)


def by_the_definition(outcome, score):
    """Hand's H with every cut-off tried for each cost."""
    bad, good = outcome == 1, outcome == 0
    told = [score >= cut for cut in [*np.unique(score), np.inf]]
    alarms, missed = (np.array([t[good].sum() for t in told]), np.array([(~t[bad]).sum() for t in told]))

    def loss(alarms, missed):
        value = lambda c: np.min(c * alarms + (1 - c) * missed) * beta.pdf(c, 2, 2)  # noqa: E731
        return quad(value, 0, 1, limit=500, epsabs=1e-9)[0]

    return 1 - loss(alarms, missed) / loss(np.array([0, good.sum()]), np.array([bad.sum(), 0]))


@given(CASES)
def test_h_is_the_expected_loss_saved_when_every_cut_off_is_tried(rows):
    outcome, score = columns(rows)
    assert h_measure(outcome, score) == pytest.approx(by_the_definition(outcome, score), abs=1e-6)


@given(CASES)
def test_h_asks_for_the_order_alone(rows):
    outcome, score = columns(rows)
    assert h_measure(outcome, np.exp(score)) == h_measure(outcome, score)


def test_h_is_one_for_perfect_order_and_nothing_for_none():
    assert h_measure([0, 0, 1, 1], [1, 2, 3, 4]) == pytest.approx(1)
    assert h_measure([0, 1, 0, 1], [1, 1, 1, 1]) == pytest.approx(0)
    assert h_measure([0, 0, 1, 1], [4, 3, 2, 1]) == pytest.approx(0)
    assert np.isnan(h_measure([1, 1], [1, 2]))


TABLES = st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=2, max_size=4).map(np.array)


@given(TABLES.filter(lambda t: (t.sum(axis=1) > 0).sum() > 1 and (t.sum(axis=0) > 0).sum() > 1))
def test_somers_d_is_scipys(table):
    held = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    assert somers_d(table).value == pytest.approx(scipys_d(held).statistic)


@given(CASES.filter(lambda rows: len({s for _, s in rows}) > 1))
def test_with_good_and_bad_as_rows_somers_d_is_the_gini(rows):
    outcome, score = columns(rows)
    table = np.zeros((2, 7))
    np.add.at(table, (outcome, score + 3), 1)
    assert somers_d(table).value == pytest.approx(gini(outcome, score))
    assert generalised_auc(table).value == pytest.approx((1 + gini(outcome, score)) / 2)


def test_the_error_of_somers_d_is_what_tables_vary_by():
    rng = np.random.default_rng(2)
    chances = np.array([0.25, 0.15, 0.10, 0.10, 0.15, 0.25])
    found = [somers_d(t.reshape(2, 3)) for t in rng.multinomial(400, chances, 500)]
    assert np.mean([f.se for f in found]) == pytest.approx(np.std([f.value for f in found]), rel=0.08)


def test_cases_of_one_row_have_no_somers_d():
    assert np.isnan(somers_d([[3, 4], [0, 0]]).value)


@given(CASES.filter(lambda rows: 2 <= sum(y for y, _ in rows) <= len(rows) - 2))
def test_equal_weights_give_delongs_interval(rows):
    outcome, score = columns(rows)
    weighed, plain = weighted_auc_interval(outcome, score, np.full(len(score), 7.0)), auc_interval(outcome, score)
    assert (weighed.value, weighed.se) == pytest.approx((plain.value, plain.se), abs=1e-9)


def test_the_weighted_interval_tells_what_samples_vary_by():
    rng = np.random.default_rng(3)
    found = []
    for _ in range(300):
        y, w, obligor = rng.integers(0, 2, 400), rng.lognormal(0, 1, 400), np.arange(400) // 2
        shared = rng.normal(size=200)[obligor]
        found.append(weighted_auc_interval(y, y + shared + rng.normal(size=400), w, obligor))
    assert np.mean([f.se for f in found]) == pytest.approx(np.std([f.value for f in found]), rel=0.10)


def test_weights_of_nothing_give_no_weighted_auc():
    found = weighted_auc_interval([0, 1, 0, 1], [1, 2, 3, 4], [0, 0, 0, 0])
    assert np.isnan(found.value)
    assert np.isnan(weighted_auc([0, 1], [1, 2], [0, 1]))


def test_grades_that_tell_nothing_have_no_information():
    assert kl_distance([5, 10], [50, 100]) == pytest.approx(0, abs=1e-12)
    assert information_value([5, 10, 0], [50, 100, 0]) == pytest.approx(0, abs=1e-12)


def test_empty_grades_take_nothing_from_entropy():
    full, empty = ([3, 10], [100, 60]), ([3, 0, 10], [100, 0, 60])
    assert entropy_ratio(*empty) == entropy_ratio(*full)
    assert kl_distance(*empty) == kl_distance(*full)
    assert np.isnan(kl_distance([0, 0], [0, 0]))
