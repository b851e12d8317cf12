"""Survival models behind one interface: fitted on earlier invoices, they say of later ones how likely they are open.

Peers count days past due from the earliest issue on. lifelines' Cox is told when each invoice enters; scikit-survival's
models have no late entry, so that an invoice counts as at risk there before its issue. They come with their defaults,
Cox with Efron's ties.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
from _overdue_data import Side
from lifelines import CoxPHFitter

from riskmodels.models.payment_time import PaymentTime


@dataclass(frozen=True)
class Rival:
    """A model by name: `fit` on some invoices; `open_at`, P(open) of others at the close of days past due: m x K."""

    name: str
    fit: Callable[[Side], Any]
    open_at: Callable[[Any, Side, np.ndarray], np.ndarray]


def hazard(engine: str) -> Rival:
    """The payment-time model with one of its engines, told the obligors."""

    def fit(side: Side) -> PaymentTime:
        return PaymentTime(engine).fit(side.X, side.terms, side.duration, side.paid, groups=side.obligor)

    return Rival(f"{engine} hazard", fit, lambda model, side, days: model.survival(side.X, side.terms)[days].to_numpy())


def lifelines_cox() -> Rival:
    """lifelines' Cox model with late entry."""

    def fit(side: Side) -> tuple[CoxPHFitter, float]:
        first = float(side.terms.max())
        entry = first - side.terms
        ended = np.maximum(side.duration + entry, entry + 0.5)  # one paid on its first day was open in it
        told = _columns(side).assign(day=ended, paid=side.paid, entry=entry)
        return CoxPHFitter().fit(told, "day", "paid", entry_col="entry"), first

    def open_at(model: tuple[CoxPHFitter, float], side: Side, days: np.ndarray) -> np.ndarray:
        return model[0].predict_survival_function(_columns(side), times=days + model[1]).to_numpy().T

    return Rival("lifelines Cox", fit, open_at)


def _columns(side: Side) -> pd.DataFrame:
    return pd.DataFrame(side.numbers, columns=[f"z{i}" for i in range(side.numbers.shape[1])])


def scikit_survival() -> tuple[Rival, ...]:
    """Its Cox model and its boosted trees; none where it isn't installed, which is said."""
    if not find_spec("sksurv"):
        print("scikit-survival isn't installed: its rows are left out", file=sys.stderr)
        return ()
    from sksurv.ensemble import GradientBoostingSurvivalAnalysis
    from sksurv.linear_model import CoxPHSurvivalAnalysis

    return (
        _scikit("scikit-survival Cox", lambda: CoxPHSurvivalAnalysis(ties="efron")),
        _scikit("scikit-survival boosting", lambda: GradientBoostingSurvivalAnalysis(random_state=0)),
    )


def _scikit(name: str, make: Callable[[], Any]) -> Rival:
    from sksurv.util import Surv

    def fit(side: Side) -> tuple[Any, float]:
        first = float(side.terms.max())
        return make().fit(side.numbers, Surv.from_arrays(side.paid, side.duration - side.terms + first)), first

    def open_at(model: tuple[Any, float], side: Side, days: np.ndarray) -> np.ndarray:
        curve = model[0].predict_survival_function(side.numbers, return_array=True)
        place = np.searchsorted(model[0].unique_times_, days + model[1], side="right")
        return np.column_stack([np.ones(len(curve)), curve])[:, place]

    return Rival(name, fit, open_at)
