"""What became of the invoices that were open at earlier origins, beside the hazard the model gave them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from riskmodels.core.errors import DataRefused
from riskmodels.models.cash.claims import curves_of
from riskmodels.models.cash.spreads import Residuals, spreads
from riskmodels.models.payment_time import PaymentTime

MOST_ORIGINS = 8


def origins_before(as_of: date, days: int, first: date) -> list[date]:
    """At most MOST_ORIGINS origins from `first` on, `days` apart, whose horizons end by `as_of`: none overlap."""
    found = (as_of - timedelta(days=days * k) for k in range(MOST_ORIGINS, 0, -1))
    return [day for day in found if day >= first]


def strengths_at(panel: pd.DataFrame, model: PaymentTime, as_of: date, days: int) -> tuple[float, ...]:
    """Strengths of the shocks to debtors, industries and the period, learnt from horizons that were over by `as_of`."""
    origins = origins_before(as_of, days, panel["issued_on"].min().date())
    if not origins:
        raise DataRefused(
            f"cash: found no invoice issued {days} days before {as_of}, expected a horizon that was over by then"
        )
    return spreads(residuals(panel, model, origins, days))


def residuals(panel: pd.DataFrame, model: PaymentTime, origins: Sequence[date], days: int) -> Residuals:
    """Residuals of the invoices open at each origin over the next `days`, grouped by debtor, industry and origin.

    `panel` has a row per invoice: debtor_id, industry, issued_on, terms_days, settled_on (NaT while open at the panel's
    date, which is after every horizon), given_up_on (NaT unless a write-off closed it) and the model's columns. As the
    curves have it, what was given up before an origin isn't open there, and what is given up later is never settled.
    """
    hazards, paids, parties = zip(*(_at(panel, model, pd.Timestamp(origin), days) for origin in origins))
    told: pd.DataFrame = pd.concat(parties, keys=range(len(parties)), names=["origin"]).reset_index("origin")
    debtor, industry = (told.groupby(["origin", c]).ngroup().to_numpy() for c in ("debtor_id", "industry"))
    return Residuals(np.concatenate(hazards), np.concatenate(paids), (debtor, industry, told["origin"].to_numpy()))


def _at(
    panel: pd.DataFrame, model: PaymentTime, origin: pd.Timestamp, days: int
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Hazard met, whether paid, and debtor and industry, of the invoices open at one origin."""
    settled = panel["settled_on"].mask(panel["given_up_on"] <= panel["settled_on"])
    there = panel.assign(settled_on=settled)[panel["issued_on"] <= origin]
    there = there[~((there["settled_on"] <= origin) | (there["given_up_on"] <= origin))]
    there = there.assign(age_days=(origin - there["issued_on"]).dt.days)
    curves = curves_of(model, there)
    there = there.iloc[curves.rows]
    wait = (there["settled_on"] - origin).dt.days.to_numpy(dtype=float)
    seen = np.minimum(days, curves.grid[-1] - curves.start)
    paid = wait <= seen
    return curves.hazard_to(np.where(paid, wait, seen)), paid, there[["debtor_id", "industry"]]
