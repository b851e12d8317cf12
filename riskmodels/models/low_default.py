"""PDs where hardly anybody defaults: the most prudent upper bounds of Pluto and Tasche, and Jeffreys'.

Counts are one value per grade (K,), best grade first. A most prudent bound is the largest PD that the defaults of the
grade and of all worse ones together still allow with probability 1 - confidence; grades are pooled so because a better
grade's PD is at most the worse ones'. References: Pluto, Tasche 2005 (arXiv cond-mat/0411699); Tasche 2013.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import toeplitz
from scipy.optimize import brentq
from scipy.special import bdtr, ndtr, ndtri
from scipy.stats import beta, norm
from scipy.stats.qmc import MultivariateNormalQMC

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _

Floats = NDArray[np.float64]
FURTHEST = 12.0
"""Thresholds are sought within this many standard deviations: PDs down to 1e-33."""
_NODES = 8_001
_TAIL = 1e-17


def prudent_bounds(n: ArrayLike, events: ArrayLike, confidence: float, rho: float = 0.0) -> Floats:
    """The most prudent upper PD bound (K,) of each grade from one year, never lower for a worse grade.

    `rho` in [0, 1) is the asset correlation of one common factor, in Phi((Phi^-1(p) - sqrt(rho) Z) / sqrt(1 - rho)).
    Without it the bound is Clopper and Pearson's. An empty grade has the bound of the worse ones; with none of them
    either, and where all defaulted, it is 1.
    """
    _check_share(rho, "rho", closed=True)
    if rho == 0:
        return _by_grade(n, events, confidence, lambda m, d: float(beta.ppf(confidence, d + 1, m - d)))
    return _by_grade(n, events, confidence, lambda m, d: _correlated(m, d, confidence, rho))


def prudent_bounds_over_years(
    n: ArrayLike,
    events: ArrayLike,
    confidence: float,
    rho: float,
    years: int,
    theta: float = 0.0,
    draws: int = 16_384,
    seed: int = 0,
) -> Floats:
    """The most prudent upper bound (K,) of the one-year PD from obligors (K,) followed for `years`, and those who
    defaulted meanwhile.

    The factors of two years s and t correlate by theta^|s - t|, theta in [0, 1); over all years an obligor defaults
    with probability 1 - prod_t (1 - PD given the factor of t). The mean over the factors is taken on `draws` (a power
    of two) scrambled Sobol points. Reference: Pluto, Tasche 2005, on several periods.
    """
    _check_share(rho, "rho", closed=True)
    _check_share(theta, "theta", closed=True)
    if years < 1 or draws < 2 or draws & (draws - 1):
        raise Misuse(f"years, draws: found {years}, {draws}, expected at least 1 year and a power of two")
    factors = MultivariateNormalQMC(np.zeros(years), toeplitz(theta ** np.arange(years)), rng=seed).random(draws)
    return _by_grade(n, events, confidence, lambda m, d: _followed(m, d, confidence, rho, factors))


def jeffreys_bound(n: ArrayLike, events: ArrayLike, level: float) -> Floats:
    """The PD (K,) below which the true one is with probability `level`: the quantile of Beta(D + 1/2, n - D + 1/2).

    An empty grade gives the quantile of the prior, Beta(1/2, 1/2). Counts need not be whole. Inverse of the ECB's
    Jeffreys test (2019, 2.5.2).
    """
    m, d = _counts(n, events)
    return np.asarray(beta.ppf(_check_share(level, "level"), d + 0.5, m - d + 0.5))


def jeffreys_interval(n: ArrayLike, events: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """The equal-tailed Jeffreys interval (K,), (K,) of the default rate, 0 to 1 for an empty grade.

    Its low end is 0 without defaults, its high end 1 with only defaults. Counts need not be whole: effective numbers of
    dependent cases are fine. Reference: Brown, Cai, DasGupta 2001.
    """
    m, d = _counts(n, events)
    tail = (1 - _check_share(confidence, "confidence")) / 2
    low, high = beta.ppf(tail, d + 0.5, m - d + 0.5), beta.isf(tail, d + 0.5, m - d + 0.5)
    return np.where(d == 0, 0.0, low), np.where(d == m, 1.0, high)


def bounds_table(
    grades: Sequence[str], n: ArrayLike, events: ArrayLike, confidence: float = 0.9, rho: float = 0.0
) -> pd.DataFrame:
    """One row per grade and one for the portfolio: counts, default rate, Jeffreys interval, most prudent bound.

    The portfolio's prudent bound is that of all obligors together, the best grade's. The interval's confidence is that
    of the bound, on both sides. No rate for an empty grade.
    """
    m, d = _whole(n, events)
    if len(grades) != len(m):
        raise Misuse(f"grades: found {len(grades)}, expected {len(m)}, one per count")
    prudent = prudent_bounds(m, d, confidence, rho)
    all_m, all_d = np.append(m, m.sum()), np.append(d, d.sum())
    low, high = jeffreys_interval(all_m, all_d, confidence)
    columns = {
        _("grade"): [*grades, _("portfolio")],
        _("n"): all_m.astype(int),
        _("defaults"): all_d.astype(int),
        _("default rate"): np.divide(all_d, all_m, out=np.full(len(all_m), np.nan), where=all_m > 0),
        _("low"): low,
        _("high"): high,
        _("most prudent bound"): np.append(prudent, prudent[0]),
    }
    return pd.DataFrame(columns)


def _by_grade(n: ArrayLike, events: ArrayLike, confidence: float, bound: Callable[[float, float], float]) -> Floats:
    """The bound of each grade pooled with all worse ones; where fewer defaults there would lower it, a better one's."""
    _check_share(confidence, "confidence")
    m, d = (np.cumsum(counts[::-1])[::-1] for counts in _whole(n, events))
    pooled = [bound(of, bad) if bad < of else 1.0 for of, bad in zip(m.tolist(), d.tolist())]
    return np.maximum.accumulate(pooled)


def _correlated(n: float, events: float, confidence: float, rho: float) -> float:
    """The PD at which P(D <= events) is 1 - confidence.

    D <= d if and only if a Beta(d + 1, n - d) variable B is above the PD given the factor, that is if
    sqrt(1 - rho) Phi^-1(B) + sqrt(rho) Z is above Phi^-1(PD): the integral over Z is a normal distribution function,
    the one over B is summed on even nodes of Phi^-1(B), where nothing of the binomial's steep edge remains.
    """
    law = beta(events + 1, n - events)
    low, high = ndtri([law.ppf(_TAIL), law.isf(_TAIL)]).clip(-37, 8).tolist()
    nodes = np.linspace(low, high, _NODES)
    weight = np.exp(law.logpdf(ndtr(nodes)) + norm.logpdf(nodes))
    weight /= weight.sum()
    return _solved(lambda c: float(weight @ ndtr((np.sqrt(1 - rho) * nodes - c) / np.sqrt(rho))), confidence)


def _followed(n: float, events: float, confidence: float, rho: float, factors: Floats) -> float:
    def allowed(threshold: float) -> float:
        """Chance of so few defaults if each year's default lies below `threshold`."""
        yearly = ndtr((threshold - np.sqrt(rho) * factors) / np.sqrt(1 - rho))
        ever = -np.expm1(np.log1p(-yearly.clip(max=1 - 1e-16)).sum(axis=1))
        return float(bdtr(events, int(n), ever).mean())

    return _solved(allowed, confidence)


def _solved(allowed: Callable[[float], float], confidence: float) -> float:
    """The PD whose threshold c has allowed(c) = 1 - confidence; `allowed` falls with c."""
    root = brentq(lambda c: allowed(c) - (1 - confidence), -FURTHEST, FURTHEST, xtol=1e-13)
    return float(ndtr(root))


def _whole(n: ArrayLike, events: ArrayLike) -> tuple[Floats, Floats]:
    m, d = _counts(n, events)
    if (m % 1).any() or (d % 1).any():
        raise Misuse(f"n, events: found {m.tolist()} and {d.tolist()}, expected whole numbers")
    return m, d


def _counts(n: ArrayLike, events: ArrayLike) -> tuple[Floats, Floats]:
    m, d = np.atleast_1d(np.asarray(n, float)), np.atleast_1d(np.asarray(events, float))
    if m.shape != d.shape or m.ndim != 1 or not m.size:
        raise Misuse(f"n, events: found shapes {m.shape} and {d.shape}, expected one value of each per grade")
    if not np.isfinite(m).all() or not ((d >= 0) & (d <= m)).all():
        raise Misuse(f"n, events: found {m.tolist()} and {d.tolist()}, expected numbers with 0 <= events <= n")
    return m, d


def _check_share(value: float, name: str, closed: bool = False) -> float:
    if not (0 <= value < 1 if closed else 0 < value < 1):
        raise Misuse(f"{name}: found {value}, expected {'0 or more and ' if closed else 'above 0 and '}below 1")
    return float(value)
