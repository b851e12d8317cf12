"""Columns that others say: variance inflation factors and clusters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.outliers_influence import variance_inflation_factor

from riskmodels.models.scorecard.clusters import clusters, leaders
from riskmodels.models.scorecard.vif import correlation, inflated, vif


def correlated(p, seed, n=200):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + rng.normal(size=(n, p)) * 0.3
    return x, rng.integers(1, 5, n).astype(float)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 7), st.integers(0, 10**6))
def test_factors_are_those_of_statsmodels_on_repeated_rows(p, seed):
    x, weight = correlated(p, seed)
    rows = np.repeat(np.arange(len(x)), weight.astype(int))
    design = np.column_stack([np.ones(len(rows)), x[rows]])
    peer = [variance_inflation_factor(design, 1 + i) for i in range(p)]
    assert vif(correlation(x, weight)) == pytest.approx(peer, rel=1e-6)


def test_blocks_of_rows_add_up_to_numpys_figure(monkeypatch):
    x, weight = correlated(4, 0)
    whole = correlation(x, weight)
    monkeypatch.setattr("riskmodels.models.scorecard.vif.BLOCK", 17)
    assert correlation(x, weight) == pytest.approx(whole, abs=1e-12)
    cov = np.cov(x.T, aweights=weight)
    assert whole == pytest.approx(cov / np.sqrt(np.outer(np.diag(cov), np.diag(cov))), abs=1e-12)


def test_only_columns_that_give_one_another_exactly_have_an_infinite_factor():
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(3, 500))
    factors = vif(correlation(np.column_stack([a, b, a + b, c + 0.5 * a]), np.ones(500)))
    assert np.isinf(factors[:3]).all()
    assert 1 < factors[3] < 3


def test_a_constant_column_correlates_with_nothing():
    x = np.column_stack([np.arange(50.0), np.ones(50)])
    found = correlation(x, np.ones(50))
    assert found.tolist() == [[1, 0], [0, 1]]
    assert vif(found).tolist() == [1, 1]


def test_the_last_of_equals_goes_and_fixed_ones_stay():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 300))
    same = correlation(np.column_stack([a, b, a]), np.ones(300))
    out, kept = inflated(same, 5.0)
    assert (list(out), list(kept)) == ([2], [0, 1])
    assert np.isinf(out[2])
    assert list(inflated(same, 5.0, fixed=[2])[0]) == [0]
    assert list(inflated(same, 5.0, fixed=[0, 2])[0]) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6), st.floats(0.3, 0.95))
def test_no_two_that_stay_are_alike_and_each_that_goes_is_alike_one(p, seed, alike):
    found = correlation(*correlated(p, seed))
    gone = leaders(found, alike, range(p))
    stay = [i for i in range(p) if i not in gone]
    assert all(abs(found[i, j]) <= alike + 1e-9 for i in stay for j in stay if i < j)
    assert all(abs(found[i, j]) > alike - 1e-9 and j < i for i, j in gone.items())


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6), st.floats(0.3, 0.95))
def test_every_two_of_a_cluster_are_alike(p, seed, alike):
    found = correlation(*correlated(p, seed))
    labels = clusters(found, alike)
    assert all(abs(found[i, j]) > alike - 1e-9 for i in range(p) for j in range(i) if labels[i] == labels[j])


def test_a_chain_of_half_likes_joins_no_strangers():
    rng = np.random.default_rng(2)
    a, c = rng.normal(size=(2, 5000))
    found = correlation(np.column_stack([a, a + c, c]), np.ones(5000))  # .7 between neighbours, 0 between the ends
    labels = clusters(found, 0.6)
    assert labels[0] != labels[2]
    assert leaders(found, 0.6, [0, 2, 1]) == {1: 0} or leaders(found, 0.6, [0, 2, 1]) == {1: 2}


def test_alike_means_above_not_at_the_bound():
    found = np.array([[1.0, 0.7], [0.7, 1.0]])
    assert clusters(found, 0.7).tolist() == [1, 2]
    assert clusters(found, 0.699).tolist() == [1, 1]
    assert clusters(np.ones((2, 2)), 0.99).tolist() == [1, 1]
