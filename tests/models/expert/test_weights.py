"""Weights from what an expert can say."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import Misuse
from riskmodels.models.expert.weights import central_weights, order_pairs, ranking, stated_weights

NAMES = ["a", "b", "c", "d"]


def test_a_complete_order_gives_rank_order_centroid_weights():
    # Barron, Barrett (1996), table 1: four attributes
    pairs = order_pairs(["a >= b >= c >= d"], NAMES)
    assert central_weights(4, pairs) == pytest.approx([0.5208, 0.2708, 0.1458, 0.0625], abs=5e-5)


def test_no_order_gives_equal_weights():
    assert central_weights(4, ()) == pytest.approx(np.full(4, 0.25))


@given(st.permutations(range(5)), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=5))
@settings(deadline=None, max_examples=40)
def test_a_part_of_an_order_gives_the_mean_over_all_orders_that_agree(rank, ties):
    pairs = tuple((a, b) for a, b in ties if rank[a] < rank[b])
    centroid = np.cumsum(1 / np.arange(5, 0, -1))[::-1] / 5
    agree = [p for p in permutations(range(5)) if all(p.index(a) < p.index(b) for a, b in pairs)]
    expected = np.mean([[centroid[p.index(i)] for i in range(5)] for p in agree], axis=0)
    assert central_weights(5, pairs) == pytest.approx(expected, abs=1e-12)


@given(st.permutations(range(6)), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=6))
@settings(deadline=None, max_examples=40)
def test_weights_keep_the_order_and_sum_to_one(rank, ties):
    pairs = tuple((a, b) for a, b in ties if rank[a] < rank[b])
    weights = central_weights(6, pairs)
    assert weights.sum() == pytest.approx(1)
    assert all(weights[a] >= weights[b] for a, b in pairs)
    order = ranking(pairs, list("abcdef"))
    assert all(order.index(a) < order.index(b) for a, b in pairs)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (["a >= b", "b >= c", "c >= a"], "order: found .* >= .*, which contradicts itself"),
        (["a >= z"], r"order: 'a >= z': found no drivers \['z'\], expected some of"),
        ("a >= a", "order: found a >= a, which contradicts itself"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(order, words):
    with pytest.raises(Misuse, match=words):
        order_pairs(order, NAMES)


def test_a_circle_is_named_in_the_order_it_was_said():
    with pytest.raises(Misuse, match=r"(a >= b >= c >= a|b >= c >= a >= b|c >= a >= b >= c)"):
        order_pairs(["a >= b >= c", "c >= a"], NAMES)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (
            [0.5, 0.6, -0.1, 0.0],
            "weights: found {'c': -0.1}, expected 0 or more; a driver that lowers risk has sign -1",
        ),
        ([0.5, 0.3, 0.3, 0.0], "weights: found a sum of 1.1, expected shares that sum to 1"),
        ([0.5, None, 0.3, 0.2], r"weights: found none for \['b'\], expected a share for every driver or for none"),
        ([0.5, 0.2, 0.3, float("nan")], "weights: found {'d': nan}"),
        ([0.2, 0.3, 0.3, 0.2], "weights: found a below b, expected the order that was given"),
    ],
)
def test_weights_that_make_no_sense_are_refused_rather_than_repaired(weights, words):
    with pytest.raises(Misuse, match=words):
        stated_weights(weights, ((0, 1),), NAMES)


def test_an_order_of_too_many_drivers_asks_for_weights():
    with pytest.raises(Misuse, match="order: found 17 drivers, expected at most 16, or a weight for each"):
        central_weights(17, ((0, 1),))


def test_an_order_of_sixteen_drivers_is_averaged_exactly():
    weights = central_weights(16, ((0, 1),))
    assert weights.sum() == pytest.approx(1)
    assert weights[2:] == pytest.approx(np.full(14, 1 / 16))
    assert weights[0] + weights[1] == pytest.approx(2 / 16)
