"""A logit on WoE columns in which every driver keeps its sign: more WoE, more risk."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodels.core.text import mark
from riskmodels.models.scorecard.worths import numbered

WRONG_SIGN = mark("its coefficient has the wrong sign")
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
    woe: np.ndarray, drivers: Sequence[str], y: np.ndarray, weight: np.ndarray, groups: Any = None
) -> LogitFit:
    """The logit of y on those WoE columns (n x p) whose coefficients are positive.

    Columns without variation go first; then, one at a time, the driver whose z value is the most negative, the rest
    being fitted anew. With `groups` (an obligor per row) the covariance is robust to clusters.
    """
    groups = None if groups is None else numbered(groups, len(y))
    flat = np.ptp(woe, axis=0) == 0
    dropped = [(drivers[i], 0.0, NO_INFORMATION) for i in np.flatnonzero(flat).tolist()]
    kept: list[int] = np.flatnonzero(~flat).tolist()
    fit, separated = _glm(woe[:, kept], y, weight, groups)
    while kept and (fit.params[1:] <= 0).any():
        worst = int(np.argmin(fit.tvalues[1:]))
        dropped.append((drivers[kept[worst]], float(fit.params[1 + worst]), WRONG_SIGN))
        del kept[worst]
        fit, separated = _glm(woe[:, kept], y, weight, groups)
    names = tuple(drivers[i] for i in kept)
    return LogitFit(names, tuple(dropped), fit.params, fit.cov_params(), float(fit.llf), separated)


def _glm(woe: np.ndarray, y: np.ndarray, weight: np.ndarray, groups: Any) -> tuple[Any, bool]:
    # Fitting needs statsmodels, which takes most of a second to import; scoring a stored model doesn't.
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning, SpecificationWarning

    design = np.column_stack([np.ones(len(y)), woe])
    model = GLM(y, design, family=Binomial(), freq_weights=weight)
    clusters = {} if groups is None else {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # said by `separated` instead
        warnings.simplefilter("ignore", SpecificationWarning)  # clusters of weighted rows: tested against repeated ones
        fit = model.fit(tol=1e-12, **clusters)
    certain = fit.fittedvalues * (1 - fit.fittedvalues) < CERTAIN
    return fit, bool(certain.any())
