import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.errors import Misuse
from riskmodels.models.transitions import bandwidth, prais_mobility, svd_mobility


def random_matrix(seed, k):
    return np.random.default_rng(seed).dirichlet(np.ones(k), k)


def test_nobody_moves():
    assert svd_mobility(np.eye(4)) == prais_mobility(np.eye(4)) == 0
    assert np.isnan(bandwidth(np.eye(4))).all()


def test_equal_rows_are_perfect_mobility():
    assert prais_mobility(np.tile([0.2, 0.3, 0.5], (3, 1))) == pytest.approx(1)


def test_two_states_by_hand():
    p = [[1 - 0.1, 0.1], [0.3, 0.7]]
    assert svd_mobility(p) == pytest.approx(np.sqrt(2 * (0.1**2 + 0.3**2)) / 2)
    assert bandwidth(p) == pytest.approx((1, 1))


def test_bandwidth_by_hand():
    p, n = [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.4, 0.5]], [10, 20, 40]
    upper = (1 * 10 * 0.3 + 2 * 10 * 0.1 + 1 * 20 * 0.3) / (2 * 10 * 0.4 + 1 * 20 * 0.3)
    lower = (1 * 20 * 0.2 + 1 * 40 * 0.4 + 2 * 40 * 0.1) / (1 * 20 * 0.2 + 2 * 40 * 0.5)
    assert bandwidth(p, n) == pytest.approx((upper, lower))


@given(seed=st.integers(0, 1000), k=st.integers(2, 8), share=st.floats(0, 1))
def test_less_movement_is_less_mobility(seed, k, share):
    p = random_matrix(seed, k)
    calmer = share * p + (1 - share) * np.eye(k)
    assert svd_mobility(calmer) == pytest.approx(share * svd_mobility(p))
    assert prais_mobility(calmer) == pytest.approx(share * prais_mobility(p))


@given(seed=st.integers(0, 1000), k=st.integers(2, 8))
def test_bandwidths_lie_between_0_and_1_and_swap_when_the_order_does(seed, k):
    p = random_matrix(seed, k)
    upper, lower = bandwidth(p)
    assert 0 < upper <= 1 + 1e-12
    assert 0 < lower <= 1 + 1e-12
    assert bandwidth(p[::-1, ::-1]) == pytest.approx((lower, upper))


def test_obligors_of_the_wrong_number_are_refused():
    with pytest.raises(Misuse, match=r"n: found .*expected 3 numbers of obligors"):
        bandwidth(np.eye(3), [1, 2])
