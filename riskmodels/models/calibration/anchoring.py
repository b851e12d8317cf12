"""Probabilities moved to a level by one shift of their log-odds: to a central tendency, or from a sample's odds."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import expit, logit

from riskmodels.core.errors import Misuse
from riskmodels.models.calibration.inputs import probabilities, rate, weights
from riskmodels.models.calibration.maps import Floats, shifted
from riskmodels.models.calibration.record import Calibration
from riskmodels.models.inputs import SampleError


def anchored(probability: ArrayLike, tendency: float, weight: ArrayLike | None = None) -> Calibration:
    """The shift of all log-odds (n,) after which the weighted mean probability is `tendency`, in (0, 1).

    The mean rises with the shift, so there is one root. Probabilities of exactly 0 or 1 stay what they are; a tendency
    that they alone rule out is refused.
    """
    p = _column(probability)
    w, aim = weights(weight, p.size), rate(tendency, "tendency")
    return _shift(p, w, "anchored", _root(p, w, aim))


def corrected_odds(
    probability: ArrayLike, sample_rate: float, population_rate: float, weight: ArrayLike | None = None
) -> Calibration:
    """Bayes' correction of probabilities learnt where `sample_rate` is bad, for where `population_rate` is.

    Odds are multiplied by the ratio of the two rates' odds; the mean comes out near the population's rate, not at it.
    Reference: Elkan 2001, theorem 2.
    """
    p = _column(probability)
    shift = logit(rate(population_rate, "population_rate")) - logit(rate(sample_rate, "sample_rate"))
    return _shift(p, weights(weight, p.size), "corrected_odds", float(shift))


def _column(probability: ArrayLike) -> Floats:
    p = probabilities(probability)
    if p.ndim != 1 or not p.size:
        raise SampleError(f"probability: found shape {p.shape}, expected (n,) with at least one row")
    return p


def _shift(p: Floats, w: Floats, kind: str, shift: float) -> Calibration:
    before, after = (float(np.average(values, weights=w)) for values in (p, shifted(p, shift)))
    return Calibration(kind, {"shift": shift}, p.size, before, after)


def _root(p: Floats, w: Floats, tendency: float) -> float:
    open_ = (p > 0) & (p < 1) & (w > 0)
    x, share = logit(p[open_]), w[open_] / w.sum()
    rest, certain = float(share.sum()), float(w @ (p == 1)) / float(w.sum())
    if not certain < tendency < certain + rest:
        raise Misuse(
            f"tendency: found {tendency}, expected between {certain:.6g} and {certain + rest:.6g}, the shares that "
            "probabilities of exactly 1 and of not 0 allow"
        )
    # At the ends all are at or below, and at or above, the mean that the uncertain ones have to reach.
    aim = logit((tendency - certain) / rest)
    low, high = aim - x.max(), aim - x.min()
    if high - low < 1e-12:
        return float((low + high) / 2)
    return float(brentq(lambda s: share @ expit(x + s) + certain - tendency, low - 1e-9, high + 1e-9, xtol=1e-14))
