"""Trees walked for all intervals at once give what LightGBM gives one interval at a time."""

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from riskmodels.models.hazard_trees import flat, log_odds
from riskmodels.models.payment_time import PaymentTime

GRID = np.array([-10.0, 0.0, 15.0, 30.0, 60.0])


@pytest.fixture(scope="module", params=[3, 31])
def case(request):
    rng = np.random.default_rng(2)
    values = np.column_stack(
        [rng.normal(size=4000), rng.normal(size=4000).round(1), rng.integers(0, 40, 4000), rng.normal(size=4000)]
    ).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = np.nan
    values[:, 3] = rng.normal(size=4000)  # no value missing here in training
    day = rng.choice(GRID, 4000)
    odds = np.nan_to_num(values[:, 0]) + np.nan_to_num(values[:, 2]) % 3 - day / 30
    target = (rng.random(4000) < expit(odds)).astype(float)
    data = lgb.Dataset(np.column_stack([values, day]), target, categorical_feature=[2])
    settings = {"objective": "cross_entropy", "num_leaves": request.param, "verbosity": -1, "num_threads": 1}
    return lgb.train(settings, data, num_boost_round=40), values


@pytest.mark.parametrize("threads", [1, 2])
def test_the_walk_gives_what_the_library_gives(case, threads):
    trees, values = case
    asked = values[:500].copy()
    asked[::7, 3] = np.nan
    asked[::5, 2] = 99  # a category never seen
    asked[::3, 1] = 0
    found = expit(log_odds(flat(trees, GRID), asked, threads))
    for place, day in enumerate(GRID):
        library = trees.predict(np.column_stack([asked, np.full(len(asked), day)]))
        np.testing.assert_allclose(found[:, place], library, rtol=1e-12)


def test_trees_that_never_split_give_one_level(case):
    data = lgb.Dataset(np.zeros((50, 2)), np.tile([0.0, 1.0], 25))
    trees = lgb.train({"objective": "cross_entropy", "verbosity": -1}, data, num_boost_round=3)
    found = expit(log_odds(flat(trees, GRID), np.zeros((4, 1), np.float32), 1))
    assert np.allclose(found, 0.5)


def test_thinned_rows_tell_the_same_story(monkeypatch):
    """Fitted on a third of the rows, all events among them, the hazards are those of the whole sample."""
    rng = np.random.default_rng(4)
    x, duration = rng.normal(size=20_000), rng.exponential(60, 20_000).round()
    facts = pd.DataFrame({"x": x}), np.full(20_000, 30), np.minimum(duration + 10 * (x > 0), 120), duration < 100
    whole = PaymentTime("lightgbm").fit(*facts)
    monkeypatch.setattr("riskmodels.models.hazards.MOST_FITTED", whole.sample_["periods"] // 3)
    thinned = PaymentTime("lightgbm").fit(*facts)
    asked = pd.DataFrame({"x": [-1.0, 1.0]})
    found, expected = (model.survival(asked, 30).to_numpy() for model in (thinned, whole))
    assert not np.array_equal(found, expected)
    assert np.abs(found - expected).max() < 0.03
