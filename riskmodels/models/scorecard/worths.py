"""What a sample gives a selection: columns as what their bins are worth, signs found, obligors numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.base import clone

from riskmodels.models.binning.binner import Binner, feature
from riskmodels.models.inputs import SampleError
from riskmodels.models.panel.rows import obligors_of

SIGN_ROWS = 100_000
"""A sign is looked for in at most so many rows, evenly spaced: more would not change it, and ranks cost a sort."""
SURE = 1.96
"""A sign is told when the rank correlation is so many standard errors from 0."""


def binner_of(binner: Binner, names: Sequence[str]) -> Binner:
    """The unfitted binner for some columns: what it is told by column, of those only."""
    asked = {
        key: {name: told for name, told in value.items() if name in names}
        for key, value in binner.get_params(deep=False).items()
        if isinstance(value, Mapping)
    }
    return clone(binner).set_params(**asked).set_output(transform="default")


def woe_columns(fitted: Binner, frame: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """WoE of those columns of a checked frame: n x len(names), each column contiguous."""
    woe = np.empty((len(frame), len(names)), order="F")
    for place, name in enumerate(names):
        woe[:, place] = feature(fitted, name).transform(frame[name])
    return woe


def numbered(groups: Any, n: int) -> np.ndarray:
    """A number from 0 for each row's obligor (n,); a single obligor is refused, for it can't tell of others."""
    numbers = obligors_of(groups, n)
    if not numbers.any():
        raise SampleError(f"groups: found 1 obligor in all {n} rows, expected at least 2")
    return numbers


def clusters_of(groups: Any, n: int) -> np.ndarray | None:
    """A number from 0 for each row's obligor (n,); None when none is named or no row repeats one."""
    numbers = None if groups is None else numbered(groups, n)
    return None if numbers is None or numbers.max() == n - 1 else numbers


def found_sign(values: np.ndarray, y: np.ndarray, weight: np.ndarray, cluster: np.ndarray | None) -> int:
    """Whether bad grows with the value (1), falls (-1), or neither for sure (0).

    The weighted correlation of y with the rank of the value (missing ones left out), against the error it has among as
    many independent cases as there are obligors, or rows by weight.
    """
    known = np.flatnonzero(~np.isnan(values))
    known = known[:: -(-len(known) // SIGN_ROWS) or 1]
    together = _correlation(rankdata(values[known]), y[known], weight[known])
    cases_known = weight[known].sum() if cluster is None else len(np.unique(cluster[known]))
    return int(np.sign(together)) if abs(together) * np.sqrt(max(cases_known - 1, 0)) > SURE else 0


def _correlation(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> float:
    if not len(a) or np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    a, b = (part - np.average(part, weights=weight) for part in (a, b))
    return float((weight * a) @ b / np.sqrt(((weight * a) @ a) * ((weight * b) @ b)))
