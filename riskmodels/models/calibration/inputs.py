"""What a calibration may be fitted on, checked once: probabilities, outcomes, weights, obligors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from riskmodels.core.errors import Misuse
from riskmodels.models.calibration.maps import Floats
from riskmodels.models.inputs import SampleError


@dataclass(frozen=True)
class Judged:
    """Rows with an outcome (n,): p strictly inside 0 to 1 unless asked otherwise, y 1 = bad, weight above 0."""

    p: Floats
    y: Floats
    weight: Floats
    groups: np.ndarray | None

    @property
    def events(self) -> int:
        """Number of bad rows."""
        return int(self.y.sum())

    def mean(self, values: Floats) -> float:
        """The weighted mean of one value per row."""
        return float(np.average(values, weights=self.weight))


def probabilities(values: ArrayLike, missing: bool = False) -> Floats:
    """The values as an array, refused when one is outside 0 to 1, or missing unless that is allowed."""
    p = np.asarray(values, float)
    if not missing and (gone := int(np.isnan(p).sum())):
        raise SampleError(f"probability: found {gone} missing of {p.size}, expected none")
    if outside := int(((p < 0) | (p > 1)).sum()):
        raise SampleError(f"probability: found {outside} of {p.size} outside 0 to 1, expected none")
    return p


def weights(values: ArrayLike | None, n: int) -> Floats:
    """The weights of n rows, 1 each where none are given; refused when negative, not finite or all 0."""
    weight = np.ones(n) if values is None else _column(values, n, "weight")
    if not np.isfinite(weight).all() or (weight < 0).any() or not weight.sum() > 0:
        raise SampleError("weight: found negative, missing or only zero weights, expected 0 or more and some above")
    return weight


def judged(
    probability: ArrayLike,
    outcome: ArrayLike,
    weight: ArrayLike | None,
    groups: ArrayLike | None,
    kind: str,
    fewest: int,
) -> Judged:
    """The sample a curve of that kind is fitted on, refused when it has fewer of either class than `fewest`.

    Rows of weight 0 are left out.
    """
    p = probabilities(probability)
    y = _column(outcome, p.size, "outcome")
    if not np.isin(y, (0, 1)).all():
        raise SampleError("outcome: found values other than 0 and 1, expected 1 for bad and 0 for good")
    w, of = weights(weight, p.size), None if groups is None else np.asarray(groups)
    if of is not None and len(of) != p.size:
        raise SampleError(f"groups: found {len(of)} values, expected {p.size}, one per probability")
    used = w > 0
    bad = int(y[used].sum())
    if min(bad, int(used.sum()) - bad) < fewest:
        raise SampleError(
            f"{kind}: found {bad} bad of {int(used.sum())} rows, expected at least {fewest} bad and {fewest} good; "
            "anchor to a tendency instead"
        )
    return Judged(p[used], y[used], w[used], None if of is None else of[used])


def inside(p: Floats, kind: str) -> None:
    """Refuse probabilities of exactly 0 or 1, whose log-odds are infinite and would outvote all others."""
    if certain := int(((p == 0) | (p == 1)).sum()):
        raise SampleError(
            f"{kind}: found {certain} probabilities of exactly 0 or 1, expected all strictly between; "
            "leave those rows out"
        )


def rate(value: float, name: str) -> float:
    """The value, refused unless strictly between 0 and 1."""
    if not 0 < value < 1:
        raise Misuse(f"{name}: found {value}, expected strictly between 0 and 1")
    return float(value)


def _column(values: ArrayLike, n: int, name: str) -> Floats:
    column = np.asarray(values, float)
    if column.shape != (n,):
        raise SampleError(f"{name}: found shape {column.shape}, expected ({n},), one per probability")
    return column
