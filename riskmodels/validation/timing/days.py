"""How far off the foretold days are, and whether habit alone would have come as near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.models.baselines import Forecast
from riskmodels.validation.baselines import measured
from riskmodels.validation.baselines.scores import Scored, less
from riskmodels.validation.dependence import clustered_se
from riskmodels.validation.timing.chance import Against
from riskmodels.validation.timing.payments import Payments

HABIT = "debtor_mean"
"""The habit that a model has to beat."""
BETTER = {"auc_late": 1, "mae_days": -1}
"""Measures that a model is held to habit by, and whether more of them is better."""


@dataclass(frozen=True)
class Gain:
    """What the forecast is better by than a habit, in the unit of the measure, of `n` invoices."""

    n: int
    own: Against
    gain: Against


def days_off(payments: Payments) -> tuple[int, Against]:
    """Mean absolute error of the expected days, up to the last day told, with the invoices that can say.

    Open invoices count by censoring weights; both sides are counted to the forecast's last day.
    """
    found = _figures(payments, payments.forecast)["mae_days"]
    return _says(payments, "mae_days"), _against(payments, found)


def gain_on(payments: Payments, habit: str, measure: str) -> Gain:
    """What the forecast gains on a habit by a measure of BETTER, paired on the same invoices. H0: nothing."""
    other = next(h for h in payments.habits if h.name == habit)
    mine, theirs = (_figures(payments, forecast)[measure] for forecast in (payments.forecast, other))
    gain = less(mine, theirs) if BETTER[measure] > 0 else less(theirs, mine)
    return Gain(_says(payments, measure), _against(payments, mine), _against(payments, gain))


def beside_habits(payments: Payments) -> pd.DataFrame:
    """One row per habit and measure: habit, measure, value, gain (of the forecast on it), low, high (95 %, clustered).

    The forecast itself stands first, without a gain.
    """
    rows = []
    own = _figures(payments, payments.forecast)
    for measure, sign in BETTER.items():
        rows.append({"habit": payments.forecast.name, "measure": measure, "value": own[measure].value})
        for habit in payments.habits:
            other = _figures(payments, habit)[measure]
            gain = _against(payments, less(own[measure], other) if sign > 0 else less(other, own[measure]))
            low, high = gain.interval or (np.nan, np.nan)
            told = {"gain": gain.value, "low": low, "high": high}
            rows.append({"habit": habit.name, "measure": measure, "value": other.value, **told})
    return pd.DataFrame(rows, columns=["habit", "measure", "value", "gain", "low", "high"])


def _says(payments: Payments, measure: str) -> int:
    """How many invoices have a say in a measure: mature ones, or those watched to the last day."""
    if measure == "auc_late":
        return int((~np.isnan(payments.seen.late)).sum())
    return int((payments.weights.get(float(payments.forecast.days[-1]), np.zeros(payments.n)) > 0).sum())


def _figures(payments: Payments, forecast: Forecast) -> dict[str, Scored]:
    return measured(forecast, payments.seen, payments.weights)


def _against(payments: Payments, scored: Scored) -> Against:
    return Against(scored.value, 0.0, clustered_se(scored.influence, payments.clusters))
