"""The subset search finds what trying every subset finds, and gives up in bounded time."""

import time
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.models.matching.subsets import MOST_FOUND, MOST_SIZE, subsets


@given(st.lists(st.integers(1, 12), max_size=9), st.integers(1, 60))
def test_the_smallest_subsets_are_those_of_trying_all(amounts, target):
    found = subsets(amounts, target)
    for size in range(2, min(MOST_SIZE, len(amounts)) + 1):
        every = {c for c in combinations(range(len(amounts)), size) if sum(amounts[k] for k in c) == target}
        if every:
            assert set(found) <= every
            assert len(set(found)) == len(found) == min(len(every), MOST_FOUND)
            return
    assert found == []


def test_amounts_of_yuan_and_fen_are_summed_exactly():
    amounts = [1_234_567_89, 10, 333_333_33, 2_000_000_00]
    assert subsets(amounts, 1_234_567_89 + 333_333_33 + 10) == [(0, 1, 2)]
    assert subsets(amounts, 1_234_567_89 + 333_333_33 + 11) == []


def test_a_single_amount_and_nothing_are_no_sum():
    assert subsets([5, 7], 7) == []
    assert subsets([], 7) == []


def test_hopeless_searches_end():
    rng = np.random.default_rng(0)
    subsets([3, 4], 7)
    began = time.perf_counter()
    subsets((2 * rng.integers(1_000_000, 100_000_000, 400)).tolist(), 700_000_001)
    assert time.perf_counter() - began < 1.0
