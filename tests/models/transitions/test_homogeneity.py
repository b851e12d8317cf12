import numpy as np
import pytest
from scipy.stats import chi2_contingency

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.transitions import cohorts, time_homogeneity
from riskmodels.models.transitions.cohort import Cohorts
from tests.models.transitions.rated import STATES, day, seen


def panel(counts):
    """Cohorts with these counts (T, K, K), each obligor-period an obligor of its own."""
    cells = np.asarray(counts)
    period, origin, destination = (np.repeat(axis.ravel(), cells.ravel()) for axis in np.indices(cells.shape))
    dates = tuple(day(366 * n) for n in range(len(cells) + 1))
    return Cohorts(STATES, dates, 12, len(period), np.arange(len(period)), period, origin, destination)


def drawn(matrices, n, seed):
    """n obligors of each grade in each period, moved by the period's matrix."""
    rng = np.random.default_rng(seed)
    return panel([[rng.multinomial(n, row) for row in p] + [[0, 0, 0]] for p in matrices])


CALM, ROUGH = [[0.8, 0.15, 0.05], [0.1, 0.7, 0.2]], [[0.7, 0.2, 0.1], [0.1, 0.6, 0.3]]


def test_the_statistics_are_those_of_the_tables_of_each_grade():
    seen_counts = drawn([CALM, ROUGH, CALM], 200, seed=1)
    found, counts = time_homogeneity(seen_counts), seen_counts.counts()
    for lambda_, value in (("pearson", found.chi2), ("log-likelihood", found.likelihood_ratio)):
        parts = [chi2_contingency(counts[:, i, :3], correction=False, lambda_=lambda_) for i in (0, 1)]
        assert value == pytest.approx(sum(part.statistic for part in parts))
        assert found.df == sum(part.dof for part in parts) == 8
    assert not found.sparse
    assert np.isnan(found.p_permutation)
    assert found.p_value == found.p_chi2


def test_degrees_of_freedom_are_counted_on_occupied_cells():
    counts = [
        [[30, 10, 0], [0, 0, 0], [0, 0, 0]],
        [[25, 15, 0], [5, 5, 0], [0, 0, 0]],
        [[20, 20, 0], [8, 2, 0], [0, 0, 0]],
    ]
    found = time_homogeneity(panel(counts))
    assert found.df == (3 - 1) * (2 - 1) + (2 - 1) * (2 - 1)
    assert found.origin["df"].tolist() == [2, 1]


def test_thin_cells_are_judged_by_permutation():
    found = time_homogeneity(drawn([CALM, ROUGH, CALM], 12, seed=2), permutations=4000)
    assert found.sparse
    assert found.p_value == found.p_permutation


def test_permutations_agree_with_chi_squared_where_both_hold():
    from riskmodels.models.transitions.homogeneity import _occupied, _permuted

    counts = drawn([CALM, CALM, ROUGH], 60, seed=5)
    found = time_homogeneity(counts)
    tables = [_occupied(counts.counts()[:, i, :-1]) for i in (0, 1)]
    assert _permuted(tables, found.chi2, 20_000, 0) == pytest.approx(found.p_chi2, abs=0.02)


def test_a_stable_matrix_is_rejected_as_often_as_the_level_says():
    p = np.array([time_homogeneity(drawn([CALM] * 3, 40, seed=s), permutations=200).p_value for s in range(200)])
    assert 0.01 <= (p < 0.05).mean() <= 0.1


def test_a_changed_matrix_is_found():
    assert time_homogeneity(drawn([CALM, ROUGH], 400, seed=3)).p_value < 1e-3
    assert time_homogeneity(drawn([CALM, [[0.2, 0.5, 0.3], [0.4, 0.1, 0.5]]], 15, seed=3)).p_value < 1e-2


def test_the_same_seed_gives_the_same_bits():
    thin = drawn([CALM, ROUGH, CALM], 12, seed=2)
    assert time_homogeneity(thin, seed=4).p_value == time_homogeneity(thin, seed=4).p_value


def test_withdrawn_obligors_are_left_out():
    text = {f"o{i}": "0 A 380 NR" for i in range(5)} | {f"p{i}": "0 A 100 B" for i in range(5)}
    found = time_homogeneity(cohorts(seen(**text, q="0 A 500 B", until=731)))
    assert found.cases == 10 + 1 + 5 + 1


def test_summary_ends_with_all_grades():
    found = time_homogeneity(drawn([CALM, ROUGH], 100, seed=1))
    table = found.summary()
    assert table["from"].tolist() == ["A", "B", "all"]
    assert table["cases"].tolist() == [200, 200, 400]
    assert table["degrees of freedom"].iloc[-1] == found.df


def test_a_single_period_is_refused_in_one_line():
    with pytest.raises(DataRefused, match="cohorts: found 1 periods in which no grade can differ"):
        time_homogeneity(drawn([CALM], 50, seed=1))
    with pytest.raises(Misuse, match="permutations: found 3, expected at least 100"):
        time_homogeneity(drawn([CALM], 50, seed=1), permutations=3)
