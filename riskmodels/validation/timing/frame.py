"""A plain frame of forecasts and what became of them, checked and brought into the shape that measures look at."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.baselines import Forecast
from riskmodels.validation.baselines import Observed
from riskmodels.validation.dependence import cluster_codes, treatment
from riskmodels.validation.timing.payments import BEYOND, Bands, Parts, Payments

CHANCES = {"late": 0, **{f"over_{k}": k for k in BEYOND[1:]}}
"""Columns of chances to be more than so many days past due; `late` must be there."""
SEEN = ("days_late", "settled")
ENDS = ("low_80_days_late", "high_80_days_late")
EXPECTED = "expected_days_late"
PAYMENT_COLUMNS = (*CHANCES, *SEEN, EXPECTED, *ENDS)
"""What a frame may tell of payments: forecasts and what came, none of them a driver."""
_TIES = 1e-9
_SAID = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
_DAYS = (-np.inf, np.inf, "finite days")
_NUMBERS = {
    **dict.fromkeys(("days_late", EXPECTED, *ENDS), _DAYS),
    "amount": (0.0, np.inf, "amounts of zero or more"),
}
"""The least, the most and the words of each column that is no chance."""


def payments_of_frame(frame: pd.DataFrame) -> Payments:
    """The payments of a frame of one row per invoice; refused, naming the column, where it can't be read.

    Columns: late, over_30, over_60, over_90 (chances to be more than 0, 30 ... days past due; late at least), days_late
    (at settlement, or so far while open; negative when early) and settled. Optional: amount, obligor, client,
    expected_days_late, low_80_days_late and high_80_days_late (ends of the days between which 80 of 100 are settled).
    """
    names = _checked(frame)
    days = np.array([float(CHANCES[name]) for name in names])
    n, delay, settled = len(frame), frame["days_late"].to_numpy(float), _flags(frame["settled"])
    expected = frame[EXPECTED].to_numpy(float) if EXPECTED in frame else np.full(n, np.nan)
    parties = [c for c in ("obligor", "client") if c in frame and frame[c].notna().any()]
    clusters = tuple(cluster_codes(frame[c]) for c in parties)
    nothing = np.full(n, np.nan)
    first = clusters[0] if clusters else np.arange(n)
    return Payments(
        Forecast("model", days, frame[names].to_numpy(float), expected),
        Observed(delay, settled, nothing, np.zeros(n), first, np.full(n, -np.inf)),
        Parts(np.arange(n), delay, settled, np.ones(n)),
        frame["amount"].to_numpy(float) if "amount" in frame else None,
        clusters,
        treatment(parties),
        _bands(frame),
    )


def _bands(frame: pd.DataFrame) -> Bands | None:
    if not set(ENDS) <= set(frame):
        return None
    low, high = (frame[end].to_numpy(float) for end in ENDS)
    return Bands(low, np.ceil(high), 0.8, np.full(len(frame), 0.8))


def _checked(frame: pd.DataFrame) -> list[str]:
    """The columns of chances that are there, by days; refused where a column can't be what it says."""
    missing = [c for c in ("late", *SEEN) if c not in frame]
    if missing:
        raise Misuse(f"payments: missing columns {missing}; it has {list(frame.columns)}")
    if frame.empty:
        raise DataRefused("payments: found no rows, expected one per invoice")
    names = [name for name in CHANCES if name in frame]
    for name in (*names, "days_late", *(c for c in _NUMBERS if c in frame and c != "days_late")):
        _numbers(frame, name)
    _falling(frame[names])
    return names


def _flags(values: pd.Series) -> NDArray[np.bool_]:
    """True and false, 1 and 0, or those words as a file has them; refused where one is none of these."""
    told = values.astype("str").str.strip().str.lower().map(_SAID)
    if told.isna().any():
        found = values[told.isna()].iloc[0]
        raise DataRefused(
            f"payments: settled: found {found!r} in {int(told.isna().sum())} rows, expected true or false"
        )
    return told.to_numpy(bool)


def _numbers(frame: pd.DataFrame, name: str) -> None:
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(float)
    low, high, said = _NUMBERS.get(name, (0.0, 1.0, "chances between 0 and 1"))
    bad = ~(np.isfinite(values) & (values >= low) & (values <= high))
    if bad.any():
        raise DataRefused(f"payments: {name}: found {int(bad.sum())} values that can't be used, expected {said}")


def _falling(chances: pd.DataFrame) -> None:
    rising = (np.diff(chances.to_numpy(float), axis=1) > _TIES).any(axis=1)
    if rising.any():
        names = ", ".join(map(str, chances))
        raise DataRefused(f"payments: {names}: found {int(rising.sum())} rows that rise, expected chances that fall")
