"""The central tendency of a panel: its long-run yearly rate of bad, to which probabilities are anchored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.models.calibration.maps import Floats
from riskmodels.models.inputs import SampleError


@dataclass(frozen=True)
class Tendency:
    """The long-run mean of yearly rates of bad, and what it rests on.

    `origins` has a row per origin: origin (day), n, bad, rate and weight (of that rate in `rate`, summing to 1).
    `sequences` is how many series of origins a year apart were averaged.
    """

    rate: float
    sequences: int
    origins: pd.DataFrame

    def to_state(self) -> dict[str, Any]:
        """The figures as plain values."""
        days = self.origins["origin"].dt.date.astype(str)
        rows = self.origins.assign(origin=days).to_dict("records")
        return {"rate": self.rate, "sequences": self.sequences, "origins": rows}


def long_run(outcome: ArrayLike, origin: ArrayLike) -> Tendency:
    """The central tendency of rows with a known outcome (n,), 1 for bad, at `origin` (n,), a day each.

    Origins of one calendar month make a sequence of cohorts of twelve months that don't overlap; its long-run mean is
    the plain mean of their rates, every year alike whatever its number of rows, and the tendency is the mean over the
    sequences: (1 / Q) sum_q (1 / K_q) sum_k bad_qk / n_qk. So every origin counts, and no season more than another.
    Reference: EBA/GL/2017/16, PD calibration.
    """
    y, days = np.asarray(outcome, float), pd.Series(pd.to_datetime(np.asarray(origin)))
    if y.shape != days.shape or not np.isin(y, (0, 1)).all() or days.isna().any() or not len(y):
        raise SampleError(
            "central tendency: found rows without an outcome of 0 or 1 or an origin, expected both in all"
        )
    by = pd.DataFrame({"origin": days, "bad": y}).groupby("origin")["bad"].agg(n="size", bad="sum").reset_index()
    season = by["origin"].dt.month
    weight = 1 / season.nunique() / by.groupby(season)["origin"].transform("size")
    found = by.assign(bad=by["bad"].astype(int), rate=by["bad"] / by["n"], weight=weight)
    rate = np.average(found["rate"].to_numpy(float), weights=found["weight"].to_numpy(float))
    return Tendency(float(rate), int(season.nunique()), found)


def row_weights(tendency: Tendency, origin: ArrayLike) -> Floats:
    """The weight (n,) of each row under which the mean outcome is the tendency: its origin's, over how many it has."""
    by = tendency.origins.set_index("origin")
    return (by["weight"] / by["n"]).reindex(pd.to_datetime(np.asarray(origin))).to_numpy(float)
