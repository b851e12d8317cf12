"""Few defaults, planted truth: intervals hold it as often as they say, and the hybrid beats both its parents.

300 obligors, 12 expected defaults, the truth of `models.expert.example`; experts gave signs and an order only, whose
weights aren't the truth's proportions. A fixed sample of seeds stands here; the method note has the long campaign.
"""

import numpy as np
import pandas as pd
import pytest

from riskmodels.models.expert import ExpertScorecard, HybridScorecard, few_default_auc, portfolio_pd
from riskmodels.models.expert.example import DRIVERS, ORDER, TRUTH, drawn, true_units
from riskmodels.models.scorecard.firth import firth

SEEDS = range(40)


def outcome_of(seed: int) -> dict[str, float]:
    """Whether each interval holds the truth, and each model's distance from the true log-odds."""
    book = drawn(seed)
    card = HybridScorecard(ExpertScorecard(DRIVERS, ORDER), draws=500, seed=seed).fit(book.frame, book.outcome)
    low, high = card.summary()[["low", "high"]].to_numpy().T
    inside = (low[1:] <= TRUTH) & (high[1:] >= TRUTH)
    reading = portfolio_pd(card, book.frame)
    units, true_line = true_units(book.frame), np.log(book.true_pd / (1 - book.true_pd))
    fit = firth(units, book.outcome, confidence=0.9)
    lines = {"hybrid": card.decision_function(book.frame), "firth": fit.level + units @ fit.estimates[1:]}
    errors = {f"error_{name}": float(np.mean((line - true_line) ** 2)) for name, line in lines.items()}
    held = (fit.low[1:] <= TRUTH) & (fit.high[1:] >= TRUTH)
    return {
        **{f"slope_{i}": bool(held_) for i, held_ in enumerate(inside)},
        **{f"firth_{i}": bool(held_) for i, held_ in enumerate(held)},
        "level": bool(low[0] <= book.level <= high[0]),
        "portfolio": bool(reading.low <= book.true_pd.mean() <= reading.high),
        **errors,
    }


@pytest.fixture(scope="module")
def outcomes():
    return pd.DataFrame([outcome_of(seed) for seed in SEEDS])


def test_intervals_of_90_per_cent_hold_the_planted_coefficients(outcomes):
    # 160 intervals that aren't independent; in the long campaign 94 %
    assert outcomes.filter(like="slope_").to_numpy().mean() >= 0.85


def test_intervals_of_90_per_cent_hold_the_planted_portfolio_pd(outcomes):
    assert outcomes["portfolio"].mean() >= 0.775


def test_firth_s_profile_intervals_hold_the_planted_coefficients(outcomes):
    assert outcomes.filter(like="firth_").to_numpy().mean() >= 0.82


def test_the_hybrid_is_nearer_to_the_truth_than_data_alone(outcomes):
    assert outcomes["error_hybrid"].mean() < 0.7 * outcomes["error_firth"].mean()


def test_auc_intervals_hold_the_true_auc_with_a_dozen_bads():
    rng = np.random.default_rng(0)
    inside = []
    for _ in range(200):
        bad, good = rng.normal(1.2, 1, 12), rng.normal(0, 1, 288)
        reading = few_default_auc(np.arange(300) < 12, np.concatenate([bad, good]))
        inside.append(reading.low <= 0.80193 <= reading.high)  # Phi(1.2 / sqrt 2)
    assert 0.86 <= np.mean(inside) <= 0.96
