"""Does the bad rate rise or fall with a value throughout? Rates by bin, and a test that noise doesn't fail."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import xlogy
from scipy.stats import chi2

from riskmodels.validation.stability import quantile_edges

Floats = NDArray[np.float64]
BINS = 5


def rates(values: Floats, outcome: Floats, bins: int = BINS) -> pd.DataFrame:
    """One row per quantile bin of the known values, lowest first: low, high, n, events, rate."""
    known = ~np.isnan(values)
    x, y = values[known], outcome[known]
    table = pd.DataFrame({"code": codes(x, bins), "x": x, "y": y}).groupby("code")
    found = table.agg(low=("x", "min"), high=("x", "max"), n=("y", "size"), events=("y", "sum")).reset_index(drop=True)
    return found.assign(rate=found["events"] / found["n"])


def codes(values: Floats, bins: int = BINS) -> NDArray[np.int64]:
    """The quantile bin of each value, none missing; values that tie share a bin."""
    return np.searchsorted(quantile_edges(pd.Series(values), bins), values, side="left")


def disorder_p(values: Floats, outcome: Floats, cluster: NDArray[np.int64], bins: int = BINS) -> float:
    """p of H0: the bad rate runs one way over the bins; small when it turns. NaN for fewer than three bins.

    The deviance between the bins' own rates and the best monotone ones (in either direction), divided by the design
    effect of cases of one obligor, against chi-squared with bins - 1 degrees of freedom. That is larger than the
    statistic's true distribution (a mixture with fewer degrees, Robertson, Wright, Dykstra 1988), so noise is flagged
    less often than the level says.
    """
    known = ~np.isnan(values)
    place = codes(values[known], bins)
    _used, place = np.unique(place, return_inverse=True)
    n = np.bincount(place).astype(float)
    if len(n) < 3:
        return float("nan")
    y = outcome[known]
    rate = np.bincount(place, y) / n
    statistic = min(_deviance(rate, n, up) for up in (True, False)) / _design_effect(y - rate[place], cluster[known])
    return float(chi2.sf(statistic, len(n) - 1))


def _deviance(rate: Floats, n: Floats, increasing: bool) -> float:
    fitted = isotonic_regression(rate, weights=n, increasing=increasing).x
    return float(2 * (n @ (_log_likelihood(rate, rate) - _log_likelihood(rate, fitted))))


def _log_likelihood(rate: Floats, p: Floats) -> Floats:
    return np.asarray(xlogy(rate, p) + xlogy(1 - rate, 1 - p))


def _design_effect(residual: Floats, cluster: NDArray[np.int64]) -> float:
    """Variance of the sum of residuals by cluster over that of independent ones; at least 1."""
    alone = float(residual @ residual)
    together = np.bincount(cluster, residual)
    return max(float(together @ together) / alone, 1.0) if alone > 0 else 1.0
