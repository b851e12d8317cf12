import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyRegressor

from riskmodels.core.errors import Misuse
from riskmodels.models.lgd import FractionalLGD
from riskmodels.models.lgd.comparison import gauc, loss_difference, out_of_fold, paired, scores, segments, simplest


def test_no_obligor_is_predicted_by_a_model_that_saw_it():
    n = 200
    obligor = np.arange(n) // 10
    # the share is the obligor's own, the feature its number: only a model that saw the obligor could know
    y = np.random.default_rng(0).permutation(20)[obligor] / 19
    X = pd.DataFrame({"obligor": [f"o{k}" for k in obligor]})
    seen = out_of_fold({"m": FractionalLGD()}, X, y, seed=1)
    unseen = out_of_fold({"m": FractionalLGD()}, X, y, seed=1, groups=obligor)
    assert scores(y, seen)["R2"].iloc[0] > 0.95
    assert scores(y, unseen)["R2"].iloc[0] < 0


def test_the_same_seed_gives_the_same_folds(losses):
    X, y, _ = losses
    models = {"mean": DummyRegressor()}
    one, again, other = (out_of_fold(models, X, y, seed=s) for s in (0, 0, 1))
    assert one.equals(again)
    assert not one.equals(other)


def test_segments_are_the_ecb_s():
    assert list(segments([0, 0.049, 0.05, 0.1, 0.95, 1.0, 1.4])) == [0, 0, 1, 2, 10, 11, 11]


def test_order_is_perfect_random_or_unknown():
    y = np.linspace(0, 1, 200)
    assert gauc(y, y) == 1
    assert gauc(y, 1 - y) == pytest.approx(0, abs=0.01)
    assert np.isnan(gauc(y, np.full(200, 0.3)))
    rng = np.random.default_rng(0)
    assert gauc(rng.random(4000), rng.random(4000)) == pytest.approx(0.5, abs=0.02)


def test_a_difference_knows_which_model_is_better_and_how_surely():
    rng = np.random.default_rng(0)
    truth = rng.random(400)
    good, bad = truth + rng.normal(0, 0.1, 400), truth + rng.normal(0, 0.2, 400)
    value, low, high = loss_difference(truth, good, bad)
    assert low < value < high < 0
    assert loss_difference(truth, good, good) == (0, 0, 0)


def test_rows_of_one_obligor_widen_the_interval():
    rng = np.random.default_rng(0)
    obligor = np.arange(400) // 20
    truth, other = np.zeros(400), 0.5 + rng.normal(0, 0.2, 20)[obligor]
    lone, grouped = (loss_difference(truth, other, truth + 0.5, 1, groups=g) for g in (None, obligor))
    assert grouped[2] - grouped[1] > 3 * (lone[2] - lone[1])


def test_more_folds_than_rows_is_misuse():
    with pytest.raises(Misuse, match="folds: found 5 for 3 rows"):
        out_of_fold({}, pd.DataFrame({"x": [1, 2, 3]}), [0, 0.5, 1])


class TakesGroups(DummyRegressor):
    """Remembers the obligors it was fitted with."""

    def fit(self, X, y, sample_weight=None, groups=None):
        seen.append(None if groups is None else set(groups))
        return super().fit(X, y, sample_weight)


seen: list = []


def test_a_model_that_takes_groups_splits_by_obligor_inside_each_fold(losses):
    X, y, obligor = losses
    seen.clear()
    out_of_fold({"m": TakesGroups(), "mean": DummyRegressor()}, X, y, groups=obligor)
    assert len(seen) == 5
    assert set.union(*seen) == set(obligor)
    assert set.intersection(*seen) == set()


def test_a_simpler_model_is_used_unless_one_after_it_beats_it_beyond_its_interval():
    rng = np.random.default_rng(0)
    truth = rng.random(400)
    good = truth + rng.normal(0, 0.1, 400)
    told = pd.DataFrame({"mean": truth.mean(), "rule": good, "same": good + rng.normal(0, 0.001, 400)})
    differences = paired(truth, told)
    assert differences[["first", "second"]].values.tolist() == [["mean", "rule"], ["mean", "same"], ["rule", "same"]]
    assert differences.iloc[0, 2:].tolist() == pytest.approx(loss_difference(truth, told["mean"], good))
    assert simplest(differences) == "rule"
    assert simplest(paired(truth, told[["mean"]].assign(shuffled=rng.permutation(truth)))) == "mean"
