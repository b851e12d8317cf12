"""Low-default bounds: monotone whatever was seen, exact against brute force, sound at the edges."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, binom, norm

from riskmodels.core.errors import Misuse
from riskmodels.models.low_default import (
    bounds_table,
    jeffreys_bound,
    jeffreys_interval,
    prudent_bounds,
    prudent_bounds_over_years,
)

counts = st.lists(
    st.integers(0, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1, max_size=6
)


@given(counts, st.floats(0.01, 0.999))
def test_a_worse_grade_never_has_a_lower_bound(grades, confidence):
    found = prudent_bounds(*zip(*grades), confidence)
    assert (np.diff(found) >= 0).all()
    assert (found > 0).all()
    assert (found <= 1).all()


@settings(max_examples=8, deadline=None)
@given(counts, st.floats(0.5, 0.99), st.floats(0.01, 0.6))
def test_correlated_bounds_are_monotone_too(grades, confidence, rho):
    assert (np.diff(prudent_bounds(*zip(*grades), confidence, rho)) >= 0).all()


@given(st.integers(2, 2000), st.data())
def test_the_bound_is_where_so_few_defaults_have_the_stated_probability(n, data):
    d = data.draw(st.integers(0, n - 1))
    assert binom.cdf(d, n, prudent_bounds(n, d, 0.9)[0]) == pytest.approx(0.1, rel=1e-7)


@pytest.mark.parametrize(
    ("n", "d", "rho"), [(50, 0, 0.12), (800, 3, 0.05), (800, 0, 0.24), (20_000, 40, 0.12), (7, 6, 0.3)]
)
def test_with_correlation_too(n, d, rho):
    bound = norm.ppf(prudent_bounds(n, d, 0.95, rho)[0])

    def given_factor(z):
        return norm.pdf(z) * binom.cdf(d, n, norm.cdf((bound - np.sqrt(rho) * z) / np.sqrt(1 - rho)))

    pieces = np.linspace(-9, 9, 61)
    total = sum(quad(given_factor, a, b, epsabs=1e-13)[0] for a, b in pairwise(pieces))
    assert total == pytest.approx(0.05, abs=1e-11)


def test_a_little_correlation_is_close_to_none():
    without = prudent_bounds([100, 400, 300], [0, 2, 1], 0.9)
    assert prudent_bounds([100, 400, 300], [0, 2, 1], 0.9, 1e-6) == pytest.approx(without, rel=1e-3)


def test_correlation_raises_what_no_default_still_allows():
    assert (prudent_bounds([800], [0], 0.9, 0.12) > 2 * prudent_bounds([800], [0], 0.9)).all()


def test_one_year_of_several_is_the_bound_of_one_year():
    one = prudent_bounds([100, 400, 300], [0, 2, 1], 0.9, 0.12)
    assert prudent_bounds_over_years([100, 400, 300], [0, 2, 1], 0.9, 0.12, years=1) == pytest.approx(one, rel=2e-3)


def test_independent_years_without_correlation_are_one_long_binomial():
    # Of obligors that never default in three years each counts (1 - p)^3.
    found = prudent_bounds_over_years([200], [0], 0.9, 0.0, years=3)[0]
    assert (1 - found) ** (3 * 200) == pytest.approx(0.1, rel=1e-6)


def test_two_years_agree_with_a_grid_over_both_factors():
    rho, theta, n = 0.15, 0.4, 60
    bound = norm.ppf(prudent_bounds_over_years([n], [0], 0.9, rho, years=2, theta=theta)[0])
    z = np.linspace(-8, 8, 801)
    first, new = np.meshgrid(z, z)
    second = theta * first + np.sqrt(1 - theta**2) * new
    survive = [norm.sf((bound - np.sqrt(rho) * s) / np.sqrt(1 - rho)) for s in (first, second)]
    weight = norm.pdf(first) * norm.pdf(new) * (z[1] - z[0]) ** 2
    assert np.sum(weight * (survive[0] * survive[1]) ** n) == pytest.approx(0.1, rel=5e-3)


def test_years_that_move_together_tell_less():
    apart, together = (
        prudent_bounds_over_years([500], [0], 0.95, 0.12, years=5, theta=theta)[0] for theta in (0.0, 0.9)
    )
    assert together > 1.2 * apart


def test_the_seed_decides_every_bit():
    same = [prudent_bounds_over_years([500], [1], 0.9, 0.12, 5, 0.3, draws=1024, seed=7)[0] for _ in range(2)]
    assert same[0] == same[1]
    assert prudent_bounds_over_years([500], [1], 0.9, 0.12, 5, 0.3, draws=1024, seed=8)[0] == pytest.approx(
        same[0], rel=0.05
    )


def test_an_empty_grade_has_the_bound_of_the_worse_ones():
    assert prudent_bounds([50, 0, 70], [0, 0, 1], 0.9)[1] == prudent_bounds([50, 70], [0, 1], 0.9)[1]


@pytest.mark.parametrize("rho", [0.0, 0.12])
def test_of_grades_without_anybody_nothing_is_ruled_out(rho):
    assert prudent_bounds([50, 0], [0, 0], 0.9, rho)[1] == 1
    assert prudent_bounds([10, 5], [0, 5], 0.9, rho)[1] == 1


def test_a_better_grade_with_many_defaults_lifts_the_worse_ones():
    found = prudent_bounds([50, 50], [20, 0], 0.9)
    assert found[1] == found[0]


def test_jeffreys_is_the_quantile_of_its_posterior():
    assert jeffreys_bound([100], [3], 0.9) == pytest.approx(beta.ppf(0.9, 3.5, 97.5))
    low, high = jeffreys_interval([100], [3], 0.9)
    assert beta.cdf(high, 3.5, 97.5) - beta.cdf(low, 3.5, 97.5) == pytest.approx(0.9)


def test_jeffreys_of_an_empty_grade_says_0_to_1():
    low, high = jeffreys_interval([0, 10, 10], [0, 0, 10])
    assert (low[0], high[0], low[1], high[2]) == (0, 1, 0, 1)


def test_the_table_ends_with_the_portfolio():
    table = bounds_table(["A", "B", "C"], [100, 0, 300], [0, 0, 3], 0.9)
    assert table["grade"].tolist() == ["A", "B", "C", "portfolio"]
    assert table.loc[3, ["n", "defaults"]].tolist() == [400, 3]
    assert np.isnan(table.loc[1, "default rate"])
    assert table.loc[3, "most prudent bound"] == prudent_bounds([400], [3], 0.9)[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([10], [11], 0.9), "0 <= events <= n"),
        (([10], [-1], 0.9), "0 <= events <= n"),
        (([10], [np.nan], 0.9), "0 <= events <= n"),
        (([10.5], [1], 0.9), "expected whole numbers"),
        (([10, 10], [1], 0.9), "one value of each per grade"),
        (([], [], 0.9), "one value of each per grade"),
        (([10], [1], 1.0), "confidence: found 1.0"),
        (([10], [1], 0.0), "confidence: found 0.0"),
        (([10], [1], 0.9, 1.0), "rho: found 1.0"),
        (([10], [1], 0.9, -0.1), "rho: found -0.1"),
    ],
)
def test_counts_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(Misuse, match=message):
        prudent_bounds(*arguments)


@pytest.mark.parametrize("more", [{"years": 0}, {"years": 2, "draws": 1000}, {"years": 2, "theta": 1.0}])
def test_years_that_cannot_be_are_refused(more):
    with pytest.raises(Misuse):
        prudent_bounds_over_years([10], [1], 0.9, 0.1, **more)


def test_the_table_wants_a_name_for_each_grade():
    with pytest.raises(Misuse, match="grades: found 1, expected 2"):
        bounds_table(["A"], [1, 2], [0, 0])
