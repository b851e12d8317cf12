"""The table that holds a payment-time model beside its baselines: order, level, days and curve, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.models.baselines import Forecast
from riskmodels.validation.baselines.censored import Observed
from riskmodels.validation.baselines.scores import Scored, area, auc, interval, less, mean, nothing

BEYOND = (30, 60, 90)
"""Days past due at which the order of the curves is judged."""
MEASURES = ("auc_late", "brier_late", "mae_days", "ibs", *(f"auc_{k}" for k in BEYOND))


Weights = dict[float, np.ndarray]


def comparison(model: Forecast, baselines: Sequence[Forecast], seen: Observed) -> pd.DataFrame:
    """One row per forecast and measure, the model first: what it reaches, and each baseline less the model.

    Columns: forecast, measure, n (invoices with a say), obligors, value, low, high, difference, difference_low,
    difference_high (95 %, clustered by obligor, censoring weights taken as known). Measures: auc_late and brier_late of
    mature invoices; mae_days, mean absolute error of the days to payment, both counted to the last day of the curve;
    ibs, the Brier score of the curve averaged over its days; auc_30, auc_60, auc_90 of being open beyond those days.
    The last three use censoring weights. A measure that the invoices can't tell is NaN.
    """
    _alike(model, baselines, seen)
    weights = seen.told(sorted({*model.days, *BEYOND}))
    says = _says(model, seen, weights)
    judged = {forecast.name: measured(forecast, seen, weights) for forecast in (model, *baselines)}
    rows = [
        {"forecast": name, "measure": measure, **_size(n, seen), **_figures(figures, judged[model.name], measure, seen)}
        for name, figures in judged.items()
        for measure, n in says.items()
    ]
    return pd.DataFrame(rows)


def _figures(figures: dict[str, Scored], of_model: dict[str, Scored], measure: str, seen: Observed) -> dict[str, float]:
    own, reference = figures[measure], of_model[measure]
    gap = nothing(len(seen.delay)) if figures is of_model else less(own, reference)
    (low, high), (gap_low, gap_high) = interval(own, seen.obligor), interval(gap, seen.obligor)
    top = np.inf if measure == "mae_days" else 1.0
    told = {"value": own.value, "low": max(low, 0.0), "high": min(high, top)}
    return {**told, "difference": gap.value, "difference_low": gap_low, "difference_high": gap_high}


def measured(forecast: Forecast, seen: Observed, weights: Weights) -> dict[str, Scored]:
    """Each measure of one forecast, as `comparison` names them; `weights` by day, as `Observed.told` gives them."""
    mature = (~np.isnan(seen.late)).astype(float)
    late = np.nan_to_num(seen.late)
    return {
        "auc_late": auc(late, forecast.late, mature),
        "brier_late": mean((forecast.late - late) ** 2, mature),
        "mae_days": _days_off(forecast, seen, weights),
        "ibs": _curve_off(forecast, seen, weights),
        **{f"auc_{k}": _order_beyond(forecast, seen, k, weights) for k in BEYOND},
    }


def _days_off(forecast: Forecast, seen: Observed, weights: Weights) -> Scored:
    last = float(forecast.days[-1])
    if last not in weights:
        return nothing(len(seen.delay))
    days = np.minimum(seen.delay, last) + seen.terms_days
    return mean(np.abs(days - forecast.expected_days), weights[last])


def _curve_off(forecast: Forecast, seen: Observed, weights: Weights) -> Scored:
    days = np.array([float(day) for day in forecast.days if float(day) in weights])
    each = [mean((_beyond(seen, day) - forecast.beyond(day)) ** 2, weights[day]) for day in days]
    return area(each, days, len(seen.delay))


def _order_beyond(forecast: Forecast, seen: Observed, dpd: int, weights: Weights) -> Scored:
    if dpd not in forecast.days or dpd not in weights:
        return nothing(len(seen.delay))
    return auc(_beyond(seen, dpd).astype(float), forecast.beyond(dpd), weights[dpd])


def _beyond(seen: Observed, dpd: float) -> np.ndarray:
    """Open at the close of that day past due; one read at that close is."""
    return (seen.delay > dpd) | (~seen.settled & (seen.delay == dpd))


def _says(model: Forecast, seen: Observed, weights: Weights) -> dict[str, np.ndarray]:
    """The invoices that have a say in each measure."""
    nobody = np.zeros(len(seen.delay), dtype=bool)
    count = {day: weight > 0 for day, weight in weights.items()}
    mature, first, last = (~np.isnan(seen.late), *(count.get(float(model.days[i]), nobody) for i in (0, -1)))
    beyond = {f"auc_{k}": count.get(k, nobody) for k in BEYOND}
    return {"auc_late": mature, "brier_late": mature, "mae_days": last, "ibs": last | first, **beyond}


def _size(says: np.ndarray, seen: Observed) -> dict[str, int]:
    return {"n": int(says.sum()), "obligors": len(np.unique(seen.obligor[says]))}


def _alike(model: Forecast, baselines: Sequence[Forecast], seen: Observed) -> None:
    for forecast in (model, *baselines):
        if len(forecast.expected_days) != len(seen.delay):
            found = len(forecast.expected_days)
            raise Misuse(f"{forecast.name}: found {found} invoices, expected the {len(seen.delay)} that are judged")
        if not np.array_equal(forecast.days, model.days):
            raise Misuse(f"{forecast.name}: found other days than {model.name} tells of, expected the same")
    names = [f.name for f in (model, *baselines)]
    if len(set(names)) < len(names):
        raise Misuse(f"forecasts: found {names}, expected each name once")
