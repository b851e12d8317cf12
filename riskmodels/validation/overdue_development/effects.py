"""What a driver does to the expected days to payment, and to the odds of being paid, in both engines alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from riskmodels.models.hazards import LogitHazard
from riskmodels.models.inputs import columns_of
from riskmodels.models.payment_time import PaymentTime

ENDS = (0.1, 0.9)
MOST = 1_000
"""Invoices on which effects are averaged, evenly spread over the sample."""


def effects_on_days(models: dict[str, Any], sample: pd.DataFrame) -> pd.DataFrame:
    """One row per numeric driver: driver, at_low, at_high, and by role the change of the expected days in between.

    Each driver is set to its 10th and its 90th percentile in at most 1,000 invoices, all else as it is; the change is
    the mean of expected days at the upper less that at the lower (partial dependence, Friedman 2001). Largest
    champion's change first.
    """
    some = sample.iloc[np.unique(np.linspace(0, len(sample) - 1, min(len(sample), MOST)).astype(int))]
    numeric = [d for d in models["champion"].feature_names_in_ if pd.api.types.is_numeric_dtype(sample[d])]
    rows = []
    for driver in [d for d in numeric if sample[d].notna().any()]:
        low, high = sample[driver].quantile(ENDS).astype(float)
        days = {role: _days(model, some, driver, high) - _days(model, some, driver, low) for role, model in _of(models)}
        rows.append({"driver": driver, "at_low": low, "at_high": high, **days})
    found = pd.DataFrame(rows, columns=["driver", "at_low", "at_high", *dict(_of(models))])
    return found.sort_values("champion", key=lambda c: -c.abs(), kind="stable", ignore_index=True)


def odds(model: PaymentTime) -> pd.DataFrame:
    """Odds ratios of payment per standard deviation of a logit's drivers: driver, when, value, low, high.

    `when` is before (the due date) or change (by what the ratio is multiplied once past due). 95 % intervals, robust to
    obligors. Flags of missing values are left out. Empty for an engine without coefficients.
    """
    hazard = model.hazards_[0]
    columns = ["driver", "when", "value", "low", "high"]
    if not isinstance(hazard, LogitHazard):
        return pd.DataFrame(columns=columns)
    names = hazard.scale.names()
    estimate, error = np.concatenate([hazard.before, hazard.after]), np.asarray(hazard.errors)
    table = pd.DataFrame({"driver": names * 2, "when": ["before"] * len(names) + ["change"] * len(names)})
    ends = {"value": 0.0, "low": -1.96, "high": 1.96}
    table = table.assign(**{name: np.exp(estimate + z * error) for name, z in ends.items()})
    return table[table["driver"].isin(set(model.feature_names_in_))].reset_index(drop=True)[columns]


def _of(models: dict[str, Any]) -> list[tuple[str, PaymentTime]]:
    return [(role, models[role]) for role in ("champion", "challenger")]


def _days(model: PaymentTime, some: pd.DataFrame, driver: str, value: float) -> float:
    X = columns_of(model, some).assign(**{driver: value})
    return float(model.expected_days(X, some["terms_days"]).mean())
