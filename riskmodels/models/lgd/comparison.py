"""Models of a share against each other, on rows none of them has seen: errors, explained variance, order."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, somersd
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, KFold
from sklearn.utils.validation import has_fit_parameter

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _

Floats = NDArray[np.float64]
SEGMENTS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Where the ECB cuts LGD into twelve segments: 0-5, 5-10, 10-20 ... 90-100 %, and 100 % or more."""


def out_of_fold(
    models: Mapping[str, Any],
    X: pd.DataFrame,
    y: ArrayLike,
    folds: int = 5,
    seed: int = 0,
    groups: ArrayLike | None = None,
) -> pd.DataFrame:
    """Predictions of each row by models fitted without its fold: one column per model, X's index.

    Rows are shuffled by `seed` into folds, the same for all models; with `groups` no obligor stands on both sides, nor
    in the inner splits of a model whose `fit` takes groups.
    """
    if len(X) < folds or folds < 2:
        raise Misuse(f"folds: found {folds} for {len(X)} rows, expected two or more and no more than rows")
    target, kind = np.asarray(y, dtype=float), KFold if groups is None else GroupKFold
    found = pd.DataFrame(index=X.index, columns=list(models), dtype=float)
    for train, test in kind(folds, shuffle=True, random_state=seed).split(X, target, groups):
        for place, model in enumerate(models.values()):
            fitted = clone(model).fit(X.iloc[train], target[train], **_own_groups(model, groups, train))
            found.iloc[test, place] = fitted.predict(X.iloc[test])
    return found


def _own_groups(model: Any, groups: ArrayLike | None, rows: NDArray[np.int64]) -> dict[str, Any]:
    """The groups of some rows for a model that takes them."""
    if groups is None or not has_fit_parameter(model, "groups"):
        return {}
    return {"groups": np.asarray(groups)[rows]}


def scores(y: ArrayLike, predictions: pd.DataFrame) -> pd.DataFrame:
    """One row per model: mean absolute error, root of the mean squared error, R2 and gAUC (0.5 is chance)."""
    target = np.asarray(y, dtype=float)
    rows = [_scores(target, predictions[name].to_numpy()) for name in predictions]
    table = pd.DataFrame(rows, columns=[_("MAE"), _("RMSE"), _("R2"), _("gAUC")])
    table.insert(0, _("model"), list(predictions))
    return table


def loss_difference(
    y: ArrayLike, one: ArrayLike, other: ArrayLike, power: int = 2, groups: ArrayLike | None = None
) -> tuple[float, float, float]:
    """Mean |error|^power of `one` less that of `other` on the same rows, and its 95 % interval: below 0, one is better.

    With `groups` the interval takes rows of one obligor as dependent.
    """
    target = np.asarray(y, dtype=float)
    loss = (np.abs(target - np.asarray(p, dtype=float)) ** power for p in (one, other))
    gap = next(loss) - next(loss)
    codes = np.arange(len(gap)) if groups is None else pd.factorize(np.asarray(groups))[0]
    sums = np.bincount(codes, gap - gap.mean())
    clusters = len(sums)
    error = np.sqrt(clusters / max(clusters - 1, 1) * (sums**2).sum()) / len(gap)
    half = float(norm.ppf(0.975) * error)
    return float(gap.mean()), float(gap.mean()) - half, float(gap.mean()) + half


def paired(y: ArrayLike, predictions: pd.DataFrame, groups: ArrayLike | None = None) -> pd.DataFrame:
    """One row per pair of models, as their columns stand: first, second, difference (of squared errors: below 0 the
    first is better), low, high (95 %, by obligor where groups are given)."""
    rows = [
        (one, other, *loss_difference(y, predictions[one], predictions[other], groups=groups))
        for one, other in combinations(predictions, 2)
    ]
    return pd.DataFrame(rows, columns=["first", "second", "difference", "low", "high"])


def simplest(differences: pd.DataFrame) -> str:
    """The model to use: the first, simplest first, that no later one beats beyond its interval (rows of `paired`)."""
    beaten = set(differences.loc[differences["low"] > 0, "first"])
    names = dict.fromkeys([*differences["first"], *differences["second"]])
    return next(str(name) for name in names if name not in beaten)


def gauc(y: ArrayLike, predicted: ArrayLike) -> float:
    """Generalised AUC of a share on the ECB's twelve segments: (Somers' D of realised given estimated + 1) / 2.

    The chance that of two claims of different estimates the one estimated to lose more loses more, ties a half; nan
    when all are estimated the same. Source: ECB, Instructions for reporting the validation results of internal models,
    2019.
    """
    return (somers_d(segments(predicted), segments(y)) + 1) / 2


def somers_d(given: ArrayLike, outcome: ArrayLike) -> float:
    """Somers' D of ordered codes `outcome` given ordered codes `given`: concordant less discordant pairs over pairs
    that differ in `given`; nan without such pairs."""
    table = pd.crosstab(np.asarray(given), np.asarray(outcome)).to_numpy()
    if min(table.shape) < 2:
        return float("nan") if table.shape[0] < 2 else 0.0
    return float(somersd(table).statistic)


def segments(share: ArrayLike) -> NDArray[np.int64]:
    """The segment of each share: 0 for 0-5 %, 11 for 100 % or more."""
    return np.digitize(np.asarray(share, dtype=float), SEGMENTS)


def _scores(target: Floats, predicted: Floats) -> list[float]:
    error = target - predicted
    spread = ((target - target.mean()) ** 2).sum()
    r2 = 1 - (error**2).sum() / spread if spread > 0 else float("nan")
    return [float(np.abs(error).mean()), float(np.sqrt((error**2).mean())), float(r2), gauc(target, predicted)]
