"""Power: at the deviation a test is said to find, simulated samples are found in four cases of five."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import chi2, norm

from riskmodels.validation.calibration import calibration_line, grouped_chi2, observed_expected
from riskmodels.validation.correlated import correlated_binomial_p, critical_count
from riskmodels.validation.grades import binomial_p, jeffreys_p
from riskmodels.validation.power import (
    POWER,
    binomial_ratio,
    correlated_ratio,
    estimate_distance,
    grouped_ratio,
    jeffreys_ratio,
    ks_distance,
    level_ratio,
    lights_ratio,
    psi_distance,
    spiegelhalter_ratio,
)
from riskmodels.validation.separation import ks_test
from riskmodels.validation.stability import psi_parts
from riskmodels.validation.years import traffic_lights

PD = np.array([0.002, 0.005, 0.01, 0.018, 0.032, 0.06, 0.14])
N = np.array([412, 958, 1486, 1524, 1012, 526, 230])
DRAWS = 20_000
LEVEL = 0.05


def found(p_values, level=LEVEL):
    return np.mean(p_values <= level, axis=0)


@pytest.mark.parametrize(("ratio", "p_value"), [(binomial_ratio, binomial_p), (jeffreys_ratio, jeffreys_p)])
@pytest.mark.parametrize("level", [0.05, 0.01])
def test_exact_tests_find_their_ratio_in_four_of_five_samples_of_each_grade(ratio, p_value, level):
    true = ratio(PD, N, level) * PD
    events = np.random.default_rng(1).binomial(N, true, (DRAWS, len(N)))
    assert found(p_value(PD, N, events), level) == pytest.approx(POWER, abs=0.015)


def test_the_correlated_test_finds_its_ratio_when_defaults_share_a_factor():
    rho = np.array([0.05, 0.12, 0.2, 0.0])
    pd_, n = PD[3:], N[3:]
    factor = np.random.default_rng(2).normal(size=(DRAWS, 1))
    true = correlated_ratio(pd_, n, rho, LEVEL) * pd_
    given_factor = norm.cdf((norm.ppf(true) + np.sqrt(rho) * factor) / np.sqrt(1 - rho))
    events = np.random.default_rng(3).binomial(n, given_factor)
    assert np.mean(events >= critical_count(pd_, n, rho, LEVEL), axis=0) == pytest.approx(POWER, abs=0.015)


@pytest.mark.parametrize(
    ("pd_", "n"),
    [(PD, N), ([0.005] * 10, [100] * 10), ([0.001, 0.003, 0.02], [200] * 3), ([0.05, 0.2, 0.5], [50] * 3)],
)
@pytest.mark.parametrize("level", [0.05, 0.01])
def test_the_chi_squared_test_finds_its_common_ratio_within_two_points(pd_, n, level):
    pd_, n = np.array(pd_), np.array(n)
    events = np.random.default_rng(4).binomial(n, grouped_ratio(pd_, n, level) * pd_, (DRAWS, len(n)))
    statistic = ((events - n * pd_) ** 2 / (n * pd_ * (1 - pd_))).sum(axis=1)
    assert np.mean(statistic > chi2.isf(level, len(n))) == pytest.approx(POWER, abs=0.025)


def scored(n=3_000, seed=5):
    return expit(np.random.default_rng(seed).normal(-3, 1, n))


def outcomes(true, draws=2_000, seed=6):
    return np.random.default_rng(seed).random((draws, len(true))) < true


def test_spiegelhalter_finds_its_common_ratio():
    p = scored()
    y = outcomes(spiegelhalter_ratio(p, LEVEL) * p)
    z = (y - p) @ (1 - 2 * p) / np.sqrt(np.sum((1 - 2 * p) ** 2 * p * (1 - p)))
    assert np.mean(2 * norm.sf(np.abs(z)) <= LEVEL) == pytest.approx(POWER, abs=0.03)


def test_the_level_finds_its_ratio():
    p = scored()
    ratio = float(level_ratio(observed_expected(outcomes(p, 1)[0], p).error, LEVEL))
    p_values = np.array([observed_expected(row, p).p_value for row in outcomes(ratio * p)])
    assert found(p_values) == pytest.approx(POWER, abs=0.04)


def test_the_slope_finds_its_distance():
    p = scored(1_500)
    x = np.log(p / (1 - p))
    error = calibration_line(outcomes(p, 1)[0], p).slope_se
    slope = 1 - float(estimate_distance(error, LEVEL))
    y = outcomes(expit(-3 * (1 - slope) + slope * x), 300)
    lines = [calibration_line(row, p) for row in y]
    assert np.mean([abs(f.slope - 1) > norm.isf(LEVEL / 2) * f.slope_se for f in lines]) == pytest.approx(
        POWER, abs=0.07
    )


@pytest.mark.parametrize(("n", "m", "bins"), [(2_000, 1_000, 10), (50_000, 3_000, 5)])
def test_the_psi_finds_its_distance(n, m, bins):
    base = np.full(bins, 1 / bins)
    way = np.where(np.arange(bins) % 2, 1, -1) * (1 - (bins % 2) * (np.arange(bins) == bins - 1))
    target, step = psi_distance(1 / n + 1 / m, bins - 1, LEVEL), 0.0
    for step in np.linspace(0, 0.9 / bins, 20_000):
        if psi_parts(base, base + step * way).sum() >= target:
            break
    rng = np.random.default_rng(7)
    before, now = rng.multinomial(n, base, 4_000) / n, rng.multinomial(m, base + step * way, 4_000) / m
    value = ((now - before) * np.log(now / before)).sum(axis=1)
    assert np.mean(value > (1 / n + 1 / m) * chi2.isf(LEVEL, bins - 1)) == pytest.approx(POWER, abs=0.03)


def test_with_few_cases_no_ratio_is_found():
    assert binomial_ratio(0.5, 3, 0.01) == np.inf
    assert correlated_ratio(0.5, 3, 0.1, 0.01) == np.inf
    assert grouped_ratio([0.5], [3], 0.001) == np.inf
    assert spiegelhalter_ratio([0.5, 0.5], LEVEL) == np.inf
    assert np.isinf(jeffreys_ratio([0.01, 0.01], [0, 0], LEVEL)).all()


@given(st.floats(0.001, 0.3), st.integers(50, 5_000))
def test_more_cases_find_less_and_dependence_finds_more(pd_, n):
    assert binomial_ratio(pd_, 20 * n, LEVEL) < binomial_ratio(pd_, n, LEVEL)
    assert correlated_ratio(pd_, n, 0.15, LEVEL) >= binomial_ratio(pd_, n, LEVEL) - 1e-9
    assert correlated_binomial_p(pd_, n, 0, 0.15) == 1.0


def test_a_stricter_level_finds_less():
    groups = np.arange(len(PD)).repeat(N)
    assert grouped_ratio(PD, N, 0.01) > grouped_ratio(PD, N, 0.05)
    assert grouped_chi2(np.zeros(N.sum()), PD[groups], groups).df == len(PD)


def test_a_probability_next_to_nothing_does_not_keep_a_ratio_from_being_found():
    p = np.linspace(0.01, 0.2, 500)
    tiny = np.append(p, 1e-60)
    assert spiegelhalter_ratio(tiny, 0.05) == pytest.approx(spiegelhalter_ratio(p, 0.05), rel=1e-6)


def test_the_traffic_lights_find_their_ratio_in_four_of_five_samples():
    pd_, n = np.array([0.02, 0.03, 0.025, 0.02, 0.04, 0.03]), np.array([900, 1_000, 0, 1_100, 1_200, 800])
    true = lights_ratio(pd_, n, LEVEL) * pd_
    events = np.random.default_rng(6).binomial(n, true, (DRAWS, len(n)))
    assert found(traffic_lights(pd_, n, events).p_value) == pytest.approx(POWER, abs=0.015)


def test_the_kolmogorov_smirnov_distance_told_is_found_in_four_of_five_samples_at_least():
    bad, good = 60, 600
    shift = ks_distance(bad, good, LEVEL)
    rng = np.random.default_rng(7)
    outcome = np.repeat([1.0, 0.0], [bad, good])
    p = [ks_test(outcome, rng.random(bad + good) + shift * outcome).p_value for _ in range(400)]
    assert found(np.array(p)) >= POWER - 0.05
