"""Shocks on the hazard scale: the mean curve is the model's, whatever the shocks; draws agree with expectation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.models.cash.draws import BLOCK, Claims, drawn, effects, expected
from riskmodels.models.cash.shocks import base_hazard

WEEKS = 6


def claims_of(n: int, seed: int = 0) -> Claims:
    rng = np.random.default_rng(seed)
    groups = (rng.integers(0, 7, n), rng.integers(0, 2, n), np.zeros(n, dtype=int))
    return Claims(np.cumprod(rng.uniform(0.6, 1, (n, WEEKS)), axis=1), rng.lognormal(8, 1, n), groups)


def simulated(claims: Claims, strengths: tuple[float, ...], draws: int = 4000, seed: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shocks = effects(claims, strengths, draws, rng)
    return drawn(claims, strengths, shocks, np.arange(len(claims.amount)), rng)


@given(st.floats(0.05, 1.5), st.floats(1e-6, 8.0))
def test_averaged_over_shocks_the_base_gives_the_models_curve_back(spread, hazard):
    nodes, weights = np.polynomial.hermite_e.hermegauss(150)
    base = base_hazard(np.array([hazard]), spread).hazard[0]
    found = -np.log1p(np.sum(np.expm1(-base * np.exp(spread * nodes)) * weights / weights.sum()))
    assert found == pytest.approx(hazard, rel=4e-3)


def test_without_shocks_the_base_is_the_hazard():
    hazard = np.array([0.0, 0.2, 3.0])
    assert base_hazard(hazard, 0.0).hazard.tolist() == hazard.tolist()
    assert base_hazard(np.zeros(2), 0.7).hazard.tolist() == [0.0, 0.0]


def test_the_slope_is_the_bases_derivative():
    hazard, step = np.array([0.01, 0.3, 1.5, 5.0]), 0.05
    found = np.exp(base_hazard(hazard, 0.8).log_slope)
    high, low = (base_hazard(hazard * (1 + k * step), 0.8).hazard for k in (1, -1))
    assert found == pytest.approx((high - low) / (2 * step * hazard), rel=0.02)


@pytest.mark.parametrize("strengths", [(0.0, 0.0, 0.0), (0.8, 0.0, 0.0), (0.5, 0.4, 0.3)])
def test_shocks_spread_the_cash_and_leave_its_expectation(strengths):
    claims = claims_of(300)
    cash = simulated(claims, strengths)
    mean = expected(claims, np.arange(300))
    assert np.abs(cash.mean(axis=0) - mean).max() < 4 * (cash.std(axis=0) / np.sqrt(len(cash))).max()


def test_stronger_shocks_give_wider_bands():
    claims = claims_of(300)
    widths = [simulated(claims, (s, 0.0, 0.0)).sum(axis=1).std() for s in (0.0, 0.4, 0.9)]
    assert widths == sorted(widths)
    assert widths[2] > 1.5 * widths[0]


def test_invoices_of_a_debtor_pay_together_and_those_of_others_do_not():
    n = 400
    debtor = np.repeat([0, 1], n // 2)
    claims = Claims(np.full((n, 1), 0.5), np.ones(n), (debtor, np.zeros(n, dtype=int), np.zeros(n, dtype=int)))
    rng = np.random.default_rng(0)
    strengths = (1.0, 0.0, 0.0)
    shocks = effects(claims, strengths, 4000, rng)
    one, other = (drawn(claims, strengths, shocks, np.flatnonzero(debtor == d), rng)[:, 0] for d in (0, 1))
    assert one.std() > 4 * np.sqrt(n / 2 * 0.25)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.06
    halves = [drawn(claims, strengths, shocks, np.arange(k, n // 2, 2), rng)[:, 0] for k in (0, 1)]
    assert np.corrcoef(*halves)[0, 1] > 0.8


def test_nothing_comes_of_what_never_pays_and_all_of_what_has_paid():
    open_at = np.array([[1.0, 1.0], [0.0, 0.0]])
    claims = Claims(open_at, np.array([5.0, 7.0]), tuple(np.zeros(2, dtype=int) for _ in range(3)))
    cash = simulated(claims, (0.2, 0.1, 0.0), draws=200)
    assert cash.tolist() == [[7.0, 0.0]] * 200


def test_the_same_seed_gives_the_same_bits_and_blocks_do_not_show():
    claims = claims_of(2 * BLOCK + 3)
    first, again = (simulated(claims, (0.5, 0.2, 0.1), draws=20) for _ in range(2))
    assert (first == again).all()
    assert simulated(claims, (0.5, 0.2, 0.1), draws=20, seed=4).tolist() != first.tolist()
    assert (first.sum(axis=1) <= claims.amount.sum() * (1 + 1e-12)).all()
