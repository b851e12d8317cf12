"""What to hold against dilution: the expected one under stress, and room for its spikes, over the time it takes.

reserve = [stress x ED + (DS - ED) x DS / ED] x DHR of the receivable: ED the expected dilution, DS the spike (highest
month), DHR = invoiced over the dilution horizon / open balance. This is the dynamic dilution reserve of criteria for
securitised trade receivables (Standard & Poor's; stress 1.5 to 2.5 by the rating sought: figures from memory).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.dilution.history import DilutionHistory
from riskmodels.models.dilution.maturation import maturation, vintages, volatility

STRESS = 2.0
MONTHS = 12


@dataclass(frozen=True)
class DilutionReserve:
    """The reserve and all it is made of: rates as fractions, `horizon` in months, `amount` and `balance` in money.

    `rate` is the reserve as a share of the open balance, at most 1; `volatility` the deviation of monthly rates, nan
    when too few are ripe.
    """

    expected: float
    spike: float
    spike_month: str
    volatility: float
    horizon: int
    horizon_ratio: float
    stress: float
    balance: float
    rate: float

    @property
    def amount(self) -> float:
        """The reserve in money."""
        return self.rate * self.balance


def dilution_reserve(expected: float, spike: float, horizon_ratio: float, stress: float = STRESS) -> float:
    """The reserve as a share of the receivable: [stress ED + (DS - ED) DS / ED] x DHR, from 0 to 1.

    A spike below the expected dilution counts as equal to it; nothing expected and no spike need no reserve, a spike
    where nothing is expected has no finite one and takes all.
    """
    for name, value in {"expected": expected, "spike": spike, "horizon_ratio": horizon_ratio}.items():
        if not (math.isfinite(value) and value >= 0):
            raise Misuse(f"{name}: found {value}, expected 0 or more")
    if stress < 1:
        raise Misuse(f"stress: found {stress}, expected 1 or more")
    if expected == 0:
        return 0.0 if spike == 0 else 1.0
    peak = max(spike, expected)
    return min(1.0, (stress * expected + (peak - expected) * peak / expected) * horizon_ratio)


def dynamic_reserve(history: DilutionHistory, stress: float = STRESS, longest: int = 12) -> DilutionReserve:
    """The reserve of a book: ED and DS are the mean and the highest rate of the last 12 ripe vintages.

    Rates are those of `vintages`, whose credits are all or nearly all in, so that no young month lowers them. The
    horizon is the mean lag of credits, in whole months rounded up, at least one. Refused without a ripe vintage or an
    open balance.
    """
    pattern = maturation(history, longest)
    table = vintages(history, pattern)
    ripe = table[table["ripe"] & table["rate"].notna()].tail(MONTHS)
    if ripe.empty or history.open <= 0:
        raise DataRefused(f"dilution: found {len(ripe)} ripe months and an open balance of {history.open:,.2f}")
    expected = float(np.average(ripe["rate"], weights=ripe["invoiced"]))
    peak = int(ripe["rate"].argmax())
    spike, month = float(ripe["rate"].iloc[peak]), str(ripe["month"].iloc[peak])
    horizon = max(1, math.ceil(pattern.lag)) if pattern.expected > 0 else 1
    ratio = float(table["invoiced"].tail(horizon).sum()) / history.open
    rate = dilution_reserve(expected, spike, ratio, stress)
    told = (expected, spike, month, volatility(ripe))
    return DilutionReserve(*told, horizon, ratio, stress, history.open, rate)
