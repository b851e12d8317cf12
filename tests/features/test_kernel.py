"""The accelerated kernel and the readable one give the same bits, for any facts and any as-of rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.features import kernel, reference

BIG = 2**46


@st.composite
def sweeps(draw):
    """Facts in any order, and as-of rows sorted by key and day: key, day, value, other, rows, as_of, window."""
    n, keys = draw(st.integers(0, 40)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.sampled_from([3, 1000, BIG]))
    counts = rng.integers(0, 5, keys)
    rows = np.concatenate([[0], np.cumsum(counts)])
    as_of = np.concatenate([np.sort(rng.choice(60, c, replace=False)) for c in counts]).astype(np.int64)
    facts = (rng.integers(0, keys, n).astype(np.int32), rng.integers(-5, 70, n).astype(np.int32))
    return (
        *facts,
        rng.integers(-size, size, n),
        rng.integers(0, 6, n).astype(np.int32),
        rows,
        as_of,
        draw(st.integers(1, 40)),
    )


def measured(with_, key, day, value, other, rows, as_of, window):
    """Every measure of the facts, by one of the two kernels."""
    last = int(as_of.max(initial=0))
    order, first = with_.sort(key, day, len(rows) - 1, last)
    day, sorted_value, other = day[order], value[order], other[order]
    total, size = with_.running(value, order)
    high = with_.until(day, first, as_of, rows, 0)
    found = [first, high, [size]]
    aged = np.concatenate([[0], np.cumsum(sorted_value * np.minimum(day, last + 1).astype(np.int64))])
    for low in (with_.until(day, first, as_of, rows, window), np.repeat(first[:-1], np.diff(rows))):
        found += [
            with_.between(total, low, high),
            with_.elapsed(total, aged, as_of, low, high),
            with_.peaks(sorted_value, low, high, rows),
            with_.lasts(sorted_value, day, low, high),
            with_.since(day, as_of, high - 1, low, high),
            with_.spreads(sorted_value, other, low, high, rows, 6),
        ]
    return found


@settings(max_examples=150, deadline=None)
@given(sweeps())
def test_the_kernel_equals_its_reference_to_the_last_bit(case):
    for fast, plain in zip(measured(kernel, *case), measured(reference, *case)):
        np.testing.assert_array_equal(fast, plain)


@settings(max_examples=50, deadline=None)
@given(sweeps(), st.integers(0, 1000))
def test_measures_do_not_depend_on_the_order_of_facts(case, seed):
    shuffle = np.random.default_rng(seed).permutation(len(case[0]))
    other = (*(c[shuffle] for c in case[:4]), *case[4:])
    for one, two in zip(measured(kernel, *case), measured(kernel, *other)):
        np.testing.assert_array_equal(one, two)


def test_a_concentration_index_does_not_drift_over_a_million_facts():
    rng = np.random.default_rng(3)
    n = 1_000_000
    day = np.sort(rng.integers(0, 1000, n)).astype(np.int32)
    value, other = rng.integers(1, 10**9, n), rng.integers(0, 50, n).astype(np.int32)
    as_of, rows = np.array([100, 500, 998], np.int64), np.array([0, 3])
    order, first = kernel.sort(np.zeros(n, np.int32), day, 1, 998)
    low, high = (kernel.until(day[order], first, as_of, rows, lag) for lag in (90, 0))
    found = kernel.spreads(value[order], other[order], low, high, rows, 50)
    np.testing.assert_array_equal(found, reference.spreads(value[order], other[order], low, high, rows, 50))


def test_a_single_counterpart_has_an_index_of_one():
    hhi, top, count = reference.concentration([123_456_789_012_345])
    assert (hhi, top, count) == (1.0, 1.0, 1.0)


def test_a_counterpart_with_a_negative_balance_counts_as_nothing():
    assert reference.concentration([300, -500, 100]) == pytest.approx((0.625, 0.75, 2))
