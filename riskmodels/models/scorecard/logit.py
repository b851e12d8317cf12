"""A logit on WoE columns in which every driver keeps its sign: more WoE, more risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from riskmodels.core.text import mark
from riskmodels.models.scorecard.likelihood import maximise, sandwich
from riskmodels.models.scorecard.vif import correlation, repeated
from riskmodels.models.scorecard.worths import numbered

WRONG_SIGN = mark("its coefficient has the wrong sign")
REPEATED = mark("the drivers before it say the same")
NO_INFORMATION = mark("it has one bin only")
CERTAIN = 1e-8  # p (1 - p) below this can only come from coefficients on their way to infinity


@dataclass(frozen=True)
class LogitFit:
    """A fitted logit: intercept first in `estimates` (1 + p) and `covariance` (1 + p x 1 + p).

    `separated` says that some rows are told good or bad without doubt: the coefficients then have no finite maximum
    of likelihood, and their errors mean nothing.
    """

    drivers: tuple[str, ...]
    dropped: tuple[tuple[str, float, str], ...]
    estimates: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    separated: bool

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same fit."""
        arrays = {"estimates": self.estimates.tolist(), "covariance": self.covariance.tolist()}
        return {
            **vars(self),
            "drivers": list(self.drivers),
            "dropped": list(map(list, self.dropped)),
            **arrays,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> LogitFit:
        """The fit `to_state` described."""
        arrays = {key: np.array(state[key], dtype=float) for key in ("estimates", "covariance")}
        dropped = tuple((name, value, why) for name, value, why in state["dropped"])
        return cls(**{**state, "drivers": tuple(state["drivers"]), "dropped": dropped, **arrays})


def fit_signed(
    woe: np.ndarray,
    drivers: Sequence[str],
    y: np.ndarray,
    weight: np.ndarray,
    groups: Any = None,
    precision: float = 0.0,
) -> LogitFit:
    """The logit of y on those WoE columns (n x p) whose coefficients are positive.

    Columns without variation go first, and those that the ones before them give exactly; then, one at a time, the
    driver whose z value is the most negative, the rest being fitted anew. With `groups` (an obligor per row) the
    covariance is robust to clusters. `precision` is that of a normal prior about 0 on every coefficient but the
    intercept; without it the fit is statsmodels'.
    """
    groups = None if groups is None else numbered(groups, len(y))
    flat = np.ptp(woe, axis=0) == 0
    again = ~flat & repeated(correlation(woe, weight))
    left_out = {NO_INFORMATION: flat, REPEATED: again}
    dropped = [(drivers[i], 0.0, why) for why, at in left_out.items() for i in np.flatnonzero(at).tolist()]
    kept: list[int] = np.flatnonzero(~flat & ~again).tolist()
    fit = _fitted(woe[:, kept], y, weight, groups, precision)
    while kept and (fit.estimates[1:] <= 0).any():
        worst = int(np.argmin(fit.z[1:]))
        dropped.append((drivers[kept[worst]], float(fit.estimates[1 + worst]), WRONG_SIGN))
        del kept[worst]
        fit = _fitted(woe[:, kept], y, weight, groups, precision)
    names = tuple(drivers[i] for i in kept)
    return LogitFit(names, tuple(dropped), fit.estimates, fit.covariance, fit.log_likelihood, fit.separated)


@dataclass(frozen=True)
class _Fit:
    estimates: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    separated: bool

    @property
    def z(self) -> np.ndarray:
        return self.estimates / np.sqrt(np.diag(self.covariance))


def _fitted(woe: np.ndarray, y: np.ndarray, weight: np.ndarray, groups: np.ndarray | None, precision: float) -> _Fit:
    design = np.column_stack([np.ones(len(y)), woe])
    prior = np.full(design.shape[1], precision)
    prior[0] = 0.0
    found = maximise(design, y, weight, precision=prior)
    chance = expit(design @ found.estimates)
    covariance = (
        np.linalg.pinv(found.information, hermitian=True)
        if groups is None
        else sandwich(found, design, weight * (y - chance), groups, float(weight.sum()))
    )
    certain = chance * (1 - chance) < CERTAIN
    return _Fit(found.estimates, covariance, found.log_likelihood, bool(certain.any()))
