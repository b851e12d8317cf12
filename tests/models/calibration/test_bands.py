"""The scale's bounds in points agree with its bounds in probability."""

import numpy as np
import pytest
from scipy.special import logit

from riskmodels.core.scale import OBLIGORS
from riskmodels.models.calibration import anchored, isotonic
from riskmodels.models.calibration.bands import score_bands, score_bounds
from riskmodels.models.scorecard.points import Scale

POINTS = Scale(600, 19, 50)


def test_the_base_score_stands_at_the_pd_of_the_base_odds():
    assert score_bounds(OBLIGORS, POINTS)[4] == pytest.approx(600)  # the bound of 5 % is 19 goods to one bad


def test_a_score_and_its_probability_are_in_one_grade():
    p = np.random.default_rng(3).beta(1, 20, 1000)
    score = POINTS.offset - POINTS.factor * logit(p)
    by_score = len(OBLIGORS.bounds) - np.searchsorted(score_bounds(OBLIGORS, POINTS)[::-1], score, side="left")
    assert by_score.tolist() == OBLIGORS.grade(p).codes.tolist()


def test_anchoring_moves_every_score_bound_by_as_many_points():
    found = anchored([0.02, 0.1], 0.03)
    moved = score_bounds(OBLIGORS, POINTS, found) - score_bounds(OBLIGORS, POINTS)
    assert moved == pytest.approx(POINTS.factor * found.parameters["shift"], abs=1e-9)


def test_bounds_of_a_calibrated_card_part_the_calibrated_grades():
    rng = np.random.default_rng(3)
    p = rng.beta(1, 20, 4000)
    found = isotonic(p, rng.random(4000) < p**0.9)
    by_score = np.searchsorted(
        -score_bounds(OBLIGORS, POINTS, found), -POINTS.offset + POINTS.factor * logit(p), "right"
    )
    assert (by_score == OBLIGORS.grade(found.apply(p)).codes).mean() > 0.999


def test_bands_join_up_from_best_to_worst():
    table = score_bands(OBLIGORS, POINTS)
    assert table["score from"].tolist()[:-1] == table["score to"].tolist()[1:]
    assert (table["score from"].iloc[-1], table["score to"].iloc[0]) == (-np.inf, np.inf)
