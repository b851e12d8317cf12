"""Planted hazards of payment are found again: their order, their effects, and how sure of them one may be.

In these worlds the chance of payment hangs on what is observed alone, so that the true probabilities can be reached.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, rankdata

from riskmodels.models.payment_time import PaymentTime
from tests.models.payment_worlds import GRID, censored, paid_after, true_survival

TERMS = 30
EFFECTS = pd.Series({"habit": 0.8, "amount": 0.3, "season": -0.4, "noise": 0.0})
WORLDS, BEFORE, CHANGE = 150, -1.0, 0.5


def gini(score: np.ndarray, event: np.ndarray) -> float:
    events = event.sum()
    auc = (rankdata(score)[event].sum() - events * (events + 1) / 2) / (events * (len(event) - events))
    return 2 * auc - 1


def world(n: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Covariates of n invoices, and what they add up to in the planted hazards."""
    rng = np.random.default_rng([seed, 7])
    X = pd.DataFrame(rng.normal(size=(n, len(EFFECTS))), columns=EFFECTS.index)
    X["season"] = (rng.random(n) < 0.25).astype(float)
    return X, X.to_numpy() @ EFFECTS.to_numpy()


@pytest.mark.parametrize("engine", ["logit", "lightgbm"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_late_payers_are_told_apart_as_well_as_by_their_true_probabilities(engine, seed):
    """At least 95 % of the Gini of the planted probabilities, on invoices that were not learnt from."""
    X, x = world(4_000, seed)
    seen, paid = censored(paid_after(x, seed), seed)
    model = PaymentTime(engine, grid=GRID).fit(X, np.full(len(X), TERMS), seen, paid)
    later, x = world(20_000, seed + 100)
    late = paid_after(x, seed + 100) > TERMS
    true = gini(true_survival(x)[:, GRID.index(0)], late)
    assert 0.3 < true < 0.7
    assert gini(model.late(later, TERMS), late) >= 0.95 * true


def effects(seed: int) -> pd.DataFrame:
    """The table of effects of one world, a unit of x each: before the due date, and the change past it."""
    x = np.random.default_rng([seed, 8]).uniform(-1.7, 1.7, 1_500)
    seen, paid = censored(paid_after(x, seed), seed)
    # an engine cuts its covariates off at their outermost hundredths, and the world is cut off likewise
    X = pd.DataFrame({"x": x})
    model = PaymentTime("logit", grid=GRID, ridge=1e-6).fit(X, np.full(len(X), TERMS), seen, paid)
    table = model.summary().set_axis(["term", "estimate", "error", "low", "high"], axis=1)
    scale = x.clip(*np.quantile(x, [0.01, 0.99])).std()
    return table[["estimate", "low", "high"]] / scale


@pytest.fixture(scope="module")
def found() -> list[pd.DataFrame]:
    return [effects(seed) for seed in range(WORLDS)]


@pytest.mark.parametrize(("row", "planted"), [(0, BEFORE), (1, CHANGE)])
def test_intervals_of_effects_hold_the_planted_ones_as_often_as_they_say(found, row, planted):
    held = sum(table["low"].iloc[row] <= planted <= table["high"].iloc[row] for table in found)
    low, high = binom.interval(0.999, WORLDS, 0.95)
    assert low <= held <= high
    estimates = np.array([table["estimate"].iloc[row] for table in found])
    assert abs(estimates.mean() - planted) < 3 * estimates.std() / np.sqrt(WORLDS) + 0.01
    # and they are there to be found
    assert estimates.std() < abs(planted) / 3
