"""Planted rates of migration are found again, as often as the intervals say."""

from datetime import date

import numpy as np
import pytest
from scipy.linalg import expm

from riskmodels.models.transitions import (
    aalen_johansen_matrix,
    cohort_matrix,
    default_curve,
    duration_matrix,
    generator,
    rating_histories,
)
from riskmodels.models.transitions.histories import Histories
from tests.models.transitions.rated import STATES, day, seen, simulated

RATES = np.array([[-0.5, 0.4, 0.1], [0.3, -0.8, 0.5], [0, 0, 0]])
TRUE = expm(RATES)
WORLDS = 120


@pytest.fixture(scope="module")
def worlds() -> list[Histories]:
    """Histories of 120 obligors over four years, some withdrawn, in as many worlds."""
    made = (simulated(RATES, 120, 4, seed, STATES, leaving=0.05) for seed in range(WORLDS))
    return [rating_histories(ratings, STATES, day(1461)) for ratings in made]


def covered(found, true) -> np.ndarray:
    return (found.low <= true) & (true <= found.high)


def test_the_planted_rates_are_found_without_bias(worlds):
    found = np.array([generator(history).rates for history in worlds])
    error = found.std(axis=0) / np.sqrt(WORLDS)
    assert (np.abs(found.mean(axis=0) - RATES)[:2] < 3.5 * error[:2]).all()


@pytest.mark.parametrize(
    "estimate",
    [
        lambda h: duration_matrix(h, interval="delta"),
        lambda h: aalen_johansen_matrix(h, date(2021, 12, 31), date(2022, 12, 31)),
        lambda h: cohort_matrix(h, interval="jeffreys"),
        lambda h: cohort_matrix(h, replicates=100),
    ],
    ids=["duration, delta", "aalen johansen, greenwood", "cohort, jeffreys", "cohort, drawn"],
)
def test_intervals_cover_the_planted_matrix_as_often_as_they_say(worlds, estimate):
    share = np.mean([covered(estimate(history), TRUE)[:2] for history in worlds], axis=0)
    assert (share > 0.85).all()
    assert share.mean() < 0.99


def test_exact_intervals_of_rates_cover_at_least_as_often_as_they_say(worlds):
    tables = [generator(history).summary() for history in worlds]
    true = np.array([0.4, 0.1, 0.3, 0.5])
    share = np.mean([(t["low"] <= true) & (true <= t["high"]) for t in tables], axis=0)
    assert (share > 0.9).all()


def test_three_year_default_probabilities_are_covered(worlds):
    true = np.array([expm(RATES * year)[:2, 2] for year in (1, 2, 3)]).T
    found = [default_curve(h, 3, "duration", replicates=100) for h in worlds[:60]]
    share = np.mean([covered(curve, true) for curve in found], axis=0)
    assert (share > 0.85).all()


def test_many_withdrawals_raise_the_default_rate_of_cohorts_and_not_of_durations():
    """Who left can't be seen to default any more, nor to stay: cohorts lose more of those who would have stayed."""
    history = rating_histories(simulated(RATES, 6000, 3, 2, STATES, leaving=0.5), STATES)
    true, error = TRUE[1, 2], 0.012
    assert cohort_matrix(history, interval="jeffreys").p[1, 2] > true + 3 * error
    assert duration_matrix(history, interval="delta").p[1, 2] == pytest.approx(true, abs=2 * error)


def test_rates_that_change_are_followed_by_aalen_johansen_and_averaged_by_durations():
    rng = np.random.default_rng(8)
    rough = rng.random(3000) < 0.5
    parties = {
        f"o{i}": f"0 A {rng.integers(1, 366) if bad else 0} A" + (f" {rng.integers(366, 731)} D" if bad else "")
        for i, bad in enumerate(rough)
    }
    history = seen(**parties, until=731)
    calm, hard = (aalen_johansen_matrix(history, day(a), day(b)).p[0, 2] for a, b in ((0, 365), (365, 731)))
    assert calm == 0
    assert hard == pytest.approx(rough.mean(), abs=1e-9)
    assert 0.2 < duration_matrix(history, interval="delta").p[0, 2] < 0.4


def test_obligors_that_differ_are_covered_by_drawing_them_and_not_by_counting_periods():
    """Half of the obligors never move: their periods aren't independent, though their number looks large.

    A mover begins the first year in A and half of the nine others, and is in B at the end of half of those.
    """
    true = 0.5 * 5.5 * 0.5 / (0.5 * 10 + 0.5 * 5.5)
    rng = np.random.default_rng(11)
    drawn, closed = [], []
    for _world in range(60):
        history = seen(**{f"o{i}": _years(rng, mover=rng.random() < 0.5) for i in range(40)}, until=3653)
        drawn.append(covered(cohort_matrix(history, replicates=100), true)[0, 1])
        closed.append(covered(cohort_matrix(history, interval="wilson"), true)[0, 1])
    assert np.mean(drawn) > 0.85
    assert np.mean(closed) < np.mean(drawn) - 0.05


def _years(rng: np.random.Generator, mover: bool) -> str:
    """Ten years of ratings; a mover is in B, not A, at the end of each with probability one half."""
    text = "0 A"
    for year in range(10):
        end = 366 + 365 * year
        if mover and rng.random() < 0.5:
            text += f" {end - 100} B" + (f" {end + 5} A" if year < 9 else "")
    return text
