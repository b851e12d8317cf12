"""The maps from probability to probability, on arrays (n,); missing stays missing.

All but `steps` are strictly rising, so nobody overtakes anybody; `steps` may make neighbours equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, xlog1py, xlogy

Floats = NDArray[np.float64]


def shifted(p: Floats, shift: float) -> Floats:
    """expit(logit(p) + shift): every odds times exp(shift); 0 stays 0, and 1 stays 1."""
    return np.asarray(expit(logit(p) + shift))


def line(p: Floats, intercept: float, slope: float) -> Floats:
    """expit(intercept + slope x logit(p)), slope above 0; 0 stays 0, and 1 stays 1."""
    return np.asarray(expit(intercept + slope * logit(p)))


def beta_curve(p: Floats, a: float, b: float, c: float) -> Floats:
    """expit(a ln p - b ln(1 - p) + c), a and b of 0 or more; with a = b it is the line of slope a.

    0 stays 0 if a is above 0, and 1 stays 1 if b is. Reference: Kull, Silva Filho, Flach 2017.
    """
    return np.asarray(expit(xlogy(a, p) - xlog1py(b, -p) + c))


def steps(p: Floats, knots: list[float], values: list[float]) -> Floats:
    """The values at the knots, straight between them, flat outside."""
    return np.interp(p, knots, values)


MAPS: Mapping[str, Callable[..., Any]] = {
    "anchored": shifted,
    "corrected_odds": shifted,
    "slope_intercept": line,
    "beta": beta_curve,
    "isotonic": steps,
}
"""The map of each kind of calibration; its parameters are the record's."""
