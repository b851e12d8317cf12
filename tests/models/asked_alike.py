"""Every model that is fitted to a sample, and the sample, for what all are asked alike."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models.binning import Binner, MeanBinner
from riskmodels.models.boosting import Booster
from riskmodels.models.expert import Driver, ExpertScorecard, HybridScorecard, Levels, Standard
from riskmodels.models.lgd import BoostedLGD, FractionalLGD, TwoStageLGD
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.selection import select

N = 600
SECTORS = Levels({"trade": -0.5, "mining": 1.0, "retail": 0.0}, missing=0.3)
EXPERT = ExpertScorecard(
    (
        Driver("late", 1, Standard(0.0, 1.0), 0.5),
        Driver("age", -1, Standard(30.0, 8.0), 0.3),
        Driver("sector", None, SECTORS, 0.2),
    )
)


def sample(seed=0):
    """Two numbers, a category, who is bad (one in five), and the share that was lost."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({"late": rng.normal(size=N), "age": rng.normal(30, 8, N)})
    X["sector"] = rng.choice(["trade", "mining", "retail"], N)
    p = 1 / (1 + np.exp(1.8 - X["late"] + 0.05 * (X["age"] - 30) - 0.5 * (X["sector"] == "mining")))
    return X, (rng.random(N) < p).astype(int), np.clip(p + rng.normal(0, 0.1, N), 0, 1).to_numpy()


X, BAD, SHARE = sample()


@dataclass
class Selecting:
    """The selection of columns, fitted like a model; it answers with the names it took."""

    taken: tuple = ()

    def fit(self, X, y, sample_weight=None):
        self.taken = select(X, y, sample_weight=sample_weight).taken
        return self


CLASSIFIERS = {
    "Binner": Binner,
    "Scorecard": Scorecard,
    "Booster": lambda: Booster(max_rounds=40, rounds=40, patience=10),
    "select": Selecting,
    "ExpertScorecard": lambda: EXPERT,
    "HybridScorecard": lambda: HybridScorecard(EXPERT, draws=100),
}
OF_NUMBERS = {"MeanBinner": MeanBinner}
OF_SHARES = {
    "FractionalLGD": FractionalLGD,
    "BoostedLGD": lambda: BoostedLGD(max_rounds=40),
    "TwoStageLGD": TwoStageLGD,
}
REGRESSORS = {**OF_NUMBERS, **OF_SHARES}
FITTED = {**CLASSIFIERS, **REGRESSORS}
PREDICTING = {name: make for name, make in FITTED.items() if name != "select"}


def target(name):
    return BAD if name in CLASSIFIERS else SHARE


def fitted(name, frame=X, y=None, weight=None):
    return FITTED[name]().fit(frame, target(name) if y is None else y, sample_weight=weight)


@cache
def usual(name):
    """The model fitted to the sample as it is."""
    return fitted(name)


def answer(model, frame):
    """What the model says of rows: a probability, a share, or the transformed columns."""
    if hasattr(model, "predict_proba"):
        return model.predict_proba(frame)[:, 1]
    return model.transform(frame) if hasattr(model, "transform") else model.predict(frame)


def refused(words, name, **changes):
    with pytest.raises(DataRefused, match=words):
        fitted(name, **changes)
