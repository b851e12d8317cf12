"""The search against trying every subset of cuts, under each of its rules."""

from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from riskmodels.models.binning.search import TRENDS, Rules, Sums, best_starts
from riskmodels.models.binning.woe import iv_parts, woe


@dataclass(frozen=True)
class Case:
    """Ordered pre-bins with a good/bad target (or, with `squares`, one of numbers), and what is asked of their bins."""

    n: np.ndarray
    total: np.ndarray
    trend: str
    rules: Rules
    cohort_n: np.ndarray | None = None
    cohort_total: np.ndarray | None = None
    squares: np.ndarray | None = None

    @property
    def sums(self):
        squares = self.total if self.squares is None else self.squares
        none = np.zeros((0, len(self.n)))
        by_cohort = (none, none) if self.cohort_n is None else (self.cohort_n, self.cohort_total)
        return Sums(self.n, self.total, squares, *by_cohort)

    def worth(self, n, total):
        """Gains and levels of bins."""
        if self.squares is None:
            totals = self.n.sum() - self.total.sum(), self.total.sum()
            return iv_parts(n - total, total, *totals), woe(n - total, total, *totals)
        mean = np.divide(total, n, out=np.zeros(n.shape), where=n > 0)
        return n * (mean - self.total.sum() / self.n.sum()) ** 2 / self.n.sum(), mean

    def allowed(self, n, total):
        heavy = n >= self.rules.min_weight
        return heavy if self.squares is not None else heavy & (np.minimum(total, n - total) >= self.rules.min_events)

    def search(self):
        n, total = self.sums.merged(self.n), self.sums.merged(self.total)
        gains, levels = self.worth(n, total)
        allowed = np.triu(self.allowed(n, total))
        return best_starts(self.sums, np.where(allowed, gains, -np.inf), levels, self.trend, self.rules)

    def gain(self, starts):
        return self.worth(np.add.reduceat(self.n, starts), np.add.reduceat(self.total, starts))[0].sum()

    def obeys(self, starts):
        n, total = np.add.reduceat(self.n, starts), np.add.reduceat(self.total, starts)
        steps = np.sign(np.diff(self.worth(n, total)[1]))
        return (
            len(starts) <= self.rules.max_bins
            and self.allowed(n, total).all()
            and any(runs(steps, phases) for phases in TRENDS[self.trend])
            and self.neighbours_apart(starts)
            and self.neighbours_steady(starts, steps)
        )

    def neighbours_apart(self, starts):
        parts = np.split(np.arange(len(self.n)), starts[1:])
        return self.rules.max_p >= 1 or all(self.p(a, b) <= self.rules.max_p + 1e-12 for a, b in pairwise(parts))

    def p(self, a, b):
        bad, n = ([part[a].sum(), part[b].sum()] for part in (self.total, self.n))
        return chi2_contingency([[bad[0], n[0] - bad[0]], [bad[1], n[1] - bad[1]]], correction=False)[1]

    def neighbours_steady(self, starts, steps):
        sums = self.sums
        n, total = (np.add.reduceat(c, starts, axis=1) for c in (sums.cohort_n, sums.cohort_total))
        for b, step in enumerate(steps):
            both = (n[:, b] > 0) & (n[:, b + 1] > 0)
            kept = (total[both, b + 1] / n[both, b + 1] - total[both, b] / n[both, b]) * step >= 0
            if kept.sum() < self.rules.min_steady * both.sum():
                return False
        return True

    def brute_force(self):
        """The greatest gain over every subset of cuts."""
        inner = range(1, len(self.n))
        cuts = (np.array([0, *c]) for size in range(len(self.n)) for c in combinations(inner, size))
        return max((self.gain(c) for c in cuts if self.obeys(c)), default=-np.inf)


def runs(steps, phases):
    """Whether steps follow the phases, each of which may be empty."""
    if phases == (0,):
        return True
    if len(phases) == 1:
        return bool((steps == phases[0]).all())
    return any((steps[:i] == phases[0]).all() and (steps[i:] == phases[1]).all() for i in range(len(steps) + 1))


def assert_best(case):
    starts, best = case.search(), case.brute_force()
    if best == -np.inf:
        assert starts.tolist() == [0]
    else:
        assert case.obeys(starts)
        assert case.gain(starts) == pytest.approx(best, abs=1e-9)


prebins = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=2, max_size=8).filter(
    lambda rows: sum(b for b, _ in rows) > 0
)


@settings(max_examples=200, deadline=None)
@given(
    rows=prebins,
    trend=st.sampled_from(sorted(TRENDS)),
    rules=st.builds(
        Rules, st.integers(1, 6), st.integers(0, 40), st.integers(1, 10), st.sampled_from([1.0, 0.3, 0.05])
    ),
)
def test_the_search_equals_brute_force(rows, trend, rules):
    bad, good = np.array(rows, dtype=float).T
    assert_best(Case(good + bad, bad, trend, rules))


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    trend=st.sampled_from(sorted(TRENDS)),
    steady=st.sampled_from([0.5, 0.75, 1.0]),
    max_p=st.sampled_from([1.0, 0.5]),
)
def test_the_search_equals_brute_force_where_cohorts_must_keep_the_order(seed, trend, steady, max_p):
    rng = np.random.default_rng(seed)
    good, bad = rng.integers(0, 12, (4, 7)).astype(float), rng.integers(0, 6, (4, 7)).astype(float)
    good[0] += 1
    bad[0] += 1
    rules = Rules(5, 0, 1, max_p, steady)
    assert_best(Case((good + bad).sum(axis=0), bad.sum(axis=0), trend, rules, good + bad, bad))


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000), trend=st.sampled_from(sorted(TRENDS)))
def test_the_search_equals_brute_force_for_a_target_of_numbers(seed, trend):
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 20, 8).astype(float)
    mean = rng.normal(size=8)
    case = Case(n, n * mean, trend, Rules(4, 10, 0), squares=n * (mean**2 + 1))
    assert_best(case)


@pytest.mark.parametrize("trend", sorted(TRENDS))
def test_the_search_equals_brute_force_on_twelve_prebins(trend):
    rng = np.random.default_rng(11)
    good, bad = rng.integers(5, 60, 12).astype(float), rng.integers(1, 30, 12).astype(float)
    assert_best(Case(good + bad, bad, trend, Rules(6, 0.05 * (good.sum() + bad.sum()), 3)))


def test_one_bin_is_left_when_no_partition_meets_the_rules():
    case = Case(np.array([11.0, 11.0]), np.array([1.0, 1.0]), "auto", Rules(5, 0, 100))
    assert case.search().tolist() == [0]


def test_of_two_equal_partitions_the_one_with_fewer_bins_is_taken():
    case = Case(np.array([11.0, 11.0, 15.0]), np.array([1.0, 1.0, 5.0]), "none", Rules(3, 0, 0))
    assert case.search().tolist() == [0, 2]


def test_a_stricter_rule_never_gains():
    rng = np.random.default_rng(4)
    good, bad = rng.integers(20, 60, 10).astype(float), rng.integers(5, 30, 10).astype(float)
    free = Case(good + bad, bad, "none", Rules(8, 0, 0))
    strict = replace(free, rules=Rules(8, 0, 0, 0.05))
    assert strict.gain(strict.search()) <= free.gain(free.search())
    assert len(strict.search()) < len(free.search())
