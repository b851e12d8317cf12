"""Calibration over several years: WP14's normal test and the traffic lights of Blochwitz, Hohl and Wehn.

H0 of both: no year's PD is below its true rate. Both take years as independent of each other; inside a year the normal
test lets cases depend, the lights don't. Arrays are one value per grade and year (K, T), or per year (T,): the PD at
the start of a year, its cases `n` and its bad ones, `events`. A year without cases is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, ndtri, stdtr
from scipy.stats import binom, norm

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
GREEN, YELLOW, ORANGE, RED, NO_CASES = 0, 1, 2, 3, -1
SHARES = (0.50, 0.30, 0.15, 0.05)
"""How often a year is green, yellow, orange and red when PDs are right."""
_TIE = 1e-12


@dataclass(frozen=True)
class OverYears:
    """The normal test by grade (K,): its statistic, mean and standard error of a year's excess, years, both p-values.

    `normal_p` is WP14's; `p_value` is Student's with one degree of freedom less than years, as the spread is estimated.
    """

    statistic: Floats
    excess: Floats
    error: Floats
    years: Ints
    normal_p: Floats
    p_value: Floats


@dataclass(frozen=True)
class Lights:
    """The colour of each year (K, T), how many there are of each (K, 4), and the p-value of the profile (K,)."""

    colours: Ints
    counts: Ints
    p_value: Floats


def by_year(month: ArrayLike, outcome: ArrayLike, probability: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """PD, cases and bad cases of each year (T,), (T,), (T,), oldest first, from cases (n,) by number of month.

    Years end with the last month, so that each but the oldest is whole. A PD is NaN in a year without cases.
    """
    at = np.asarray(month, np.int64)
    year = (at.max() - at) // 12
    n, events, expected = (
        np.bincount(year, np.asarray(w, float))[::-1].astype(float) for w in (np.ones(len(at)), outcome, probability)
    )
    return _over(expected, n), n, events


def normal_test(probability: ArrayLike, n: ArrayLike, events: ArrayLike) -> OverYears:
    """The test of PDs over years whose cases may depend on each other; NaN below two years or without spread.

    sum (rate_t - PD_t) / (sqrt(T) sigma), sigma^2 = sum (rate_t - PD_t - mean)^2 / (T - 1). Against the normal law it
    rejects right PDs too often in short series (8.8 % at a level of 5 % over five years); Student's law doesn't.
    Reference: BCBS working paper 14, 2005.
    """
    p, m, d = _grid(probability, n, events)
    seen = m > 0
    excess = np.where(seen, np.divide(d, m, out=np.zeros_like(d), where=seen) - p, 0.0)
    years = seen.sum(axis=-1)
    mean = _over(excess.sum(axis=-1), years)
    squares = np.where(seen, (excess - mean[..., None]) ** 2, 0.0).sum(axis=-1)
    error = np.sqrt(_over(squares, (years - 1.0) * years))
    z = _over(mean, error)
    return OverYears(z, mean, error, years, np.asarray(norm.sf(z)), np.asarray(stdtr(np.maximum(years - 1, 1), -z)))


def traffic_lights(probability: ArrayLike, n: ArrayLike, events: ArrayLike) -> Lights:
    """The colours of years and the chance of a profile no better when PDs are right; a small p is a PD too low.

    A year is green, yellow, orange or red as (D - n PD) / sqrt(n PD (1 - PD)) lies below Phi^-1 of .5, .8, .95, or
    above (on a line it has the better colour). Profiles rank by greens, then yellows, then oranges, and are multinomial
    with SHARES. NaN without years. Reference: Blochwitz, Hohl, Wehn 2005, in BCBS working paper 14.
    """
    p, m, d = _grid(probability, n, events)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = (d - m * p) / np.sqrt(m * p * (1 - p))
    lines = ndtri(np.cumsum(SHARES)[:3])
    colours = np.where(m > 0, (surprise[..., None] > lines + _TIE).sum(axis=-1), NO_CASES)
    counts = (colours[..., None] == np.arange(4)).sum(axis=-2)
    return Lights(colours, counts, profile_p(counts))


def colour_shares(probability: ArrayLike, n: ArrayLike, rate: ArrayLike) -> Floats:
    """How often years (T,) of these PDs and cases are green, yellow, orange and red (T, 4) at these true rates."""
    p, m, q = _grid(probability, n, rate)
    lines = m[:, None] * p[:, None] + (ndtri(np.cumsum(SHARES)[:3]) + _TIE) * np.sqrt(m * p * (1 - p))[:, None]
    below = binom.cdf(np.floor(lines), m[:, None], q[:, None])
    return np.diff(below, axis=-1, prepend=0.0, append=1.0)


def profile_p(counts: ArrayLike) -> Floats:
    """P(a profile no better than `counts` (K, 4) of green, yellow, orange, red years) (K,); NaN for no years."""
    found = np.asarray(counts, np.int64)
    years = found.sum(axis=-1)
    p = np.full(years.shape, np.nan)
    for t in np.unique(years[years > 0]).tolist():
        rows = found[years == t]
        p[years == t] = profiles(t)[tuple(rows[..., :3].T)]
    return p


@cache
def profiles(years: int) -> Floats:
    """P(no better) by numbers of green, yellow and orange years (T + 1, T + 1, T + 1); NaN where they exceed T."""
    places = np.indices((years + 1,) * 3)
    red = years - places.sum(axis=0)
    counts = np.stack([*places, red])
    possible = red >= 0
    told = np.where(possible, counts, 0)
    log_share = np.log(SHARES)[:, None, None, None]
    mass = np.exp(gammaln(years + 1) + np.sum(told * log_share - gammaln(told + 1), axis=0))
    # numpy's order of the three numbers is the order of profiles, worst first
    below = np.cumsum(np.where(possible, mass, 0.0)).reshape(mass.shape)
    return np.where(possible, np.minimum(below, 1.0), np.nan)


def _grid(*values: ArrayLike) -> list[Floats]:
    return [np.asarray(a, float) for a in np.broadcast_arrays(*values)]


def _over(a: ArrayLike, b: ArrayLike) -> Floats:
    """a / b, NaN where b isn't positive."""
    top, bottom = np.asarray(a, float), np.asarray(b, float)
    return np.divide(top, bottom, out=np.full(bottom.shape, np.nan), where=bottom > 0)
