"""Firth's logit: finite and nearly unbiased coefficients from few defaults, even where the classes are separated.

The log-likelihood is penalised by Jeffreys' prior, l*(b) = l(b) + 1/2 log |X'WX|. References: Firth, Biometrika 1993;
Heinze, Schemper, Statistics in Medicine 2002 (profile intervals); Puhr and others, Statistics in Medicine 2017
(intercept correction, FLIC).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.linalg import qr
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import chi2

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import SampleError, same_length

STEPS = 500
CLOSE = 1e-18  # of the Newton decrement: twice the gain in log-likelihood that is still to be had

HIDDEN = 1e-11  # share of the log-likelihood that rounding hides


@dataclass(frozen=True)
class FirthFit:
    """A fitted Firth logit, intercept first: arrays of 1 + p, `covariance` 1 + p x 1 + p.

    `low`, `high` and `p_values` come from the profile of the penalised likelihood. `level` is the intercept of FLIC:
    with it in place of the first estimate, the mean predicted probability is the observed rate.
    """

    terms: tuple[str, ...]
    estimates: np.ndarray
    covariance: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_values: np.ndarray
    log_likelihood: float
    level: float
    confidence: float

    def probabilities(self, X: Any) -> np.ndarray:
        """Probability of bad of each row of X (n x p), by the intercept of FLIC."""
        return expit(self.level + np.asarray(X, dtype=float) @ self.estimates[1:])

    def summary(self) -> pd.DataFrame:
        """One row per term: estimate (log-odds per unit), standard error, profile interval, p value."""
        columns = {
            _("term"): [_("intercept"), *self.terms],
            _("estimate"): self.estimates,
            _("standard error"): np.sqrt(np.diag(self.covariance)),
            _("low"): self.low,
            _("high"): self.high,
            _("p value"): self.p_values,
        }
        return pd.DataFrame(columns)


@dataclass(frozen=True)
class _Data:
    """The design with its intercept, y and weight; columns of unit size, and what each was divided by."""

    design: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    scale: np.ndarray


@dataclass(frozen=True)
class _Point:
    """Penalised log-likelihood at `beta`, each row's part of its gradient, and Fisher's information."""

    beta: np.ndarray
    value: float
    scores: np.ndarray
    information: np.ndarray


def firth(X: Any, y: Any, weight: Any = None, groups: Any = None, confidence: float = 0.95) -> FirthFit:
    """The logit of y (n,), 1 = bad, on the columns of X (n x p), with an intercept, that maximises l*.

    `weight` counts each row so often. `groups` names each row's obligor: the covariance is then robust to clusters,
    and the profile's likelihood ratios are divided by each coefficient's ratio of robust to plain variance, at least
    1: few defaults make that ratio uncertain, and clusters never add information. Refused as SampleError: missing or
    infinite values, one class only, negative weights, columns that repeat each other.
    """
    if not 0 < confidence < 1:
        raise Misuse(f"confidence: found {confidence}, expected a share between 0 and 1")
    data, terms = _checked(X, y, weight, groups)
    best, plain, covariance = _best(data, groups)
    inflation = np.maximum(np.diag(covariance) / np.diag(plain), 1)
    low, high, p = _profiled(data, best, plain, inflation, confidence)
    return FirthFit(
        terms=terms,
        estimates=best.beta / data.scale,
        covariance=covariance / np.outer(data.scale, data.scale),
        low=low / data.scale,
        high=high / data.scale,
        p_values=p,
        log_likelihood=best.value + float(np.log(data.scale).sum()),
        level=intercept_for(data.design[:, 1:] @ best.beta[1:], _rate(data), data.weight),
        confidence=confidence,
    )


def firth_maximum(X: Any, y: Any, weight: Any = None, groups: Any = None) -> tuple[np.ndarray, np.ndarray, float]:
    """Estimates, covariance and penalised log-likelihood of `firth`, without profiles, which take most of its time."""
    data, _terms = _checked(X, y, weight, groups)
    best, _plain, covariance = _best(data, groups)
    value = best.value + float(np.log(data.scale).sum())
    return best.beta / data.scale, covariance / np.outer(data.scale, data.scale), value


def intercept_for(index: np.ndarray, rate: float, weight: Any = None) -> float:
    """The intercept at which the mean probability over log-odds `index` (n,) is `rate`, strictly between 0 and 1."""
    if not 0 < rate < 1:
        raise Misuse(f"rate: found {rate}, expected a probability strictly between 0 and 1")
    low, high = logit(rate) - index.max() - 1e-6, logit(rate) - index.min() + 1e-6
    return float(brentq(lambda a: np.average(expit(a + index), weights=weight) - rate, low, high, xtol=1e-14))


def _checked(X: Any, y: Any, weight: Any, groups: Any) -> tuple[_Data, tuple[str, ...]]:
    values, target = _numbers(X, "X"), _numbers(y, "y")
    if values.ndim != 2:
        raise SampleError(f"X: found {values.ndim} dimensions, expected 2, rows and columns")
    if bad := int((~np.isfinite(values)).sum()):
        raise SampleError(f"X: found {bad} missing or infinite values, expected none")
    terms = tuple(map(str, getattr(X, "columns", (f"x{i}" for i in range(values.shape[1])))))
    counts = np.ones(len(values)) if weight is None else _numbers(weight, "weight")
    same_length(pd.DataFrame(values), y=target, weight=counts, **({} if groups is None else {"groups": groups}))
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise SampleError("weight: found negative or missing weights, expected 0 or more")
    if set(np.unique(target[counts > 0])) != {0.0, 1.0}:
        raise SampleError(f"y: found {np.unique(target[counts > 0])[:5].tolist()}, expected two classes, 0 and 1")
    design = np.column_stack([np.ones(len(values)), values])
    _check_rank(design[counts > 0], ("intercept", *terms))
    scale = np.sqrt(np.mean(design**2, axis=0))
    return _Data(design / scale, target, counts, scale), terms


def _best(data: _Data, groups: Any) -> tuple[_Point, np.ndarray, np.ndarray]:
    """The maximum, its plain covariance, and the one that is robust to clusters where there are groups."""
    best = _maximised(data, np.zeros(len(data.scale)), np.ones(len(data.scale), dtype=bool))
    plain = np.linalg.inv(best.information)
    return best, plain, plain if groups is None else _clustered(best, plain, groups)


def _rate(data: _Data) -> float:
    return float(np.average(data.y, weights=data.weight))


def _numbers(values: Any, name: str) -> np.ndarray:
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise SampleError(f"{name}: found text, expected numbers") from None


def _check_rank(design: np.ndarray, terms: tuple[str, ...]) -> None:
    size = np.linalg.norm(design, axis=0)
    _q, r, order = qr(design / np.where(size > 0, size, 1), mode="economic", pivoting=True)
    kept = np.abs(np.diag(r)) > 1e-10
    spare = [terms[i] for i in sorted(order[int(kept.sum()) :])]
    if spare:
        raise SampleError(f"X: found columns that others already tell: {spare}; expected none constant or repeated")


def _at(data: _Data, beta: np.ndarray) -> _Point:
    eta = data.design @ beta
    p = expit(eta)
    spread = data.weight * p * (1 - p)
    information = data.design.T @ (spread[:, None] * data.design)
    sign, size = np.linalg.slogdet(information)
    if sign <= 0 or not np.isfinite(size):
        return _Point(beta, -np.inf, data.design, information)
    leverage = spread * np.einsum("ij,ji->i", data.design, np.linalg.solve(information, data.design.T))
    residual = data.weight * (data.y - p) + leverage * (0.5 - p)
    likelihood = data.weight @ (data.y * eta - np.logaddexp(0, eta))
    return _Point(beta, float(likelihood + size / 2), residual[:, None] * data.design, information)


def _maximised(data: _Data, start: np.ndarray, free: np.ndarray) -> _Point:
    """The maximum of l* over the `free` coefficients, by Fisher's scoring with halved steps.

    Far out, where the information tells little of the curvature, steps can gain little for long: those that leap to and
    fro over the maximum are then halved, those that creep to one side doubled each time.
    """
    here, last, before, size = _at(data, start), np.zeros(len(start)), np.inf, 1.0
    for _step in range(STEPS):
        score = here.scores.sum(axis=0)[free]
        step = np.zeros(len(start))
        step[free] = np.linalg.solve(here.information[np.ix_(free, free)], score)
        if (left := score @ step[free]) < CLOSE:
            return here
        slow = left > before / 2
        size = (0.5 if score @ last[free] < 0 else 2 * size) if slow else 1.0
        there = _improved(data, here, step * min(size, 5 / np.abs(step).max()))
        if there is here or (slow and there.value - here.value <= HIDDEN * abs(here.value)):
            return here
        here, last, before = there, there.beta - here.beta, left
    raise SampleError(f"firth: found no maximum within {STEPS} steps, expected columns that repeat each other less")


def _improved(data: _Data, here: _Point, step: np.ndarray) -> _Point:
    """The point a step, or a part of it, leads to without loss; `here` itself when rounding hides any gain."""
    for _halving in range(40):
        there = _at(data, here.beta + step)
        if there.value >= here.value - HIDDEN * abs(here.value):
            return there
        step = step / 2
    return here


def _clustered(best: _Point, plain: np.ndarray, groups: Any) -> np.ndarray:
    codes, obligors = pd.factorize(np.asarray(groups))
    if (codes < 0).any() or len(obligors) < 2:
        raise SampleError(f"groups: found {len(obligors)} obligors, expected two or more and none missing")
    sums = np.zeros((len(obligors), best.scores.shape[1]))
    np.add.at(sums, codes, best.scores)
    return len(obligors) / (len(obligors) - 1) * plain @ (sums.T @ sums) @ plain


def _profiled(
    data: _Data, best: _Point, plain: np.ndarray, inflation: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lower and upper ends of the profile intervals, and p values of each coefficient's being 0."""
    falls = chi2.ppf(confidence, 1) / 2 * inflation
    terms = range(len(falls))
    ends = [[_end(data, best, plain, j, falls[j], side) for side in (-1, 1)] for j in terms]
    ratios = [2 * (best.value - _fixed(data, best, plain, j, 0.0)) / inflation[j] for j in terms]
    low, high = np.array(ends).T
    return low, high, chi2.sf(np.maximum(ratios, 0), 1)


def _fixed(data: _Data, best: _Point, plain: np.ndarray, j: int, value: float) -> float:
    """The maximum of l* with coefficient j held at a value."""
    start = best.beta + (value - best.beta[j]) * plain[:, j] / plain[j, j]
    start[j] = value
    near = start if np.isfinite(_at(data, start).value) else np.where(np.arange(len(start)) == j, value, best.beta)
    return _maximised(data, near, np.arange(len(start)) != j).value


def _end(data: _Data, best: _Point, plain: np.ndarray, j: int, fall: float, side: int) -> float:
    """Where, on one side, the profile of coefficient j has fallen by `fall`."""
    step = side * np.sqrt(2 * fall * plain[j, j])
    inner, outer = best.beta[j], best.beta[j] + step
    for _doubling in range(30):
        if best.value - _fixed(data, best, plain, j, outer) >= fall:
            return float(brentq(lambda v: best.value - _fixed(data, best, plain, j, v) - fall, inner, outer, xtol=1e-9))
        inner, step = outer, 2 * step
        outer = outer + step
    raise SampleError("firth: found a profile without an end, expected columns that repeat each other less")
