"""Tests of PDs over several years: how often they reject PDs that are right, and PDs that are too low.

What each should do is worked out: the lights from the exact binomial chances of a colour, the normal test from the
(noncentral) Student law that its statistic has when the years' rates are near normal.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from scipy.special import ndtri
from scipy.stats import binom, multinomial, nct, norm
from scipy.stats import t as student

from riskmodels.validation.years import SHARES, normal_test, profile_p, traffic_lights
from tests.certify.campaign import Campaign, Figure, Record, share

PD, CASES, LEVEL, RATIO, RHO = 0.03, 1_000, 0.05, 1.2, 0.05
SERIES, RATIOS = (5, 10), (1.0, RATIO)
TESTS = ("normal", "student", "lights")


def run(seed: int) -> Record:
    """Whether each test rejects a series of 5 and of 10 years, PDs right or too low, years free or with a factor."""
    rng = np.random.default_rng(seed)
    return {name: hit for rho in (0.0, RHO) for t in SERIES for r in RATIOS for name, hit in _one(rng, rho, t, r)}


def _one(rng: np.random.Generator, rho: float, years: int, ratio: float) -> list[tuple[str, bool]]:
    factor = rng.normal(size=years)
    given = norm.cdf((norm.ppf(ratio * PD) + math.sqrt(rho) * factor) / math.sqrt(1 - rho))
    events = rng.binomial(CASES, given)
    over, lights = normal_test(PD, CASES, events), traffic_lights(PD, CASES, events)
    found = over.normal_p, over.p_value, lights.p_value
    return [(_key(test, rho, years, ratio), bool(p <= LEVEL)) for test, p in zip(TESTS, found, strict=True)]


def _key(test: str, rho: float, years: int, ratio: float) -> str:
    return f"{test}, {years} years, rho {rho:g}, true rate {ratio:g} x PD"


def expected(test: str, years: int, ratio: float) -> float:
    """The chance that a test of independent years rejects."""
    if test == "lights":
        return _lights(years, ratio)
    rate = ratio * PD
    shift = math.sqrt(years) * (rate - PD) / math.sqrt(rate * (1 - rate) / CASES)
    line = norm.isf(LEVEL) if test == "normal" else student.isf(LEVEL, years - 1)
    return float(nct.sf(line, years - 1, shift) if shift else student.sf(line, years - 1))


def _lights(years: int, ratio: float) -> float:
    """The sum over profiles that are rejected of their exact chances."""
    lines = CASES * PD + ndtri(np.cumsum(SHARES)[:3]) * math.sqrt(CASES * PD * (1 - PD))
    below = binom.cdf(np.floor(lines + 1e-9), CASES, ratio * PD)
    colours = np.diff(np.r_[0, below, 1])
    profiles = np.array([c for c in product(range(years + 1), repeat=4) if sum(c) == years])
    rejected = profiles[profile_p(profiles) <= LEVEL]
    return float(multinomial.pmf(rejected, years, colours).sum())


def summary(records: list[Record]) -> list[Figure]:
    """Size and power of independent years against what they should be; of years with a factor as found."""
    return [_figure(records, *case) for case in product(TESTS, (0.0, RHO), SERIES, RATIOS)]


def _figure(records: list[Record], test: str, rho: float, years: int, ratio: float) -> Figure:
    n, key = len(records), _key(test, rho, years, ratio)
    hits = sum(r[key] for r in records)
    return Figure(key, f"{hits / n:.2%} of {n:,}") if rho else share(key, hits, n, expected(test, years, ratio), 0.01)


YEARS = Campaign("years", "Tests of PDs over several years", run, summary, seeds=10_000, quick=1_000)
