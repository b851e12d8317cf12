"""Low-default bounds against published figures."""

import pytest

from riskmodels.models.low_default import (
    jeffreys_bound,
    prudent_bounds,
)

N = [100, 400, 300]
LEVELS = (0.50, 0.75, 0.90, 0.95, 0.99, 0.999)
HALF_UNIT = 0.005  # they print per cent with two decimals

# Pluto and Tasche 2005, n = 100, 400, 300 obligors, no defaults, independent; per cent by grade at `LEVELS`.
NO_DEFAULT = {
    "A": [0.09, 0.17, 0.29, 0.37, 0.57, 0.86],
    "B": [0.10, 0.20, 0.33, 0.43, 0.66, 0.98],
    "C": [0.23, 0.46, 0.76, 0.99, 1.52, 2.28],
}


def by_level(published):
    return [(level, [published[g][i] for g in "ABC"]) for i, level in enumerate(LEVELS)]


@pytest.mark.parametrize(("level", "bounds"), by_level(NO_DEFAULT))
def test_no_default_allows_the_bounds_of_pluto_and_tasche(level, bounds):
    assert 100 * prudent_bounds(N, [0, 0, 0], level) == pytest.approx(bounds, abs=HALF_UNIT)


# LDPD 1.1.2 (Surzhko), example of PTOnePeriodPD: grades from worst to best, solved to 1e-4.
def test_the_example_of_the_r_package_ldpd():
    found = prudent_bounds([10, 40, 30, 20, 10], [0, 0, 0, 2, 1], 0.5)[::-1]
    assert found == pytest.approx([0.16226172, 0.12106991, 0.06086968, 0.03659702, 0.03330381], abs=1e-4)


# Windridge's calculator: 9810 obligors, 35 defaults, correlation 15 %, 95 % (peter.windridge.org.uk).
def test_the_example_of_windridges_calculator():
    assert prudent_bounds([9810], [35], 0.95, rho=0.15)[0] == pytest.approx(0.0334, abs=5e-5)


# The ECB's Jeffreys test turned round: (PD, N, D) -> p says that the quantile at p is the PD.
@pytest.mark.parametrize(
    ("pd_", "n", "events", "p"), [(0.01, 1000, 15, 0.063228), (0.01, 1000, 10, 0.479057), (0.001, 200, 0, 0.473272)]
)
def test_the_jeffreys_bound_turns_the_ecbs_test_round(pd_, n, events, p):
    assert jeffreys_bound(n, events, p) == pytest.approx(pd_, rel=2e-6)
