"""Levels that wander: told from levels that stay, and bands of them that hold."""

import numpy as np
import pytest

from riskmodels.models.ageing_transitions.drift import GROUPS, series, shifted
from riskmodels.models.ageing_transitions.levels import RATIOS, levels
from riskmodels.models.ageing_transitions.projection import rates_of, waiting
from riskmodels.models.ageing_transitions.states import STATES
from riskmodels.models.ageing_transitions.trade import trade

MONTHS, AHEAD = 36, 6


def walked(ratio: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """True levels of all months, and what is seen of the past ones."""
    rng = np.random.default_rng(seed)
    level = np.cumsum(rng.normal(0, 0.3 * np.sqrt(ratio), MONTHS + AHEAD))
    return level, level[:MONTHS] + rng.normal(0, 0.3, MONTHS)


def covered(ratio: float, worlds: int = 150) -> float:
    """How often bands of 80 % hold the levels to come."""
    hits = []
    for seed in range(worlds):
        level, seen = walked(ratio, seed)
        drawn = levels(seen, AHEAD).drawn(np.random.default_rng(seed), 300)[:, MONTHS:]
        low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
        hits.append((low <= level[MONTHS:]) & (level[MONTHS:] <= high))
    return float(np.mean(hits))


def test_bands_of_the_levels_to_come_hold_whether_they_wander_or_stay():
    assert covered(0.0) > 0.8
    assert 0.68 < covered(0.1) < 0.88
    assert 0.70 < covered(0.5) < 0.88


def test_a_level_that_wanders_is_told_from_one_that_stays():
    still, wild = (np.mean([levels(walked(r, s)[1], 1).weight @ RATIOS for s in range(40)]) for r in (0.0, 0.5))
    assert wild > 5 * still


def test_without_wandering_the_level_is_the_mean_with_its_error():
    seen = walked(0.0, 3)[1]
    fixed = levels(seen, AHEAD)
    assert fixed.mean[0] == pytest.approx(np.full(MONTHS + AHEAD, seen.mean()))
    assert (fixed.root[0] @ fixed.root[0].T)[-1, -1] == pytest.approx(seen.var(ddof=1) / MONTHS)


def test_months_without_a_figure_are_bridged_and_wholly_known_ones_are_sure():
    seen = walked(0.5, 1)[1]
    seen[10:14] = np.nan
    assert np.isfinite(levels(seen, AHEAD).drawn(np.random.default_rng(0), 50)).all()
    assert (levels(np.full(12, 2.0), 3).drawn(np.random.default_rng(0), 5) == 2.0).all()
    assert (levels(np.full(12, np.nan), 3).expected() == 0.0).all()


def test_rates_moved_in_log_odds_stay_rates_and_certain_ones_stay():
    rates = waiting()
    rates[5] = rates[5] * 0.6
    rates[5, len(STATES)] = 0.4
    moved = shifted(rates, np.full(GROUPS, 1.0))
    assert moved.sum(axis=1) == pytest.approx(1.0)
    assert np.delete(moved, 5, axis=0).tolist() == np.delete(waiting(), 5, axis=0).tolist()
    assert 1 - moved[5, len(STATES)] == pytest.approx(0.6 * np.e / (0.6 * np.e + 0.4))


def test_months_at_the_pooled_rates_have_no_effect_and_slow_ones_a_positive_one():
    table = 100 * np.stack([0.7 * waiting()] * 4)
    table[:, :, len(STATES)] = 30
    pooled = rates_of(table.sum(axis=0), waiting())
    assert series(table, pooled) == pytest.approx(np.zeros((GROUPS, 4)))
    table[1, 0, 1], table[1, 0, len(STATES)] = 90, 10
    assert series(table, pooled)[0, 1] > 0
    table[1] = 0
    assert np.isnan(series(table, pooled)[:, 1]).all()


def test_new_business_goes_on_at_the_level_it_has_come_to():
    rng = np.random.default_rng(0)
    risen = np.concatenate([np.full(12, 200.0), np.full(18, 100.0)]) * np.exp(rng.normal(0, 0.03, 30))
    assert trade(None, risen, 3).expected == pytest.approx(np.full(3, 200.0), rel=0.05)
    steady = 100 * np.exp(rng.normal(0, 0.1, 30))
    assert trade(None, steady, 3).expected == pytest.approx(np.full(3, 100.0), rel=0.06)
    assert trade(None, np.array([5.0, 0.0, 5.0, 5.0]), 2).expected == pytest.approx([3.75, 3.75])
    assert trade(None, np.zeros(8), 2).expected.tolist() == [0.0, 0.0]
