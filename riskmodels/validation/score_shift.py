"""What moved a score: each driver's part of the shift of the mean score, and the shift period by period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.validation.stability import Parties, psi

FEWEST = 100
"""Fewest cases of a period whose distribution is told."""


def shift_by_driver(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """One row per driver, the largest shift first: driver, before, now (mean contribution), shift.

    `before` and `now` hold each case's contributions to the score, a column per driver, in the score's unit; the shifts
    add up to that of the mean score, but for rounding.
    """
    table = pd.DataFrame({"before": before.mean(), "now": now.mean()}).rename_axis("driver")
    table["shift"] = table["now"] - table["before"]
    order = table["shift"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index()


def shift_by_period(
    reference: pd.Series, current: pd.Series, period: pd.Series, every: str = "Q", parties: Parties = (None, None)
) -> pd.DataFrame:
    """One row per period of the day `period`: period (its last day), n, psi against the reference, critical.

    `critical` is the PSI that samples of this size reach by chance in one case of twenty, cases of one of the `parties`
    free to depend on each other. NaN where a period has fewer than 100 cases.
    """
    end = period.dt.to_period(every).dt.end_time.dt.normalize().rename("period")
    before, now = parties
    places = pd.Series(np.arange(len(current))).groupby(end.to_numpy())
    rows = [
        {"period": day, **_row(reference, current.iloc[at], (before, None if now is None else now[at]))}
        for day, at in ((day, group.to_numpy()) for day, group in places)
    ]
    return pd.DataFrame(rows, columns=["period", "n", "psi", "critical"])


def _row(reference: pd.Series, part: pd.Series, parties: Parties) -> dict[str, float]:
    if len(part) < FEWEST:
        return {"n": len(part), "psi": np.nan, "critical": np.nan}
    found = psi(reference, part, parties=parties)
    return {"n": len(part), "psi": found.value, "critical": found.critical}
