"""Intervals of a share that a curve gives, on a scale on which it is nearly normal, so that they stay in 0 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from riskmodels.core.errors import Misuse
from riskmodels.models.shares import jeffreys

Floats = NDArray[np.float64]
SCALES = ("log-log", "logit")


def check_scale(scale: str) -> None:
    """Refuse a scale that isn't one of SCALES."""
    if scale not in SCALES:
        raise Misuse(f"scale: found {scale!r}, expected one of {', '.join(SCALES)}")


def bounds(
    share: ArrayLike, error: ArrayLike, known: ArrayLike, confidence: float, scale: str
) -> tuple[Floats, Floats]:
    """Low and high end for shares with standard errors, arrays of one shape; NaN where the share is.

    log-log: log(-log s) +- z e / |s log s| (Kalbfleisch and Prentice 2002, 1.4); logit: logit s +- z e / (s (1 - s)).
    Where the share is 0 or 1 an error says nothing: Jeffreys' bound stands of the `known` clusters, whose state is
    known at that time.
    """
    check_scale(scale)
    s, e = np.asarray(share, float), np.asarray(error, float)
    inner = np.where((s > 0) & (s < 1), s, np.nan)
    z = float(norm.ppf(0.5 + confidence / 2))
    low, high = _log_log(inner, z * e) if scale == "log-log" else _logit(inner, z * e)
    edge_low, edge_high = jeffreys(s, known, confidence)
    edge = (s <= 0) | (s >= 1)
    return np.where(edge, edge_low, low), np.where(edge, edge_high, high)


def _log_log(s: Floats, half: Floats) -> tuple[Floats, Floats]:
    spread = half / np.abs(s * np.log(s))
    middle = np.log(-np.log(s))
    return np.exp(-np.exp(middle + spread)), np.exp(-np.exp(middle - spread))


def _logit(s: Floats, half: Floats) -> tuple[Floats, Floats]:
    spread = half / (s * (1 - s))
    return expit(logit(s) - spread), expit(logit(s) + spread)
