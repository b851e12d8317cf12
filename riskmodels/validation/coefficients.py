"""Whether drivers still pull as they did: coefficients fitted on development and on later data, and signs alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from riskmodels.models.scorecard.vif import correlation, vif
from riskmodels.validation.dependence import Clusters
from riskmodels.validation.rival import Encoding, fitted, logit
from riskmodels.validation.slices import adjusted


def moved(
    development: pd.DataFrame,
    later: pd.DataFrame,
    drivers: Sequence[str],
    clusters: tuple[Clusters, Clusters] = (None, None),
) -> pd.DataFrame:
    """One row per driver, the most moved first: its coefficient in a logit of all on development, and on later data.

    The columns are the ranks that `rival` makes of development; flags of missing values are in the logit, not here.
    Columns: driver, initial, current, each with its 95 % interval (_low, _high), change, se, p_value (H0: unchanged)
    after Holm, and turned: the sign changed, both ends of both intervals on their own side of 0. The samples count as
    independent; errors are robust inside each.
    """
    first = fitted(development, drivers, clusters[0])
    second = logit(first.encodings, later, clusters[1])
    table = pd.DataFrame({"driver": first.columns})
    for name, fit in (("initial", first), ("current", second)):
        se = np.sqrt(np.diag(fit.covariance))[1:]
        table[name], table[f"{name}_se"] = fit.estimates[1:], se
        table[f"{name}_low"], table[f"{name}_high"] = (fit.estimates[1:] + z * se for z in (-1.96, 1.96))
    table = table[table["driver"].isin(list(drivers))].reset_index(drop=True)
    table["change"] = table["current"] - table["initial"]
    table["se"] = np.hypot(table.pop("initial_se"), table.pop("current_se"))
    table["p_value"] = adjusted(pd.Series(2 * norm.sf(np.abs(table["change"] / table["se"]))))
    up, down = (table[f"{a}_low"].gt(0) & table[f"{b}_high"].lt(0) for a, b in _PAIRS)
    return table.assign(turned=up | down).sort_values("p_value", kind="stable", ignore_index=True)


_PAIRS = (("initial", "current"), ("current", "initial"))


def inflation(sample: pd.DataFrame, encodings: Sequence[Encoding]) -> pd.Series:
    """Variance inflation factor of each driver's ranks on a sample, the largest first; flags of missing are left out.

    Drivers of one ledger are missing together, which makes their flags say the same and harms nobody.
    """
    columns = {e.name: e.columns(sample)[e.name] for e in encodings}
    if not columns:
        return pd.Series(dtype=float)
    values = np.column_stack(list(columns.values()))
    found = vif(correlation(values, np.ones(len(values))))
    return pd.Series(found, index=list(columns)).sort_values(ascending=False, kind="stable")
