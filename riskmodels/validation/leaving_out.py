"""How much of what was found hangs on one name, on half the time, or on names that the model had met before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from riskmodels.validation.discrimination import auc

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Fared:
    """How a sample fared: cases, bad ones, amount, AUC, observed over expected bad cases by number and by amount.

    What can't be told (one class, no amounts, no probabilities) is NaN.
    """

    n: int
    events: int
    amount: float
    auc: float
    ratio: float
    amount_ratio: float


@dataclass(frozen=True)
class LeftOut:
    """The sample whole and without the name that weighs most in it."""

    name: str
    whole: Fared
    without: Fared

    @property
    def auc_change(self) -> float:
        """The AUC without the name less the AUC of all."""
        return self.without.auc - self.whole.auc


def fared(outcome: ArrayLike, risk: ArrayLike, probability: ArrayLike | None, weight: ArrayLike | None) -> Fared:
    """The figures of a sample from arrays (n,)."""
    y = np.asarray(outcome, float)
    w = np.full(len(y), np.nan) if weight is None else np.asarray(weight, float)
    p = np.full(len(y), np.nan) if probability is None else np.asarray(probability, float)
    by_number, by_amount = (_over(float(u @ y), float(u @ p)) for u in (np.ones(len(y)), w))
    return Fared(len(y), int(y.sum()), float(w.sum()), auc(y, risk), by_number, by_amount)


def without_largest(
    names: pd.Series, outcome: ArrayLike, risk: ArrayLike, probability: ArrayLike | None, weight: ArrayLike | None
) -> LeftOut:
    """How a sample fares without the name (n,) of the largest amount, or of the most cases where there are no amounts.

    Of equal names the first in order goes.
    """
    sizes = np.ones(len(names)) if weight is None else np.nan_to_num(np.asarray(weight, float))
    by_name = pd.Series(sizes).groupby(names.to_numpy()).sum()
    largest = by_name.index[int(np.argmax(by_name.to_numpy()))]
    kept = (names != largest).to_numpy(bool)
    arrays = (outcome, risk, probability, weight)
    part = (None if a is None else np.asarray(a, float)[kept] for a in arrays)
    whole = (None if a is None else np.asarray(a, float) for a in arrays)
    return LeftOut(str(largest), fared(*whole), fared(*part))  # type: ignore[arg-type]


def later_half(period: pd.Series) -> Mask:
    """Whether each case (n,) falls into the later half: after the median date, which belongs to the first half.

    Where most cases are of one date, that date and those before it are the first half; all False for a single date.
    """
    when = period.to_numpy("datetime64[ns]")
    order = np.sort(when[~np.isnat(when)])
    if not len(order) or order[0] == order[-1]:
        return np.zeros(len(when), bool)
    middle = order[(len(order) - 1) // 2]
    edge = middle if middle < order[-1] else order[order < order[-1]][-1]
    return np.asarray(when > edge)


def perturbed(frame: pd.DataFrame, columns: list[str], share: float, seed: int) -> pd.DataFrame:
    """The frame with normal noise added to its numeric columns, `share` of each one's standard deviation.

    Missing values stay missing; columns of text, of one value or of two (flags) stay as they are.
    """
    rng, noisy = np.random.default_rng(seed), frame.copy()
    for name in columns:
        if pd.api.types.is_numeric_dtype(frame[name]) and frame[name].nunique() > 2:
            values = frame[name].to_numpy(float)
            noisy[name] = values + share * float(np.nanstd(values)) * rng.standard_normal(len(values))
    return noisy


def _over(observed: float, expected: float) -> float:
    return observed / expected if expected > 0 else float("nan")
