"""The sample of every model of a share: columns, a target in [0, 1], weights, and whose row each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError, checked_regression, fingerprint

OUTSIDE = ("refuse", "clip")


@dataclass(frozen=True)
class ShareSample:
    """Rows a model of a share is fitted on: y lies in [0, 1], weight is positive, groups are obligors or None.

    `used` marks them among the rows that were given.
    """

    frame: pd.DataFrame
    y: np.ndarray
    weight: np.ndarray
    groups: np.ndarray | None
    used: np.ndarray

    def described(self) -> dict[str, Any]:
        """Size, mean, shares of the two ends and hash of the sample, for a model's card."""
        return {
            "rows": len(self.y),
            "weight": float(self.weight.sum()),
            "mean": float(np.average(self.y, weights=self.weight)),
            "share_zero": float(np.average(self.y == 0, weights=self.weight)),
            "share_one": float(np.average(self.y == 1, weights=self.weight)),
            "clusters": None if self.groups is None else len(pd.unique(self.groups)),
            "sample_sha256": fingerprint(self.frame, self.y, self.weight),
        }


def checked_shares(model: Any, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> ShareSample:
    """The sample of a model whose `outside` says what becomes of a y beyond [0, 1]: refused, or drawn in to the ends.

    Rows of weight 0 are left out; the others must be two or more, of two groups or more. One value in all of them is
    what the model then says of every row.
    """
    if model.outside not in OUTSIDE:
        raise Misuse(f"outside: found {model.outside!r}, expected one of {', '.join(OUTSIDE)}")
    sample = checked_regression(model, X, y, sample_weight, groups)
    shares = _within(model, sample.y)
    _enough(shares, sample.groups)
    return ShareSample(sample.frame, shares, sample.weight, sample.groups, sample.used)


def _within(model: Any, y: np.ndarray) -> np.ndarray:
    beyond = (y < 0) | (y > 1)
    if beyond.any() and model.outside == "refuse":
        low, high = y.min(), y.max()
        raise SampleError(
            f"y: found {int(beyond.sum())} values outside [0, 1] ({low:g} to {high:g}), expected shares; "
            "outside='clip' draws them in"
        )
    return np.clip(y, 0.0, 1.0)


def _enough(y: np.ndarray, groups: np.ndarray | None) -> None:
    if len(y) < 2:
        raise SampleError(f"y: found {len(y)} sample with weight (n_samples = {len(y)}), expected two or more")
    if groups is not None and len(pd.unique(groups)) < 2:
        raise SampleError("groups: found one obligor in all, expected two or more: errors rest on how obligors differ")
