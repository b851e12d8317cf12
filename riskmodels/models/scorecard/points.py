"""Scorecard points: log-odds on a scale people can add up, in whole numbers.

score = offset + factor x ln(good odds), factor = PDO / ln 2, offset = base score - factor x ln(base odds).
Reference: Siddiqi (2006), Credit Risk Scorecards, chapter 6.

A bin's exact points are -factor x coefficient x WoE. Rounding never turns the order of two bins of a driver; two can
come to share a number where the PDO is small. `nearest` rounds each bin by itself. `rank` rounds a driver's bins after
a common shift, which the base carries: the one under which the rounding errors vary least over the sample. A shift
moves every score alike, so what varies is all that can turn the order of two rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from riskmodels.core.errors import Misuse

NEAREST, RANK = "nearest", "rank"
DIGITS = 12  # variances equal to so many digits are equal


@dataclass(frozen=True)
class Scale:
    """`base_score` points at `base_odds` goods to one bad; each `pdo` points double those odds.

    `rounding` is nearest or rank. With `least_points` every driver's bins start from there, and the base gives what
    that takes: scores don't change.
    """

    base_score: float
    base_odds: float
    pdo: float
    rounding: str = NEAREST
    least_points: int | None = None

    def check(self) -> None:
        """Refuse a scale that no score can be told on."""
        if self.rounding not in (NEAREST, RANK):
            raise Misuse(f"rounding: found {self.rounding!r}, expected {NEAREST} or {RANK}")
        for what in ("base_odds", "pdo"):
            if not getattr(self, what) > 0:
                raise Misuse(f"{what}: found {getattr(self, what)}, expected above 0")

    @property
    def factor(self) -> float:
        """Points per unit of log-odds."""
        return self.pdo / math.log(2)

    @property
    def offset(self) -> float:
        """Points at even odds."""
        return self.base_score - self.factor * math.log(self.base_odds)


@dataclass(frozen=True)
class Weighed:
    """A driver as its coefficient and, code by code, the WoE of its bins and the sample's weight in them."""

    coefficient: float
    woe: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class DriverPoints:
    """A driver's points by distinct WoE, ascending: exact and whole; the sample's weight at each.

    `moved` is what whole points hold beyond exact ones on purpose, and the base gives back.
    """

    woe: np.ndarray
    weight: np.ndarray
    exact: np.ndarray
    points: np.ndarray
    moved: float

    def of(self, woe: np.ndarray) -> np.ndarray:
        """Whole points of bins, or rows, of those WoE."""
        return self.points[np.searchsorted(self.woe, woe)]

    @property
    def shared(self) -> int:
        """Bins of the sample with the points of a bin of other WoE, the first of each such run not counted."""
        return _shared(self.points, self.weight)


@dataclass(frozen=True)
class Points:
    """Whole points of a scorecard: the base, and each driver's by bin; a score is their sum, exactly."""

    base: int
    drivers: dict[str, DriverPoints]


def card_points(scale: Scale, intercept: float, drivers: Mapping[str, Weighed]) -> Points:
    """The points of a scorecard whose log-odds of bad are intercept + sum of coefficient x WoE."""
    scale.check()
    found = {name: _driver_points(scale, driver) for name, driver in drivers.items()}
    moved = sum(driver.moved for driver in found.values())
    return Points(base_points(scale, intercept, moved), found)


def base_points(scale: Scale, intercept: float, moved: float) -> int:
    """Whole points everybody starts from, given the log-odds' intercept, less what the drivers already hold of them."""
    return int(np.rint(scale.offset - scale.factor * intercept - moved))


def exact_points(scale: Scale, coefficient: float, woe: np.ndarray) -> np.ndarray:
    """Points of each bin of a driver before rounding."""
    return -scale.factor * coefficient * woe


def _driver_points(scale: Scale, driver: Weighed) -> DriverPoints:
    woe, place = np.unique(driver.woe, return_inverse=True)
    weight = np.bincount(place, driver.weight, len(woe))
    exact = exact_points(scale, driver.coefficient, woe)
    points, moved = np.rint(exact), 0.0
    if scale.rounding == RANK:
        points, moved = least_varying(exact, weight)
    if scale.least_points is not None:
        up = scale.least_points - points.min()
        points, moved = points + up, moved + up
    return DriverPoints(woe, weight, exact, points.astype(int), float(moved))


def least_varying(exact: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Whole points of a driver's bins whose errors vary least, and their weighted mean excess over the exact points.

    Given their mean, the errors that vary least are those of rint(exact - t) for one t; between two fractional parts
    all t round alike, so one of each is tried and no other whole points are better. Of equals, the least mean excess.
    """
    edges = np.unique((exact + 0.5) % 1.0)
    shifts = [0.0, *((edges + np.append(edges[1:], edges[0] + 1)) / 2)]
    tried = [np.rint(exact - shift) for shift in shifts]
    errors = [_error(points, exact, weight) for points in tried]
    best = min(range(len(tried)), key=lambda i: (round(errors[i][1], DIGITS), round(abs(errors[i][0]), DIGITS)))
    return tried[best], errors[best][0]


def _error(points: np.ndarray, exact: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Weighted mean and variance of points - exact."""
    mean = float(np.average(points - exact, weights=weight))
    return mean, float(np.average((points - exact - mean) ** 2, weights=weight))


def _shared(points: np.ndarray, weight: np.ndarray) -> int:
    held = points[weight > 0]
    return int((np.diff(held) == 0).sum())
