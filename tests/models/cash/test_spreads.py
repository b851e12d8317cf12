"""Strengths of shocks are found again in residuals, and what can't tell of them is refused."""

import numpy as np
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.cash.shocks import base_hazard
from riskmodels.models.cash.spreads import Residuals, log_likelihood, spreads


def past(seed: int, strengths: tuple[float, float, float], origins: int = 8) -> Residuals:
    """Residuals of 80 debtors in 8 industries with three invoices each, at each origin."""
    rng, n = np.random.default_rng(seed), 240
    debtor = np.tile(np.arange(80), 3)
    hazards, paid, groups = [], [], []
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    for origin in range(origins):
        u = [rng.normal(0, s, m) for s, m in zip(strengths, (80, 8, 1))]
        shock = np.exp(u[0][debtor] + u[1][debtor % 8] + u[2][0])
        until, end = rng.exponential(size=n) / shock, rng.uniform(0.3, 2, n)
        base = np.minimum(until, end)
        curve = np.exp(-base[:, None] * np.exp(np.hypot.reduce(strengths) * nodes)) @ (weights / weights.sum())
        hazards.append(-np.log(curve))
        paid.append(until < end)
        groups.append(np.stack([80 * origin + debtor, 8 * origin + debtor % 8, np.full(n, origin)]))
    codes = np.concatenate(groups, axis=1)
    return Residuals(np.concatenate(hazards), np.concatenate(paid), tuple(codes))


def test_planted_strengths_are_found_again():
    found = np.mean([spreads(past(seed, (0.6, 0.3, 0.0))) for seed in range(4)], axis=0)
    assert found[0] == pytest.approx(0.6, abs=0.08)
    assert found[1] == pytest.approx(0.3, abs=0.12)
    assert found[2] < 0.15


def test_independent_invoices_have_next_to_no_shocks():
    assert max(spreads(past(1, (0.0, 0.0, 0.0)))) < 0.15


def test_a_shock_to_all_is_told_from_one_to_debtors():
    found = spreads(past(5, (0.0, 0.0, 0.5)))
    assert found[2] > 0.25
    assert found[0] < 0.2


def test_the_likelihood_of_one_debtor_is_that_of_direct_integration():
    hazard, paid = np.array([0.4, 0.9, 0.2]), np.array([True, True, False])
    one = np.zeros(3, dtype=int)
    residuals = Residuals(hazard, paid, (one, one, one))
    base = base_hazard(hazard, 0.7)
    u = np.linspace(-6, 6, 200_001) * 0.7
    weight = np.exp(-((u / 0.7) ** 2) / 2)
    inner = np.exp(2 * u - base.hazard.sum() * np.exp(u))
    direct = np.log((inner * weight).sum() / weight.sum()) + base.log_slope[paid].sum()
    assert log_likelihood(np.array([0.7, 0.0, 0.0]), residuals) == pytest.approx(direct, abs=1e-3)


def test_too_few_payments_are_refused():
    nothing = Residuals(np.ones(5), np.zeros(5, dtype=bool), tuple(np.zeros(5, dtype=int) for _ in range(3)))
    with pytest.raises(DataRefused, match="found 0 payments at past origins, expected at least 20"):
        spreads(nothing)
