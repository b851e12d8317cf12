"""The boosted challenger beside scikit-learn's histogram boosting, both as they come, on three public sets.

Ten times five stratified folds, shuffled by seeds 0 to 9; both are fitted on the same folds. The booster gets text as
it is, the peer gets it as ordinal codes with missing kept missing. The difference of mean AUC is told with two 95 %
intervals: of the repetition (Student's t over the ten repeats: how sure the mean is on these very rows), which is
held against the margin, and for a new sample of the same size (Nadeau and Bengio 2003: the fold variance times
1/J + n_test/n_train), which is much wider on small sets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from _bench import Row, gap
from scipy.stats import t
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

from riskmodels.book.datasets.credit import german, hmeq, taiwan_default
from riskmodels.models.boosting import Booster

FOLDS, MARGIN = 5, -0.005
SETS: dict[str, tuple[Callable[[], pd.DataFrame], str, tuple[str, ...]]] = {
    "german": (german, "bad", ()),
    "hmeq": (hmeq, "BAD", ()),
    "taiwan": (taiwan_default, "DEFAULT", ("ID",)),
}


def histogram_boosting() -> Any:
    """The peer with its defaults, text as ordinal codes."""
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    text = make_column_selector(dtype_exclude="number")
    coder = make_column_transformer((codes, text), remainder="passthrough")
    return make_pipeline(coder, HistGradientBoostingClassifier(random_state=0))


def folds_auc(make: Callable[[], Any], X: pd.DataFrame, y: pd.Series, seeds: Sequence[int]) -> np.ndarray:
    """AUC of each fold: seeds x 5 stratified, shuffled folds."""
    return np.array([[_auc(make(), X, y, *fold) for fold in _folds(X, y, seed)] for seed in seeds])


def paired(ours: np.ndarray, peer: np.ndarray) -> dict[str, float]:
    """Mean difference of two seeds x folds arrays of AUC, its interval over repeats, and for a new sample."""
    difference = ours - peer
    repeats, folds = len(difference), difference.size
    spread = difference.mean(axis=1).std(ddof=1) if repeats > 1 else np.nan
    repeated = t.ppf(0.975, max(repeats - 1, 1)) * spread / np.sqrt(repeats)
    new = t.ppf(0.975, folds - 1) * difference.std(ddof=1) * np.sqrt(1 / folds + 1 / (FOLDS - 1))
    mean = difference.mean()
    told = {"difference": mean, "low": mean - repeated, "high": mean + repeated, "low_new": mean - new}
    return {name: float(value) for name, value in {**told, "high_new": mean + new}.items()}


def measure(n: int, seeds: Sequence[int] = range(10)) -> list[Row]:
    """Two rows per set, of at most n cases: held to the margin by the interval over repeats, and for a new sample."""
    return [each for name in SETS for each in _measured(name, n, seeds)]


def _measured(name: str, n: int, seeds: Sequence[int]) -> list[Row]:
    read, target, left_out = SETS[name]
    frame = read().sample(frac=1, random_state=0)[:n].sort_index().reset_index(drop=True)
    X, y = frame.drop(columns=[target, *left_out]), frame[target]
    ours, peer = (folds_auc(make, X, y, seeds) for make in (Booster, histogram_boosting))
    found, means = paired(ours, peer), (float(ours.mean()), float(peer.mean()), "scikit-learn histogram boosting")
    repeated = found["low"] if len(seeds) > 1 else found["low_new"]  # one repeat has no spread of its own
    return [
        gap(f"boosting, {name}", *means, MARGIN, len(X), repeated),
        gap(f"boosting, {name}, a new sample of this size", *means, None, len(X), found["low_new"]),
    ]


def _folds(X: pd.DataFrame, y: pd.Series, seed: int) -> Any:
    return StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, y)


def _auc(model: Any, X: pd.DataFrame, y: pd.Series, learn: np.ndarray, test: np.ndarray) -> float:
    fitted = model.fit(X.iloc[learn], y.iloc[learn])
    return roc_auc_score(y.iloc[test], fitted.predict_proba(X.iloc[test])[:, 1])
