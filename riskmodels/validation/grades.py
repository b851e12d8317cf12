"""Calibration and concentration grade by grade: Jeffreys, binomial, the chi-squared test of WP14, Holm, HI.

Arrays are one value per grade (K,): `probability` the grade's PD, `n` its cases, `events` its bad cases.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta, binom, chi2, norm

from riskmodels.validation.calibration import Chi2

Floats = NDArray[np.float64]


def jeffreys_p(probability: ArrayLike, n: ArrayLike, events: ArrayLike) -> Floats:
    """p-value of the Jeffreys test, H0: the PD is at least the true rate; a small p is a PD too low.

    F_Beta(D + 1/2, N - D + 1/2)(PD). Reference: ECB validation reporting, 2019, 2.5.2.
    """
    d = np.asarray(events, float)
    return np.asarray(beta.cdf(probability, d + 0.5, np.asarray(n, float) - d + 0.5))


def binomial_p(probability: ArrayLike, n: ArrayLike, events: ArrayLike) -> Floats:
    """P(at least that many events) when cases are independent, H0: the PD is at least the true rate.

    Small = PD too low.
    """
    return np.asarray(binom.sf(np.asarray(events) - 1, n, probability))


def fewest_rejected(p_value: Callable[[Floats], Floats], n: ArrayLike, level: float) -> NDArray[np.int64]:
    """The fewest events (K,), one at least, whose p-value is at most `level`; n + 1 where no number's is.

    `p_value` maps events (K,) to p-values (K,) and falls with the events. Found by bisection, all grades at once.
    """
    high = np.asarray(n, float) + 1
    low = np.zeros_like(high)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        rejected = p_value(middle) <= level
        high, low = np.where(rejected, middle, high), np.where(rejected, low, middle)
    return high.astype("int64")


def wp14_chi2(probability: ArrayLike, n: ArrayLike, events: ArrayLike) -> Chi2:
    """Joint test over grades, H0: every PD is right: sum (n PD - D)^2 / (n PD (1 - PD)), degrees of freedom K.

    A grade without cases is left out. One without variance (PD 0 or 1) adds nothing where events come as expected, and
    contradicts H0 where they don't: the statistic is then infinite. NaN without any case.
    Reference: BCBS working paper 14, 2005 (there called Hosmer-Lemeshow).
    """
    p, m, d = (np.asarray(a, float)[np.asarray(n) > 0] for a in np.broadcast_arrays(probability, n, events))
    apart, variance = (m * p - d) ** 2, m * p * (1 - p)
    sure = np.where(apart > 1e-9, np.inf, 0.0)
    statistic = float(np.sum(np.divide(apart, variance, out=sure, where=variance > 0)))
    return Chi2(statistic, len(p), float(chi2.sf(statistic, len(p))) if len(p) else float("nan"))


def holm(p: ArrayLike) -> Floats:
    """Holm's adjusted p-values of one family (K,): rejecting those below a level keeps the family's error under it."""
    values = np.asarray(p, float)
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted


def concentration_index(n: ArrayLike) -> float:
    """Herfindahl index of grades on the ECB's scale, 0 for equal grades to 1 for all cases in one.

    NaN for a single grade.

    CV = sqrt(K sum (R - 1/K)^2), HI = 1 + log((CV^2 + 1) / K) / log K. Reference: ECB 2019, 2.5.5.
    """
    counts = np.asarray(n, float)
    grades = len(counts)
    return 1 + float(np.log((variation(counts) ** 2 + 1) / grades) / np.log(grades)) if grades > 1 else float("nan")


def concentration_p(now: ArrayLike, initial: ArrayLike) -> float:
    """p-value, H0: grades are not more concentrated now than initially; a small p is a rise of concentration.

    z = sqrt(K - 1)(CV_now - CV_initial) / sqrt(CV_now^2 (0.5 + CV_now^2)). Reference: ECB 2019, 2.5.5.
    """
    cv, grades = variation(now), len(np.asarray(now))
    spread = np.sqrt(cv**2 * (0.5 + cv**2))
    return float(norm.sf(np.sqrt(grades - 1) * (cv - variation(initial)) / spread)) if spread > 0 else float("nan")


def variation(n: ArrayLike) -> float:
    """Coefficient of variation of the shares of K grades, sqrt(K sum (R - 1/K)^2); NaN where all are empty."""
    counts = np.asarray(n, float)
    if not counts.sum() > 0:
        return float("nan")
    share = counts / counts.sum()
    return float(np.sqrt(len(share) * np.sum((share - 1 / len(share)) ** 2)))
