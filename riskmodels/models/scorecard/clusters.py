"""Columns that say the same: hierarchical clusters on 1 - |correlation|, the best of each to stay.

Complete linkage: every two columns of a cluster correlate as strongly as asked, so no chain of half-likes joins
strangers. Reference: Kaufman and Rousseeuw (1990), Finding Groups in Data, chapter 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

DIGITS = 12
"""Distances equal to so many digits are equal."""


def clusters(correlations: np.ndarray, alike: float) -> np.ndarray:
    """Cluster of each column, numbered from 1 in the order of columns: every two of one correlate above `alike`."""
    if len(correlations) < 2:
        return np.ones(len(correlations), dtype=int)
    distance = np.round(1 - np.abs(correlations), DIGITS)
    tree = linkage(squareform(distance, checks=False), method="complete")
    found = fcluster(tree, 1 - alike - 0.5 * 10.0**-DIGITS, criterion="distance")
    first = {label: number for number, label in enumerate(dict.fromkeys(found.tolist()), start=1)}
    return np.array([first[label] for label in found.tolist()])


def leaders(correlations: np.ndarray, alike: float, ranked: Sequence[int], fixed: Sequence[int] = ()) -> dict[int, int]:
    """For each column that goes, the better one it is alike: no two of those that stay correlate above `alike`.

    The first of a cluster in `ranked`, best first, stays. What stays is clustered again until each stands alone, for
    complete linkage can leave two of different clusters alike. `fixed` columns stay, however alike.
    """
    gone: dict[int, int] = {}
    while found := _followers(correlations, alike, [c for c in ranked if c not in gone], set(fixed)):
        gone |= found
    return gone


def _followers(correlations: np.ndarray, alike: float, ranked: list[int], fixed: set[int]) -> dict[int, int]:
    place = clusters(correlations[np.ix_(ranked, ranked)], alike)
    first: dict[int, int] = {}
    for column, label in sorted(zip(ranked, place.tolist()), key=lambda pair: pair[0] not in fixed):
        first.setdefault(label, column)
    pairs = ((column, first[label]) for column, label in zip(ranked, place.tolist()))
    return {column: leader for column, leader in pairs if column != leader and column not in fixed}
