"""Whether grades are cut where they should be: alike inside, apart from their neighbours, in order.

Tests are one-sided and exact (Fisher), by grade or by pair of neighbours, adjusted by Holm over those that were tested.
Counts have one value per grade (K,), lowest PD first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr
from scipy.stats import hypergeom, norm

from riskmodels.validation.grades import holm

Floats = NDArray[np.float64]
LEVEL = 0.05
SURE = 0.95
"""Power from which a pair that is not told apart is taken for one grade: at 80 % one right pair of five would be."""


@dataclass(frozen=True)
class Halves:
    """The safer and the riskier half of each grade (K,): cases, bad cases; p of the riskier being no worse, and Holm's.

    p is NaN where a grade can't be cut: one case, or one probability for all.
    """

    n: tuple[Floats, Floats]
    events: tuple[Floats, Floats]
    p_value: Floats
    holm_p: Floats

    @property
    def mixed(self) -> NDArray[np.bool_]:
        """Grades whose riskier half is worse beyond chance, at 5 % over all, and as bad as the next grade.

        A grade of many probabilities always hides some order, which large samples show; this much is a grade too wide.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            riskier = self.events[1] / self.n[1]
            rate = (self.events[0] + self.events[1]) / (self.n[0] + self.n[1])
        return np.asarray((self.holm_p <= LEVEL) & (riskier >= np.append(rate[1:], np.inf)))


@dataclass(frozen=True)
class Neighbours:
    """Each grade against the next worse one (K - 1,).

    `apart_p`, H0: the next grade's rate is not higher; `inverted_p`, H0: it is not lower; both Holm-adjusted. `power`
    is the chance to tell the pair apart if PDs are right, at Holm's first step.
    """

    apart_p: Floats
    inverted_p: Floats
    power: Floats

    @property
    def inverted(self) -> int:
        """How many neighbours are in the wrong order by more than chance, at 5 % over all."""
        return int((self.inverted_p <= LEVEL).sum())

    @property
    def merged(self) -> NDArray[np.bool_]:
        """Pairs that are not told apart although their PDs almost certainly would be."""
        return np.asarray((self.apart_p > LEVEL) & (self.power >= SURE))


def halves(outcome: ArrayLike, probability: ArrayLike, grade: ArrayLike, grades: int) -> Halves:
    """Each grade cut at its median probability, from outcomes, probabilities and codes 0 .. grades - 1 (n,).

    H0 of a grade: its riskier half is no worse than its safer one, that is, it holds one kind of risk. Equal
    probabilities are never split.
    """
    y, code = np.asarray(outcome, float), np.asarray(grade, np.int64)
    riskier = _riskier(np.asarray(probability, float), code, grades)
    sides = np.where(riskier, grades, 0) + code
    n0, n1 = np.bincount(sides, minlength=2 * grades).astype(float).reshape(2, -1)
    d0, d1 = np.bincount(sides, y, 2 * grades).astype(float).reshape(2, -1)
    p = np.where((n0 > 0) & (n1 > 0), _more_in_second(n0, d0, n1, d1), np.nan)
    return Halves((n0, n1), (d0, d1), p, _holm_of(p))


def neighbours(probability: ArrayLike, n: ArrayLike, events: ArrayLike) -> Neighbours:
    """Each grade with cases (K,) held against the next: are they apart, are they in order, would one know?"""
    p, m, d = (np.asarray(a, float) for a in (probability, n, events))
    one, two = (m[:-1], d[:-1]), (m[1:], d[1:])
    spread = np.sqrt(p[:-1] * (1 - p[:-1]) / m[:-1] + p[1:] * (1 - p[1:]) / m[1:])
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.diff(p) / spread
    power = ndtr(np.nan_to_num(gap) - norm.isf(LEVEL / max(len(gap), 1)))
    return Neighbours(holm(_more_in_second(*one, *two)), holm(_more_in_second(*two, *one)), power)


def _more_in_second(n0: Floats, d0: Floats, n1: Floats, d1: Floats) -> Floats:
    """Fisher's P(at least d1 events in the second sample), given the events of both."""
    return np.asarray(hypergeom.sf(d1 - 1, n0 + n1, d0 + d1, n1))


def _riskier(p: Floats, code: NDArray[np.int64], grades: int) -> NDArray[np.bool_]:
    """Which cases lie above their grade's median; where none does, those on it."""
    order = np.lexsort((p, code))
    n = np.bincount(code, minlength=grades)
    ends = np.cumsum(n)
    used = n > 0
    median, top = np.full(grades, np.nan), np.full(grades, np.nan)
    median[used] = p[order[(ends - n + (n - 1) // 2)[used]]]
    top[used] = p[order[(ends - 1)[used]]]
    line = np.where(median == top, np.nextafter(median, -np.inf), median)
    return np.asarray(p > line[code])


def _holm_of(p: Floats) -> Floats:
    adjusted, tested = np.full(p.shape, np.nan), np.isfinite(p)
    adjusted[tested] = holm(p[tested])
    return adjusted
