from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.models.binning_search import Rules, best_starts
from riskmodels.models.woe import iv_parts, woe


def iv_of(good, bad, starts):
    totals = good.sum(), bad.sum()
    return iv_parts(np.add.reduceat(good, starts), np.add.reduceat(bad, starts), *totals).sum()


def obeys(good, bad, starts, trend, rules):
    g, b = np.add.reduceat(good, starts), np.add.reduceat(bad, starts)
    steps = np.diff(woe(g, b, good.sum(), bad.sum()))
    runs = {"ascending": (steps > 0).all(), "descending": (steps < 0).all(), "none": True}
    runs["auto"] = runs["ascending"] or runs["descending"]
    enough = min(g.min(), b.min()) >= rules.min_events and (g + b).min() >= rules.min_weight
    return len(starts) <= rules.max_bins and enough and runs[trend]


def brute_force(good, bad, trend, rules):
    """The greatest IV over every subset of cuts, by trying them all."""
    inner = range(1, len(good))
    cuts = (np.array([0, *c]) for size in range(len(good)) for c in combinations(inner, size))
    return max((iv_of(good, bad, c) for c in cuts if obeys(good, bad, c, trend, rules)), default=0.0)


prebins = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=2, max_size=8).filter(
    lambda rows: sum(b for b, _ in rows) > 0
)


@settings(max_examples=150, deadline=None)
@given(
    rows=prebins,
    trend=st.sampled_from(["ascending", "descending", "auto", "none"]),
    max_bins=st.integers(1, 6),
    min_events=st.integers(0, 10),
    min_weight=st.integers(0, 40),
)
def test_the_search_equals_brute_force(rows, trend, max_bins, min_events, min_weight):
    bad, good = np.array(rows, dtype=float).T
    rules = Rules(max_bins, min_weight, min_events)
    starts = best_starts(good, bad, (good.sum(), bad.sum()), trend, rules)
    if len(starts) > 1:
        assert obeys(good, bad, starts, trend, rules)
        assert iv_of(good, bad, starts) == pytest.approx(brute_force(good, bad, trend, rules), abs=1e-9)
    else:
        assert brute_force(good, bad, trend, rules) <= iv_of(good, bad, starts) + 1e-9


@pytest.mark.parametrize("trend", ["ascending", "descending", "auto", "none"])
def test_the_search_equals_brute_force_on_twelve_prebins(trend):
    rng = np.random.default_rng(11)
    good, bad = rng.integers(5, 60, 12).astype(float), rng.integers(1, 30, 12).astype(float)
    rules = Rules(6, 0.05 * (good.sum() + bad.sum()), 3)
    starts = best_starts(good, bad, (good.sum(), bad.sum()), trend, rules)
    assert iv_of(good, bad, starts) == pytest.approx(brute_force(good, bad, trend, rules), rel=1e-12)


def test_one_bin_is_left_when_no_partition_meets_the_rules():
    good, bad = np.array([10.0, 10.0]), np.array([1.0, 1.0])
    assert best_starts(good, bad, (20, 2), "auto", Rules(5, 0, 100)).tolist() == [0]


def test_of_two_equal_partitions_the_one_with_fewer_bins_is_taken():
    good, bad = np.array([10.0, 10.0, 10.0]), np.array([1.0, 1.0, 5.0])
    assert best_starts(good, bad, (30, 7), "none", Rules(3, 0, 0)).tolist() == [0, 2]
