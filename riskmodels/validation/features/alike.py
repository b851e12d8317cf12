"""Which features say the same: rank correlations, clusters of them, and the one that speaks for each cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage
from scipy.spatial.distance import squareform
from scipy.stats import rankdata

Floats = NDArray[np.float64]
ALIKE = 0.8
"""Mean absolute rank correlation from which features share a cluster."""
COPY = 0.999
"""Absolute rank correlation from which two features are copies."""
FEWEST = 30
"""Rows two features must share for their correlation to be believed."""


def rank_correlation(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Spearman's correlation of each two columns over the rows that have both; 0 where it can't be told.

    Each column is ranked once, over all its values, so that three hundred columns cost four matrix products.
    """
    values = frame[list(columns)].to_numpy(float)
    known = ~np.isnan(values)
    ranks = np.empty(values.shape)
    for i, column in enumerate(values.T):
        ranks[:, i] = _ranks(column)
    return pd.DataFrame(_pairwise(ranks, known.astype(float)), index=list(columns), columns=list(columns))


def clusters(correlation: pd.DataFrame, worth: Mapping[str, float], alike: float = ALIKE) -> pd.DataFrame:
    """One row per feature: feature, cluster (1 is the largest), representative, likeness (to it, absolute).

    Average linkage on 1 - |rho|; in a cluster features are alike by `alike` on average. The representative is the one
    of most worth (information value), then the first by name. Rows are sorted by cluster, the representative first.
    """
    names, strength = list(correlation.columns), correlation.abs()
    group = _groups(strength.to_numpy(), alike)
    table = pd.DataFrame({"feature": names, "group": group, "worth": [_worth(worth, n) for n in names]})
    table["size"] = table.groupby("group")["group"].transform("size")
    table["best"] = table.groupby("group")["worth"].transform("max")
    table = table.sort_values(
        ["size", "best", "group", "worth", "feature"], ascending=[False, False, True, False, True]
    )
    table["cluster"] = pd.factorize(table["group"])[0] + 1
    table["representative"] = table.groupby("cluster")["feature"].transform("first")
    place = {name: i for i, name in enumerate(names)}
    table["likeness"] = strength.to_numpy()[table["feature"].map(place), table["representative"].map(place)]
    return table[["feature", "cluster", "size", "representative", "likeness"]].reset_index(drop=True)


def copies(correlation: pd.DataFrame, found: pd.DataFrame, least: float = COPY) -> pd.Series:
    """For each feature that repeats an earlier one of `clusters` exactly: which one it repeats."""
    strength, original = correlation.abs().to_numpy(), {}
    place = {str(name): i for i, name in enumerate(correlation.columns)}
    for _cluster, members in found[found["size"] > 1].groupby("cluster")["feature"]:
        kept: list[str] = []
        for name in members:
            same = [k for k in kept if strength[place[name], place[k]] >= least]
            if same:
                original[name] = same[0]
            else:
                kept.append(name)
    return pd.Series(original, dtype="str")


def ordered(correlation: pd.DataFrame) -> list[str]:
    """The columns with those alike beside each other."""
    names = list(correlation.columns)
    if len(names) < 3:
        return names
    return [names[i] for i in leaves_list(_tree(correlation.abs().to_numpy()))]


def _groups(strength: Floats, alike: float) -> NDArray[np.int64]:
    if len(strength) < 2:
        return np.ones(len(strength), np.int64)
    return np.asarray(fcluster(_tree(strength), 1 - alike, criterion="distance"), np.int64)


def _tree(strength: Floats) -> Floats:
    distance = np.clip(1 - strength, 0, 1)
    np.fill_diagonal(distance, 0)
    return np.asarray(linkage(squareform(distance, checks=False), method="average"))


def _ranks(values: Floats) -> Floats:
    """Ranks of the known values, centred and scaled to at most 1; 0 where missing."""
    known = ~np.isnan(values)
    ranks = np.zeros(len(values))
    if known.any():
        found = rankdata(values[known])
        ranks[known] = (found - found.mean()) / len(found)
    return ranks


def _pairwise(ranks: Floats, known: Floats) -> Floats:
    """Pearson's correlation of ranks (n, k) over the rows where both are known (1) rather than missing (0)."""
    n, total, square = known.T @ known, ranks.T @ known, (ranks**2).T @ known
    size = np.maximum(n, 1)
    together = ranks.T @ ranks - total * total.T / size
    spread = np.maximum(square - total**2 / size, 0)
    scale = np.sqrt(spread * spread.T)
    believed = (n >= FEWEST) & (scale > 1e-9 * size)
    found = np.divide(together, scale, out=np.zeros_like(scale), where=believed)
    np.fill_diagonal(found, 1.0)
    return np.clip(found, -1, 1)


def _worth(worth: Mapping[str, float], name: str) -> float:
    value = worth.get(name, np.nan)
    return -1.0 if np.isnan(value) else float(value)
