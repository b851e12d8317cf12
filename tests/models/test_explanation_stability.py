import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import Misuse
from riskmodels.models.boosting import Booster
from riskmodels.models.explain import reasons
from riskmodels.models.explanation_stability import (
    bootstrap_samples,
    explanation_stability,
    fold_samples,
    share_intervals,
)
from riskmodels.models.panel.rows import bads_of, obligors_of
from riskmodels.models.scorecard import Scorecard

MODELS = {"scorecard": Scorecard(), "booster": Booster(preset="small", max_rounds=80)}


@pytest.fixture(scope="module")
def noisy(applicants):
    """The applicants with a column that tells nothing, and an obligor for each three rows."""
    X, y = applicants
    noise = np.random.default_rng(5).normal(size=len(X))
    return X.assign(noise=noise), y, np.arange(len(X)) // 3


@pytest.fixture(scope="module", params=list(MODELS))
def found(request, noisy):
    X, y, obligor = noisy
    samples = bootstrap_samples(y > 0, obligor, 8, seed=0)
    return explanation_stability(MODELS[request.param], X, y, obligor, rows=X.head(200), samples=samples)


def test_a_strong_driver_keeps_its_place_sign_and_share(found):
    drivers = found.drivers.set_index("feature")
    assert drivers.index[0] == "late_share"
    assert drivers.loc["late_share", ["sign", "sign agreement"]].tolist() == [1, 1]
    assert drivers.loc["age", ["sign", "sign agreement"]].tolist() == [-1, 1]
    assert drivers.loc["late_share", "low"] > drivers.loc["noise", "high"]


def test_categories_have_no_direction_but_agree_when_refits_say_the_same(found):
    drivers = found.drivers.set_index("feature")
    assert drivers.loc["sector", ["sign", "sign agreement"]].tolist() == [0, 1]


def test_intervals_are_of_shares(found):
    drivers = found.drivers
    assert drivers["share"].sum() == pytest.approx(1)
    assert (drivers["low"] <= drivers["high"]).all()
    assert drivers[["low", "high"]].to_numpy().min() >= 0


def test_importances_keep_their_ranks(found):
    assert len(found.ranks) == 8
    assert found.ranks["kendall"].mean() > 0.6
    assert (found.ranks["kendall"] <= found.ranks["spearman"] + 1e-12).all()


def test_local_answers_are_given_for_the_rows_asked_for(found, noisy):
    assert found.spread.shape == (200, 4)
    assert list(found.spread.columns) == list(noisy[0].columns)
    assert found.same_reasons.index.equals(noisy[0].index[:200])
    assert found.same_reasons.between(0, 1).all()


def test_refits_on_the_same_rows_agree_perfectly(noisy):
    X, y, obligor = noisy
    same = [np.arange(len(X))] * 2
    found = explanation_stability(MODELS["booster"], X, y, obligor, samples=same)
    summary = found.summary().set_index("measure")["value"]
    assert summary["standard deviation of a contribution (log-odds)"] == 0
    assert (summary.drop("standard deviation of a contribution (log-odds)") == 1).all()
    assert (found.drivers["low"] == found.drivers["high"]).all()


def test_noise_is_less_stable_than_signal():
    rng = np.random.default_rng(2)
    X = pd.DataFrame(rng.normal(size=(900, 4)), columns=list("abcd"))
    told = (rng.random(900) < 1 / (1 + np.exp(1 - 2 * X["a"] - X["b"]))).astype(int)
    luck = rng.permutation(told)
    model = Booster(preset={"num_leaves": 4, "learning_rate": 0.1}, max_rounds=60)
    stable, shaky = (
        explanation_stability(model, X, y, samples=fold_samples(y > 0, np.arange(900), 5, seed=0)).summary()["value"]
        for y in (told, luck)
    )
    assert stable[3] > shaky[3] + 0.1
    assert stable[0] > shaky[0]


def test_the_same_seed_gives_the_same_answer(noisy):
    X, y, obligor = noisy
    samples = [list(bootstrap_samples(y > 0, obligor, 2, seed)) for seed in (4, 4, 5)]
    first, again, other = (
        explanation_stability(MODELS["booster"], X, y, obligor, rows=X.head(20), samples=each) for each in samples
    )
    assert first.spread.equals(again.spread)
    assert not first.spread.equals(other.spread)


def test_a_bootstrap_draws_whole_obligors_and_keeps_the_number_of_bad_ones():
    y, names = np.array([0, 0, 1, 0, 0, 1, 0, 0]), list("aabbccdd")
    bad, obligor = bads_of(y), obligors_of(names, 8)
    for take in bootstrap_samples(bad, obligor, 20, seed=0):
        times = np.bincount(take, minlength=8)
        assert (times[::2] == times[1::2]).all()
        assert bad[take].sum() == 2
        assert len(take) == 8


def test_fold_samples_leave_each_obligor_out_once():
    obligor = np.arange(30) // 3
    out = np.zeros(30, dtype=int)
    for take in fold_samples(np.arange(30) % 5 == 0, obligor, 5, seed=0):
        out += ~np.isin(np.arange(30), take)
    assert (out == 1).all()


def test_one_refit_is_no_comparison(noisy):
    X, y, obligor = noisy
    with pytest.raises(Misuse, match="samples: found 1, expected two or more"):
        explanation_stability(MODELS["booster"], X, y, obligor, samples=[np.arange(len(X))])


def test_reasons_compared_are_the_reasons_told(noisy):
    X, y, obligor = noisy
    model = MODELS["booster"]
    half = [np.arange(0, 900), np.arange(600, 1500)]
    found = explanation_stability(model, X, y, obligor, samples=half, top=1)

    def told(take):
        from sklearn.base import clone

        fitted = clone(model).fit(X.iloc[take], y[take], groups=obligor[take])
        parts = fitted.contributions(X)
        return reasons(parts, X, parts.mean(), top=1)

    full = told(np.arange(1500))
    same = np.mean([told(take) == full for take in half], axis=0)
    assert found.same_reasons.tolist() == same.tolist()


def test_shares_are_drawn_with_their_intervals(found, ax):
    assert share_intervals(found.drivers, ax=ax) is ax
    assert ax.get_title().startswith("late_share carries ")
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "late_share"
    assert "share of importance" in ax.get_xlabel()
