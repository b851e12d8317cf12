"""The smallest deviation each calibration test finds with 80 % power on a sample: what a silent test leaves open.

A ratio is the true bad rate over the stated PD, above 1 where PDs are too low; infinite where no ratio is found so
often. `level` is the level of significance of the test. Arrays have one value per grade (K,) unless said otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import betaincinv, chndtrinc, gammaincc, nctdtrinc, ndtr, ndtri, stdtrit
from scipy.stats import binom, chi2, kstwobign, norm

from riskmodels.validation.correlated import critical_count, exceedance
from riskmodels.validation.dependence import t_quantile
from riskmodels.validation.grades import fewest_rejected, jeffreys_p
from riskmodels.validation.years import colour_shares, profiles

Floats = NDArray[np.float64]
POWER = 0.80
_HALVINGS = 60


def binomial_ratio(probability: ArrayLike, n: ArrayLike, level: float) -> Floats:
    """The smallest ratio (K,) that the one-sided binomial test finds with 80 % power, exact."""
    critical = binom.isf(level, np.asarray(n), probability) + 1
    return _exact_ratio(probability, n, critical)


def jeffreys_ratio(probability: ArrayLike, n: ArrayLike, level: float) -> Floats:
    """The smallest ratio (K,) that the one-sided Jeffreys test finds with 80 % power, exact."""
    return _exact_ratio(probability, n, fewest_rejected(lambda d: jeffreys_p(probability, n, d), n, level))


def correlated_ratio(probability: ArrayLike, n: ArrayLike, rho: ArrayLike, level: float) -> Floats:
    """The smallest ratio (K,) that the correlated binomial test finds with 80 % power; `rho` as in `correlated`."""
    p, m, r = np.broadcast_arrays(*(np.asarray(a, float) for a in (probability, n, rho)))
    critical = critical_count(p, m, r, level)
    chance = exceedance(m, critical, r)
    low, high = ndtri(p), np.full(p.shape, 8.2)
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        found = chance(middle) >= POWER
        low, high = np.where(found, low, middle), np.where(found, middle, high)
    return _over(np.where(critical <= m, ndtr(high), np.inf), p)


def grouped_ratio(probability: ArrayLike, n: ArrayLike, level: float) -> float:
    """The smallest ratio common to all groups that WP14's chi-squared test finds with 80 % power, or Hosmer-Lemeshow's.

    The statistic is taken as gamma distributed with its exact mean and variance, those of sum (D - n p)^2 / (n p (1 -
    p)) with D binomial of rate min(ratio x p, 1): against simulation the power is right to 2 points, also where less
    than one case is expected in a group. Out of sample, with as many degrees of freedom as groups.
    """
    p, m = (np.asarray(a, float) for a in (probability, n))
    critical, told = chi2.isf(level, len(p)), m * p * (1 - p) > 0
    p, m = p[told], m[told]

    def power(ratio: float) -> float:
        """Chance that the statistic passes the critical value."""
        mean, variance = _moments(p, m, np.minimum(ratio * p, 1.0))
        return (
            float(gammaincc(mean**2 / variance, critical * mean / variance)) if variance > 0 else float(mean > critical)
        )

    return _least(power, p)


def spiegelhalter_ratio(probability: ArrayLike, level: float) -> float:
    """The smallest ratio common to all cases (n,) that Spiegelhalter's two-sided test finds with 80 % power."""
    p = np.asarray(probability, float)
    tilt, bound = 1 - 2 * p, norm.isf(level / 2)
    spread = float(np.sqrt(np.sum(tilt**2 * p * (1 - p))))

    def power(ratio: float) -> float:
        """Chance that z passes either critical value."""
        q = np.minimum(ratio * p, 1.0)
        z = float(np.sum((q - p) * tilt)) / spread
        sd = max(float(np.sqrt(np.sum(tilt**2 * q * (1 - q)))) / spread, 1e-12)
        return float(ndtr((z - bound) / sd) + ndtr((-z - bound) / sd))

    return _least(power, p) if spread > 0 else float("inf")


def level_ratio(error: ArrayLike, level: float, df: float = math.inf) -> Floats:
    """The smallest ratio that observed over expected finds with 80 % power, two-sided.

    `error` is the standard error of observed over expected where PDs are right. At a ratio r it is error x sqrt(r), as
    for counts, so that r - 1 = error (t_{1 - level / 2} + t_{.8} sqrt(r)), Student's with `df` degrees of freedom.
    """
    e = np.asarray(error, float)
    a, b = e * t_quantile(1 - POWER, df), 1 + e * t_quantile(level / 2, df)
    return np.asarray(((a + np.sqrt(a**2 + 4 * b)) / 2) ** 2)


def estimate_distance(error: ArrayLike, level: float, df: float = math.inf) -> Floats:
    """The smallest distance from its target at which an estimate of this standard error is found with 80 % power.

    (t_{1 - level / 2} + t_{.8}) x error, two-sided: the slope's distance from 1, a difference's from 0; t Student's
    with `df` degrees of freedom.
    """
    return np.asarray(np.asarray(error, float) * (t_quantile(level / 2, df) + t_quantile(1 - POWER, df)))


def years_distance(error: ArrayLike, years: ArrayLike, level: float) -> Floats:
    """The smallest mean excess of yearly rates over PDs that the normal test finds with 80 % power, by Student's law.

    `error` is the standard error of the mean over `years` years: error x the noncentrality t_{T-1} needs, one-sided.
    """
    df = np.asarray(years, float) - 1
    return np.asarray(error * nctdtrinc(df, 1 - POWER, stdtrit(df, 1 - level)))


def lights_ratio(probability: ArrayLike, n: ArrayLike, level: float) -> float:
    """The smallest ratio common to all years (T,) that the traffic lights find with 80 % power, exact."""
    m = np.asarray(n, float)
    p, m = np.asarray(probability, float)[m > 0], m[m > 0]
    years = len(p)
    rejected = profiles(years) <= level

    def power(ratio: float) -> float:
        """Chance of a profile that is rejected: years have the colours they have, one after the other."""
        chance = np.zeros((years + 1,) * 3)
        chance[0, 0, 0] = 1.0
        for shares in colour_shares(p, m, np.minimum(ratio * p, 1.0)):
            # no profile is at the last place of an axis before the last year, so that nothing comes round
            moved = [np.roll(chance, 1, axis) for axis in range(3)]
            chance = sum(q * part for q, part in zip(shares, [*moved, chance], strict=True))
        return float(chance[rejected].sum())

    return _least(power, p)


def ks_distance(bad: float, good: float, level: float) -> float:
    """The smallest true Kolmogorov-Smirnov distance found with 80 % power among so many bad and good cases.

    (K_level + z_{.8} / 2) / sqrt(bad x good / (bad + good)), K Kolmogorov's upper quantile: at one score the distance
    has a standard error of half a root at most.
    """
    return float((kstwobign.isf(level) + norm.ppf(POWER) / 2) / np.sqrt(bad * good / (bad + good)))


def psi_distance(scale: float, df: float, level: float) -> float:
    """The smallest true PSI found with 80 % power: scale x lambda, lambda the noncentrality that chi2_df needs.

    Without a shift the PSI has the law scale x chi2_df, 1/n + 1/m and B - 1 of independent cases. Yurdakul 2018.
    """
    return float(scale * chndtrinc(chi2.isf(level, df), df, 1 - POWER))


def _moments(p: Floats, n: Floats, rate: Floats) -> tuple[float, float]:
    """Mean and variance of sum (D - n p)^2 / (n p (1 - p)), D binomial of n cases and a rate."""
    apart, second = n * (rate - p), n * rate * (1 - rate)
    third, fourth = second * (1 - 2 * rate), second * (1 + 3 * second - 6 * rate * (1 - rate))
    mean = second + apart**2
    variance = fourth - second**2 + 4 * apart * third + 4 * apart**2 * second
    scale = n * p * (1 - p)
    return float(np.sum(mean / scale)), float(np.sum(variance / scale**2))


def _exact_ratio(probability: ArrayLike, n: ArrayLike, critical: ArrayLike) -> Floats:
    """The ratio at which `critical` events or more come with 80 % probability: a quantile of Beta(c, n - c + 1)."""
    m, c = np.asarray(n, float), np.asarray(critical, float)
    rate = betaincinv(c, np.maximum(m - c + 1, 1), POWER)
    return _over(np.where(c <= m, rate, np.inf), np.asarray(probability, float))


def _over(rate: Floats, probability: Floats) -> Floats:
    return np.divide(rate, probability, out=np.full(np.shape(rate), np.inf), where=probability > 0)


def _least(power: Callable[[float], float], probability: Floats) -> float:
    """The ratio at which `power` is 80 %; infinite where even a rate of 1 is not found so often."""
    positive = probability[probability > 0]
    most = -float(np.log(max(positive.min(), 1e-300))) if positive.size else 0.0
    if power(np.exp(most)) < POWER:
        return float("inf")
    # By the ratio's logarithm: next to a probability of 1e-30 no search of ratios ends.
    return float(np.exp(brentq(lambda log_ratio: power(np.exp(log_ratio)) - POWER, 0.0, most, xtol=1e-12)))
