"""Discrimination: exact against a brute force, invariances, and intervals that cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.validation.discrimination import (
    auc,
    auc_difference,
    auc_fall_p,
    auc_interval,
    cap_curve,
    gini,
    ks,
    placements,
    roc_curve,
    weighted_auc,
)

CASES = st.lists(st.tuples(st.integers(0, 1), st.integers(-3, 3), st.integers(1, 4)), min_size=2, max_size=30).filter(
    lambda rows: 0 < sum(y for y, _, _ in rows) < len(rows)
)


def columns(rows):
    return (np.array(column) for column in zip(*rows))


def pairwise_auc(outcome, score, weight):
    """Every pair of a bad and a good case, looked at."""
    bad, good = outcome == 1, outcome == 0
    wins = np.sign(score[bad][:, None] - score[good][None, :]) / 2 + 0.5
    pairs = weight[bad][:, None] * weight[good][None, :]
    return (wins * pairs).sum() / pairs.sum()


@given(CASES)
def test_auc_is_the_share_of_pairs_in_order(rows):
    outcome, score, weight = columns(rows)
    assert auc(outcome, score) == pytest.approx(pairwise_auc(outcome, score, np.ones(len(rows))))
    assert weighted_auc(outcome, score, weight) == pytest.approx(pairwise_auc(outcome, score, weight))


@given(CASES)
def test_both_placements_average_to_the_auc(rows):
    outcome, score, _ = columns(rows)
    v10, v01 = placements(outcome, score)
    assert v10.mean() == pytest.approx(v01.mean())


@given(CASES)
def test_only_the_order_of_scores_matters(rows):
    outcome, score, _ = columns(rows)
    assert auc(outcome, np.exp(score)) == auc(outcome, score)
    assert ks(outcome, score**3) == ks(outcome, score)


@given(CASES)
def test_the_area_under_the_roc_curve_is_the_auc(rows):
    outcome, score, _ = columns(rows)
    assert np.trapezoid(*roc_curve(outcome, score)[::-1]) == pytest.approx(auc(outcome, score))


@given(CASES)
def test_gini_is_the_accuracy_ratio_of_the_cap_curve(rows):
    outcome, score, _ = columns(rows)
    share, caught = cap_curve(outcome, score)
    ratio = (np.trapezoid(caught, share) - 0.5) / ((1 - outcome.mean()) / 2)
    assert ratio == pytest.approx(gini(outcome, score))


@given(CASES)
def test_reversing_the_score_mirrors_the_auc(rows):
    outcome, score, _ = columns(rows)
    assert auc(outcome, -score) == pytest.approx(1 - auc(outcome, score))


@pytest.mark.parametrize("outcome", [[0, 0, 0], [1, 1, 1]])
def test_one_class_has_no_auc_and_no_ks(outcome):
    assert np.isnan(auc(outcome, [1, 2, 3]))
    assert np.isnan(weighted_auc(outcome, [1, 2, 3], [1, 1, 1]))
    assert np.isnan(ks(outcome, [1, 2, 3]))


@given(CASES.filter(lambda rows: 2 <= sum(y for y, _, _ in rows) <= len(rows) - 2))
def test_clusters_of_one_case_give_delongs_error(rows):
    outcome, score, _ = columns(rows)
    alone = auc_interval(outcome, score, cluster=np.arange(len(rows)))
    assert alone.se == pytest.approx(auc_interval(outcome, score).se, abs=1e-12)


def test_a_score_does_not_differ_from_itself():
    rng = np.random.default_rng(1)
    outcome, score = rng.integers(0, 2, 50), rng.normal(size=50)
    found = auc_difference(outcome, score, 2 * score + 1)
    assert (found.value, found.p_value) == (0.0, 1.0)


def test_a_single_obligor_gives_no_error():
    found = auc_interval([0, 1, 0, 1], [1, 2, 3, 4], cluster=["a"] * 4)
    assert np.isnan(found.se)


def test_a_fall_of_two_errors_has_the_p_of_a_normal_tail():
    rng = np.random.default_rng(2)
    outcome, score = rng.integers(0, 2, 200), rng.normal(size=200)
    found = auc_interval(outcome, score)
    assert auc_fall_p(found.value + 2 * found.se, found) == pytest.approx(0.02275, abs=1e-5)


def draw(rng, obligors=60, invoices=8):
    """Invoices of obligors that share most of what decides both score and outcome."""
    obligor = np.repeat(np.arange(obligors), invoices)
    shared = rng.normal(size=obligors)[obligor]
    outcome = rng.normal(size=obligors)[obligor] + 0.7 * shared + 0.3 * rng.normal(size=len(obligor)) > 0.5
    return outcome.astype(int), shared + 0.3 * rng.normal(size=len(obligor)), obligor


def test_only_the_clustered_interval_covers_when_invoices_of_an_obligor_depend():
    rng = np.random.default_rng(3)
    samples = [draw(rng) for _ in range(300)]
    values = np.array([auc(y, s) for y, s, _ in samples])
    clustered = np.mean([auc_interval(y, s, c).se for y, s, c in samples])
    naive = np.mean([auc_interval(y, s).se for y, s, _ in samples])
    assert clustered == pytest.approx(values.std(), rel=0.10)
    assert naive < 0.6 * values.std()
