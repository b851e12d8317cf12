"""Grades: alike inside, apart from neighbours, in order; chance among small grades is never taken for a fault."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from riskmodels.validation.grade_order import halves, neighbours
from riskmodels.validation.grades import holm

PD = np.array([0.002, 0.005, 0.01, 0.018, 0.032, 0.06, 0.14])
N = np.array([412, 958, 1486, 1524, 1012, 526, 230])


def graded(slope, seed=0, n=2_000):
    """Three grades of n cases whose risk inside a grade rises by `slope` from the safest to the riskiest case."""
    rng = np.random.default_rng(seed)
    grade = np.repeat([0, 1, 2], n)
    inside = rng.uniform(-1, 1, 3 * n)
    base = np.array([0.02, 0.05, 0.15])[grade]
    return (rng.random(3 * n) < base * (1 + slope * inside)).astype(int), base * (1 + 0.01 * inside), grade


def test_a_grade_that_hides_an_order_of_risk_is_found():
    assert (halves(*graded(slope=0.8), 3).holm_p < 0.01).all()


def test_grades_that_hold_one_risk_are_seldom_called_mixed():
    assert np.mean([halves(*graded(0.0, seed, 300), 3).holm_p.min() <= 0.05 for seed in range(200)]) <= 0.06


def test_a_grade_is_too_wide_only_where_its_riskier_half_is_as_bad_as_the_next_grade():
    assert not halves(*graded(slope=0.8), 3).mixed.any()
    outcome = np.repeat([0, 1, 0, 1, 0, 1], [1_980, 20, 1_800, 200, 3_800, 200])  # 1 %, 10 %; then 5 %
    probability, grade = np.repeat([0.01, 0.02, 0.05], [2_000, 2_000, 4_000]), np.repeat([0, 1], 4_000)
    assert halves(outcome, probability, grade, 2).mixed.tolist() == [True, False]


def test_halves_count_every_case_once_and_are_fisher_s():
    outcome, probability, grade = graded(0.5, n=100)
    found = halves(outcome, probability, grade, 3)
    assert found.n[0] + found.n[1] == pytest.approx([100] * 3)
    assert found.events[0] + found.events[1] == pytest.approx(np.bincount(grade, outcome))
    table = [[found.events[i][1], found.n[i][1] - found.events[i][1]] for i in (1, 0)]
    assert found.p_value[1] == pytest.approx(fisher_exact(table, alternative="greater").pvalue)


def test_a_grade_that_can_not_be_cut_is_not_a_number_and_not_in_the_family():
    outcome, probability = [0, 1, 0, 1, 0, 1], [0.1, 0.1, 0.1, 0.2, 0.3, 0.4]
    found = halves(outcome, probability, [0, 0, 0, 2, 2, 2], 4)
    assert np.isnan(found.p_value).tolist() == [True, True, False, True]
    assert found.holm_p[2] == found.p_value[2]


@pytest.mark.parametrize("many", [[0.1, 0.2, 0.2, 0.2], [0.1, 0.1, 0.1, 0.2]])
def test_equal_probabilities_are_never_split(many):
    found = halves([0, 0, 1, 1], many, [0] * 4, 1)
    assert sorted(n[0] for n in found.n) == [1, 3]


def test_a_chance_inversion_among_small_grades_is_not_counted():
    rng = np.random.default_rng(1)
    for _ in range(200):
        events = rng.binomial(40, PD)
        assert neighbours(PD, np.full(7, 40), events).inverted == 0


def test_an_inversion_beyond_chance_is_counted():
    events = np.round(N * PD)
    events[[3, 4]] = [76, 10]
    assert neighbours(PD, N, events).inverted == 1


def test_neighbours_are_apart_where_rates_are():
    found = neighbours(PD, 10 * N, np.round(10 * N * PD))
    assert (found.apart_p < 0.05).all()
    assert not found.merged.any()


def test_a_pair_that_data_could_not_tell_apart_is_not_called_merged():
    flat = neighbours([0.02, 0.04], [5_000, 5_000], [150, 150])
    assert flat.merged.all()
    assert not neighbours([0.02, 0.04], [50, 50], [1, 1]).merged.any()


def test_a_pair_is_told_apart_as_often_as_its_power_says():
    pd_, n = np.array([0.02, 0.04]), np.array([900, 700])
    events = np.random.default_rng(2).binomial(n, pd_, (3_000, 2))
    apart = np.mean([neighbours(pd_, n, d).apart_p[0] <= 0.05 for d in events])
    # Fisher's test is exact and so a little shy
    assert apart == pytest.approx(neighbours(pd_, n, n * pd_).power[0], abs=0.08)


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 200)), min_size=2, max_size=8))
def test_a_pair_is_never_both_apart_and_inverted(counts):
    n = np.array([c[0] for c in counts])
    events = np.minimum(n, [c[1] for c in counts])
    found = neighbours(np.linspace(0.01, 0.2, len(n)), n, events)
    assert not ((found.apart_p <= 0.05) & (found.inverted_p <= 0.05)).any()
    assert (found.apart_p >= 0).all()
    assert len(holm(found.apart_p)) == len(n) - 1
