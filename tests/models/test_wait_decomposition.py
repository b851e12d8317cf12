"""Expected waits told interval by interval: the whole, what sums to it, slopes against small steps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.models.payment_curve import mean_wait, still_open, survival_curve
from riskmodels.models.person_period import exposure
from riskmodels.models.wait_decomposition import slopes, spans, wait

GRID = np.array([-60.0, -30, -10, 0, 5, 10, 30, 60, 90])


def drawn(seed, causes=1, rows=7, spread=2.0):
    rng = np.random.default_rng(seed)
    start = -rng.integers(0, 120, rows).astype(float)
    now = start + rng.integers(0, 100, rows) * (rng.random(rows) < 0.5)
    base, odds = rng.normal(-1.5, spread, (2, causes, rows, len(GRID)))
    return base, odds, spans(GRID, start, np.minimum(now, 89.0)), start, np.minimum(now, 89.0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.floats(0.01, 8.0))
def test_slopes_times_moves_are_the_difference_of_the_waits(seed, causes, spread):
    base, odds, lived, _start, _now = drawn(seed, causes, spread=spread)
    lost = np.arange(causes) == 2
    told = (slopes(base, odds, lived, lost) * (odds - base)).sum(axis=(0, 2))
    assert told == pytest.approx(wait(odds, lived, lost) - wait(base, lived, lost), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_wait_of_one_cause_is_that_of_the_curve(seed):
    _base, odds, lived, start, now = drawn(seed)
    curve = survival_curve(1 / (1 + np.exp(-odds[0])), exposure(GRID, start))
    expected = mean_wait(GRID, still_open(GRID, curve, start, now), np.maximum(now, start))
    assert wait(odds, lived, np.array([False])) == pytest.approx(expected, abs=1e-9)


def test_what_is_lost_waits_to_the_end_of_the_grid():
    lived = spans(np.array([0.0, 10.0]), np.array([-20.0]), np.array([-20.0]))
    never, surely = np.full((1, 2), -50.0), np.array([[50.0, 50.0]])
    assert wait(np.stack([never, surely]), lived, np.array([False, True])) == pytest.approx(30.0, abs=1e-6)
    assert wait(np.stack([surely, never]), lived, np.array([False, True])) == pytest.approx(10.0, abs=0.3)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_more_chance_of_payment_in_an_interval_never_adds_days(seed):
    base, odds, lived, _start, _now = drawn(seed)
    assert (slopes(base, odds, lived, np.array([False])) <= 1e-12).all()


@pytest.mark.parametrize("seed", range(3))
def test_between_waits_that_hardly_differ_slopes_are_derivatives(seed):
    base, _odds, lived, _start, _now = drawn(seed, 3, rows=1)
    lost, step = np.array([False, False, True]), 1e-5
    found = slopes(base, base, lived, lost)
    for cause in range(3):
        for j in range(len(GRID)):
            up, down = base.copy(), base.copy()
            up[cause, 0, j] += step
            down[cause, 0, j] -= step
            slope = (wait(up, lived, lost) - wait(down, lived, lost)) / (2 * step)
            assert found[cause, 0, j] == pytest.approx(slope.item(), abs=1e-5)


def test_exchanging_the_two_turns_every_share_round():
    base, odds, lived, _start, _now = drawn(3, 2)
    lost = np.array([False, True])
    there, back = slopes(base, odds, lived, lost), slopes(odds, base, lived, lost)
    assert there == pytest.approx(back, abs=1e-9)
