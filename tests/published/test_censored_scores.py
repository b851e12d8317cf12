"""The scores of curves with open invoices beside scikit-survival 0.28's, which weighs them by the same method.

Figures: `integrated_brier_score(y, y, open_at, DAYS)` and `cumulative_dynamic_auc(y, y, 1 - open_at, DAYS)` of
sksurv.metrics for the sample below, `y` its days and whether it was settled. No two of its days are alike: where one
invoice is settled on the last day another was watched, the weights are P(C >= day) here and P(C > day) there.
"""

import numpy as np
import pytest

from riskmodels.validation.baselines import Observed
from riskmodels.validation.baselines.scores import area, auc, mean

DAYS = np.array([5.0, 10.0, 20.0, 30.0, 45.0, 60.0])
IBS = {"told": 0.16835016110981668, "flat": 0.19618039510597826}
AUC = (
    0.6600245469641, 0.6972549406141, 0.7245791245791, 0.7463131572244, 0.7546479447426, 0.7683998282473,
)  # fmt: skip


@pytest.fixture(scope="module")
def case():
    """300 invoices, a fifth of them open, a forecast that knows what moves them, and one that knows the mean alone."""
    place = np.arange(1, 301)
    moves, wait, read = (np.modf(place * np.sqrt(root))[0] for root in (2, 3, 5))
    mean_days = 10 * np.exp(2 * moves)
    delay, watched = -mean_days * np.log(wait), 20 + 60 * read
    settled = delay <= watched
    seen = Observed(
        np.minimum(delay, watched), settled, np.full(300, np.nan), np.full(300, 30.0), place - 1, np.full(300, -np.inf)
    )
    forecasts = {"told": np.exp(-DAYS / mean_days[:, None]), "flat": np.exp(-DAYS / np.full((300, 1), 30.0))}
    return seen, forecasts


def beyond(seen, day):
    return (seen.delay > day).astype(float)


@pytest.mark.parametrize("name", IBS)
def test_the_brier_score_of_a_curve_is_the_peer_s(case, name):
    seen, forecasts = case
    curves = zip(DAYS, forecasts[name].T)
    squares = [mean((beyond(seen, day) - curve) ** 2, seen.weights(day)) for day, curve in curves]
    assert area(squares, DAYS, 300).value == pytest.approx(IBS[name], abs=1e-12)


def test_the_auc_of_being_open_beyond_a_day_is_the_peer_s(case):
    seen, forecasts = case
    found = [auc(beyond(seen, d), curve, seen.weights(d)).value for d, curve in zip(DAYS, forecasts["told"].T)]
    np.testing.assert_allclose(found, AUC, atol=1e-12)
