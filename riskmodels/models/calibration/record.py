"""What a calibration is, on disk, in a table, and applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit
from scipy.stats import norm

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.calibration.inputs import probabilities
from riskmodels.models.calibration.maps import MAPS, Floats

FURTHEST = 60.0
"""Log-odds beyond which a probability is as good as 0 or 1."""
TERMS = {
    "shift": mark("shift of the log-odds"),
    "intercept": mark("intercept"),
    "slope": mark("slope of the log-odds"),
    "a": mark("a, weight of ln p"),
    "b": mark("b, weight of -ln(1 - p)"),
    "c": mark("c, constant"),
}


@dataclass(frozen=True)
class Calibration:
    """A map of probabilities to calibrated ones, and the sample it rests on.

    `kind` is a key of `maps.MAPS` and `parameters` its arguments; `errors` are standard errors of the estimated ones.
    `n` rows, `events` bad ones (None where no outcome was used), `before` and `after` the sample's mean probability,
    weighted as it was fitted.
    """

    kind: str
    parameters: Mapping[str, Any]
    n: int
    before: float
    after: float
    events: int | None = None
    errors: Mapping[str, float] = field(default_factory=dict)

    def apply(self, probability: ArrayLike) -> Floats:
        """The calibrated probability of each; missing stays missing, a value outside 0 to 1 is refused."""
        return np.asarray(MAPS[self.kind](probabilities(probability, missing=True), **self.parameters))

    def reached(self, target: ArrayLike) -> Floats:
        """The least probability whose calibrated one is at least each target, found by bisection; 1 where none is."""
        aim = probabilities(target)
        low, high = np.full(aim.shape, -FURTHEST), np.full(aim.shape, FURTHEST)
        for _halving in range(80):
            middle = (low + high) / 2
            enough = self.apply(expit(middle)) >= aim
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.asarray(expit(high))

    def summary(self) -> pd.DataFrame:
        """One row per parameter, of an isotonic curve per knot: estimate, standard error and 95 % interval if known."""
        terms, value = _estimates(self.kind, self.parameters)
        error = np.full(len(value), np.nan)
        error[: len(self.parameters)] = [self.errors.get(name, np.nan) for name in self.parameters]
        width = norm.ppf(0.975) * error
        columns = {
            _("term"): terms,
            _("estimate"): value,
            _("standard error"): error,
            _("low"): value - width,
            _("high"): value + width,
        }
        return pd.DataFrame(columns)

    def card(self) -> dict[str, Any]:
        """What the calibration is and what it rests on, as plain values."""
        return {"model": "calibration", **self.to_state()}

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same calibration."""
        return {**vars(self), "parameters": dict(self.parameters), "errors": dict(self.errors)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Calibration:
        """The calibration `to_state` described; whatever else a folder of models adds is left alone."""
        return cls(**{each.name: state[each.name] for each in fields(cls)})


def _estimates(kind: str, parameters: Mapping[str, Any]) -> tuple[list[str], np.ndarray]:
    if kind != "isotonic":
        return [_(TERMS[name]) for name in parameters], np.array(list(parameters.values()), dtype=float)
    said = _("at probability {p}")
    return [said.format(p=f"{x:.6g}") for x in parameters["knots"]], np.array(parameters["values"])
