"""Few defaults, planted truth: intervals hold it as often as they say, and the hybrid beats both its parents.

300 obligors, 12 expected defaults, the truth of `models.expert.example`; experts gave signs and an order only, whose
weights aren't the truth's proportions. A fixed sample of seeds stands here; the campaign `few-defaults` runs many.
"""

import numpy as np
import pandas as pd
import pytest

from riskmodels.models.expert import few_default_auc
from riskmodels.models.expert.example import drawn
from tests.certify.few_defaults import of_firth, of_hybrid

SEEDS = range(40)
COEFFICIENTS = [f"_{place}" for place in range(1, 5)]


def outcome_of(seed):
    """Whether each interval holds the truth, and each model's distance from the true log-odds."""
    book = drawn(seed)
    return {**of_hybrid(book, "order", seed), **of_firth(book)}


@pytest.fixture(scope="module")
def outcomes():
    return pd.DataFrame([outcome_of(seed) for seed in SEEDS])


def test_intervals_of_90_per_cent_hold_the_planted_coefficients(outcomes):
    # 160 intervals that aren't independent
    assert outcomes[[f"order{place}" for place in COEFFICIENTS]].to_numpy().mean() >= 0.85


def test_intervals_of_90_per_cent_hold_the_planted_portfolio_pd(outcomes):
    assert outcomes["order_portfolio"].mean() >= 0.775


def test_firth_s_profile_intervals_hold_the_planted_coefficients(outcomes):
    assert outcomes[[f"firth{place}" for place in COEFFICIENTS]].to_numpy().mean() >= 0.82


def test_the_hybrid_is_nearer_to_the_truth_than_data_alone(outcomes):
    assert outcomes["order_error"].mean() < 0.7 * outcomes["firth_error"].mean()


def test_auc_intervals_hold_the_true_auc_with_a_dozen_bads():
    rng = np.random.default_rng(0)
    inside = []
    for _ in range(200):
        bad, good = rng.normal(1.2, 1, 12), rng.normal(0, 1, 288)
        reading = few_default_auc(np.arange(300) < 12, np.concatenate([bad, good]))
        inside.append(reading.low <= 0.80193 <= reading.high)  # Phi(1.2 / sqrt 2)
    assert 0.86 <= np.mean(inside) <= 0.96
