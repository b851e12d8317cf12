"""Scorecard points: log-odds on a scale people can add up.

score = offset + factor x ln(good odds), factor = PDO / ln 2, offset = base score - factor x ln(base odds).
Reference: Siddiqi (2006), Credit Risk Scorecards, chapter 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Scale:
    """`base_score` points at `base_odds` goods to one bad; each `pdo` points double those odds."""

    base_score: float
    base_odds: float
    pdo: float

    @property
    def factor(self) -> float:
        """Points per unit of log-odds."""
        return self.pdo / math.log(2)

    @property
    def offset(self) -> float:
        """Points at even odds."""
        return self.base_score - self.factor * math.log(self.base_odds)


def base_points(scale: Scale, intercept: float) -> int:
    """Whole points everybody starts from, given the intercept of the log-odds of bad."""
    return int(np.rint(scale.offset - scale.factor * intercept))


def bin_points(scale: Scale, coefficient: float, woe: np.ndarray) -> np.ndarray:
    """Whole points of each bin of a driver, given its coefficient and the WoE of its bins."""
    return np.rint(-scale.factor * coefficient * woe).astype(int)
