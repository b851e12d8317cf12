"""Standard errors under dependence: exact on small cases, and true to simulations in which debtors and clients err."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.errors import Misuse
from riskmodels.validation.dependence import cluster_codes, clustered_se, groupings, treatment
from riskmodels.validation.discrimination import auc, auc_interval, placements

ROWS = st.lists(st.tuples(st.floats(-1, 1), st.integers(0, 4), st.integers(0, 3)), min_size=6, max_size=40)


def by_hand(influence, first, second):
    """The three one-way variances and their sum, pair of cases by pair of cases."""

    def one_way(names):
        together = np.array([[a == b for b in names] for a in names])
        groups = len(set(names))
        return groups / (groups - 1) * influence @ together @ influence

    a, b, both = one_way(first), one_way(second), one_way(list(zip(first, second)))
    return a + b - both if a + b - both > 0 else max(a, b)


@given(ROWS)
def test_two_ways_are_every_pair_of_cases_that_shares_a_cluster(rows):
    influence, first, second = (list(column) for column in zip(*rows))
    if min(len(set(first)), len(set(second))) > 1:
        found = clustered_se(influence, (first, second))
        assert found == pytest.approx(np.sqrt(by_hand(np.array(influence), first, second)), abs=1e-12)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=30))
def test_without_clusters_the_error_of_a_mean_is_the_textbooks(values):
    x = np.array(values)
    expected = x.std(ddof=1) / np.sqrt(len(x))
    assert clustered_se((x - x.mean()) / len(x)) == pytest.approx(expected, abs=1e-12)


def test_one_way_is_statsmodels_cluster_robust_error_of_a_mean():
    rng = np.random.default_rng(4)
    x, group = rng.normal(size=200), rng.integers(0, 25, 200)
    robust = sm.OLS(x, np.ones(200)).fit(cov_type="cluster", cov_kwds={"groups": group, "use_correction": False})
    expected = robust.bse[0] * np.sqrt(25 / 24)
    assert clustered_se((x - x.mean()) / 200, group) == pytest.approx(expected)


def test_a_clustering_inside_another_adds_nothing_to_it():
    rng = np.random.default_rng(5)
    debtor, influence = rng.integers(0, 30, 300), rng.normal(size=300)
    assert clustered_se(influence, (debtor, debtor // 5)) == pytest.approx(clustered_se(influence, debtor // 5))


def test_a_single_client_leaves_the_debtors_error_and_a_single_cluster_none():
    influence, debtor, client = np.arange(6.0) - 2.5, [1, 1, 2, 2, 3, 3], ["c"] * 6
    assert clustered_se(influence, (debtor, client)) == clustered_se(influence, debtor)
    assert np.isnan(clustered_se(influence, client))


def test_a_case_without_a_name_stands_for_itself():
    assert cluster_codes(["b", None, "a", "b", None]).tolist() == [0, 2, 1, 0, 3]
    assert cluster_codes([1.0, np.nan, 1.0, np.nan]).tolist() == [0, 1, 0, 2]


def test_clusters_of_another_length_are_refused():
    with pytest.raises(Misuse, match=r"clusters: found arrays of lengths \[3, 2\], expected one or two of 3"):
        groupings(([1, 2, 3], [1, 2]), 3)


def draw(rng, debtors=150, clients=100, n=1_000):
    """Invoices whose scores and outcomes share the luck of a debtor and of a client."""
    debtor, client = rng.integers(0, debtors, n), rng.integers(0, clients, n)
    shared = rng.normal(size=debtors)[debtor] + rng.normal(size=clients)[client]
    luck = rng.normal(size=debtors)[debtor] + rng.normal(size=clients)[client]
    outcome = luck + 0.7 * shared + 0.5 * rng.normal(size=n) > 1
    return outcome.astype(int), shared + 0.3 * rng.normal(size=n), debtor, client


def test_only_two_ways_tell_the_error_when_debtors_and_clients_both_err():
    rng = np.random.default_rng(6)
    samples = [draw(rng) for _ in range(300)]
    true = np.std([auc(y, s) for y, s, _, _ in samples])
    both = np.mean([auc_interval(y, s, (d, c)).se for y, s, d, c in samples])
    debtor = np.mean([auc_interval(y, s, d).se for y, s, d, _ in samples])
    assert both == pytest.approx(true, rel=0.10)
    assert debtor < 0.85 * true


def test_the_auc_by_one_clustering_is_the_general_error_but_for_obuchowskis_small_sample_factors():
    rng = np.random.default_rng(7)
    y, s, debtor, _ = draw(rng, debtors=300, n=3_000)
    v10, v01 = placements(y, s)
    influence = np.empty(len(y))
    influence[y == 1], influence[y == 0] = (v10 - v10.mean()) / len(v10), (v01 - v01.mean()) / len(v01)
    assert auc_interval(y, s, debtor).se == pytest.approx(clustered_se(influence, debtor), rel=2e-3)


def test_the_treatment_is_told_in_words():
    assert treatment(["obligor", "client"]) == "clustered by debtor and client"
    assert treatment(["obligor"]) == "clustered by debtor"
    assert treatment([]) == "cases taken as independent"
