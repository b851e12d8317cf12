"""The boosted challenger beside scikit-learn's histogram boosting, both as they come, on three public sets.

Ten times five stratified folds, shuffled by seeds 0 to 9; both are fitted on the same folds. The booster gets text as
it is, the peer gets it as ordinal codes with missing kept missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from _bench import Row
from _paired import FOLDS, rows
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

from riskmodels.book.datasets.credit import german, hmeq, taiwan_default
from riskmodels.models.boosting import Booster

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


def measure(n: int, seeds: Sequence[int] = range(10)) -> list[Row]:
    """Two rows per set, of at most n cases: held to the margin by the interval over repeats, and for a new sample."""
    return [each for name in SETS for each in _measured(name, n, seeds)]


def _measured(name: str, n: int, seeds: Sequence[int]) -> Sequence[Row]:
    read, target, left_out = SETS[name]
    frame = read().sample(frac=1, random_state=0)[:n].sort_index().reset_index(drop=True)
    X, y = frame.drop(columns=[target, *left_out]), frame[target]
    ours, peer = (folds_auc(make, X, y, seeds) for make in (Booster, histogram_boosting))
    return rows(f"boosting, {name}", ours, peer, "scikit-learn histogram boosting", len(X))


def _folds(X: pd.DataFrame, y: pd.Series, seed: int) -> Any:
    return StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, y)


def _auc(model: Any, X: pd.DataFrame, y: pd.Series, learn: np.ndarray, test: np.ndarray) -> float:
    fitted = model.fit(X.iloc[learn], y.iloc[learn])
    return roc_auc_score(y.iloc[test], fitted.predict_proba(X.iloc[test])[:, 1])
