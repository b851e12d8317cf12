"""Bounds are above the planted PD as often as they say, when defaults are drawn as the bound assumes."""

import numpy as np
import pytest
from scipy.stats import norm

from riskmodels.models.low_default import jeffreys_bound, prudent_bounds

TRUE, N, DRAWS = 0.03, 400, 20_000


def covered(counts, bound):
    """Share of the drawn counts whose bound isn't below the true PD."""
    found, times = np.unique(counts, return_counts=True)
    return times @ (np.array([bound(int(d)) for d in found]) >= TRUE) / times.sum()


@pytest.mark.parametrize("rho", [0.0, 0.12])
def test_prudent_bounds_hold_the_planted_pd(rho):
    rng = np.random.default_rng(11)
    given = norm.cdf((norm.ppf(TRUE) - np.sqrt(rho) * rng.normal(size=DRAWS)) / np.sqrt(1 - rho))
    counts = rng.binomial(N, given)
    held = covered(counts, lambda d: prudent_bounds([N], [d], 0.9, rho)[0])
    assert 0.9 - 0.01 < held < 0.97  # never less often; counts come in steps, so somewhat more


def test_bounds_without_correlation_are_too_low_when_defaults_move_together():
    rng = np.random.default_rng(12)
    given = norm.cdf((norm.ppf(TRUE) - np.sqrt(0.12) * rng.normal(size=DRAWS)) / np.sqrt(0.88))
    assert covered(rng.binomial(N, given), lambda d: prudent_bounds([N], [d], 0.9)[0]) < 0.85


def test_jeffreys_bounds_hold_the_planted_pd_on_average_over_its_prior():
    rng = np.random.default_rng(13)
    true = rng.beta(0.5, 0.5, DRAWS)
    counts = rng.binomial(N, true)
    assert (jeffreys_bound(np.full(DRAWS, N), counts, 0.9) >= true).mean() == pytest.approx(0.9, abs=0.01)
