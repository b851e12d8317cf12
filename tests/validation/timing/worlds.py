"""Invoices whose law of payment is known, seen until a day, with forecasts that are right or wrong in a known way."""

from __future__ import annotations

import numpy as np
import pandas as pd

DPD = {"late": 0, "over_30": 30, "over_60": 60, "over_90": 90}


def invoices(
    seed: int, parties: int = 150, each: int = 12, spread: float = 0.0, factor: float = 1.0, window: float = 400.0
) -> pd.DataFrame:
    """Days late with law P(late) = a, then exponential with mean 40 days; open ones where the book was read before.

    `spread` is the standard deviation of what the invoices of an obligor share and no forecast knows; `factor` makes
    what comes to be late so many times as likely as the forecast says. Invoices are read 0 to `window` days past due.
    """
    rng = np.random.default_rng(seed)
    n = parties * each
    obligor = np.repeat(np.arange(parties), each)
    told = np.clip(rng.beta(2, 4, n), 0.02, 0.6)
    shift = rng.normal(0, spread, parties)[obligor]
    odds = told / (1 - told) * np.exp(shift)
    late = rng.random(n) < np.minimum(factor * odds / (1 + odds), 1)
    days = np.where(late, np.ceil(rng.exponential(40, n)), -np.floor(rng.exponential(8, n)))
    read = np.floor(rng.uniform(0, window, n))
    settled = days <= read
    # Days are whole: more than k days late is exp(-k / 40) of the late.
    chances = {name: told * np.exp(-k / 40) for name, k in DPD.items()}
    return pd.DataFrame(
        {
            **chances,
            "days_late": np.where(settled, days, read),
            "settled": settled,
            "amount": rng.lognormal(10, 1, n),
            "obligor": [f"D{o}" for o in obligor],
            "client": [f"C{c}" for c in rng.integers(0, 20, n)],
        }
    )
