"""Curves fitted to outcomes: a line in log-odds, a beta curve, rising steps.

All take `probability` (n,) in [0, 1], `outcome` (n,) with 1 for bad, and `weight` (n,) of 0 or more that counts rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit
from sklearn.isotonic import IsotonicRegression

from riskmodels.models.calibration.inputs import Judged, inside, judged
from riskmodels.models.calibration.maps import MAPS
from riskmodels.models.calibration.record import Calibration
from riskmodels.models.inputs import SampleError
from riskmodels.models.scorecard.logit import LogitFit, fit_signed

FEWEST = {"slope_intercept": 10, "beta": 30, "isotonic": 50}
"""The fewest bad, and the fewest good, that each curve is fitted on: ten per parameter of the beta curve (Peduzzi and
others 1996), five per parameter of the line, whose errors tell the rest; steps need more (Niculescu-Mizil, Caruana 2005
find them to overfit small samples), 50 is a house default."""


def slope_intercept(
    probability: ArrayLike, outcome: ArrayLike, weight: ArrayLike | None = None, groups: ArrayLike | None = None
) -> Calibration:
    """The line logit P(bad) = intercept + slope x logit(p) of greatest likelihood, with standard errors.

    With `groups` (n,), an obligor per row, errors are robust to clusters. The mean comes out at the rate of bad. A
    slope of 0 or less, which would turn the order round, is refused. Reference: Cox 1958.
    """
    sample = _inside(probability, outcome, weight, groups, "slope_intercept")
    fit = _fitted(sample, logit(sample.p)[:, None], ("slope",), "slope_intercept")
    return _recorded(sample, "slope_intercept", fit, ("intercept", "slope"))


def beta(
    probability: ArrayLike, outcome: ArrayLike, weight: ArrayLike | None = None, groups: ArrayLike | None = None
) -> Calibration:
    """The beta curve logit P(bad) = a ln p - b ln(1 - p) + c of greatest likelihood with a and b of 0 or more.

    One that would be negative is 0, and the rest fitted anew. Reference: Kull, Silva Filho, Flach 2017.
    """
    sample = _inside(probability, outcome, weight, groups, "beta")
    fit = _fitted(sample, np.column_stack([np.log(sample.p), -np.log1p(-sample.p)]), ("a", "b"), "beta")
    return _recorded(sample, "beta", fit, ("a", "b", "c"))


def isotonic(probability: ArrayLike, outcome: ArrayLike, weight: ArrayLike | None = None) -> Calibration:
    """The rising steps of least squares (pool adjacent violators), straight between knots, flat outside the sample.

    Neighbours may come out equal. Probabilities below the first bad one become exactly 0, and those above the last good
    one exactly 1: put a floor under them before they serve as PDs.
    """
    sample = judged(probability, outcome, weight, None, "isotonic", FEWEST["isotonic"])
    if sample.mean(sample.p * sample.y) <= sample.mean(sample.p) * sample.mean(sample.y):
        raise SampleError(_unordered("isotonic"))
    fit = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(sample.p, sample.y, sample.weight)
    knots, values = fit.X_thresholds_.tolist(), fit.y_thresholds_.tolist()
    if values[0] == values[-1]:
        raise SampleError(_unordered("isotonic"))
    return _made(sample, "isotonic", {"knots": knots, "values": values}, {})


def _inside(p: ArrayLike, y: ArrayLike, weight: ArrayLike | None, groups: ArrayLike | None, kind: str) -> Judged:
    sample = judged(p, y, weight, groups, kind, FEWEST[kind])
    inside(sample.p, kind)
    return sample


def _fitted(sample: Judged, columns: np.ndarray, names: tuple[str, ...], kind: str) -> LogitFit:
    fit = fit_signed(columns, names, sample.y, sample.weight, sample.groups)
    if not fit.drivers:
        raise SampleError(_unordered(kind))
    if fit.separated:
        raise SampleError(f"{kind}: found bad and good parted by probability without overlap, expected some overlap")
    return fit


def _recorded(sample: Judged, kind: str, fit: LogitFit, names: tuple[str, ...]) -> Calibration:
    """The record of a fit with its parameters in this order; a weight that was left out is 0."""
    terms = ("c" if kind == "beta" else "intercept", *fit.drivers)
    estimates = dict(zip(terms, fit.estimates.tolist()))
    errors = dict(zip(terms, np.sqrt(np.diag(fit.covariance)).tolist()))
    return _made(sample, kind, {name: estimates.get(name, 0.0) for name in names}, errors)


def _made(sample: Judged, kind: str, parameters: dict[str, object], errors: dict[str, float]) -> Calibration:
    after = sample.mean(MAPS[kind](sample.p, **parameters))
    return Calibration(kind, parameters, sample.p.size, sample.mean(sample.p), after, sample.events, errors)


def _unordered(kind: str) -> str:
    return f"{kind}: found no more bad where probabilities are higher, expected the order of the probabilities to hold"
