"""Rating scales: probabilities into ordered grades by fixed bounds, and grades into three tiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

TIERS = {"prime": mark("prime quality"), "medium": mark("medium quality"), "weak": mark("weak quality")}
"""The tiers from best to worst, and what a reader calls them."""


@dataclass(frozen=True)
class RatingScale:
    """Grades from best to worst, and the K - 1 probabilities that part them; one on a bound is in the worse grade.

    `tiers` names each grade's tier, a key of `TIERS`, never a better one for a worse grade; empty for a scale without.
    """

    grades: tuple[str, ...]
    bounds: tuple[float, ...]
    tiers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip((0.0, *self.bounds), (*self.bounds, 1.0)))
        if len(self.grades) != len(self.bounds) + 1 or not rising:
            raise Misuse(
                f"rating scale: found bounds {self.bounds}, expected {len(self.grades) - 1} rising inside 0 to 1"
            )
        if len(self.grades) < 2 or len(set(self.grades)) < len(self.grades):
            raise Misuse(f"rating scale: found grades {self.grades}, expected two or more, each once")
        _check_tiers(self.tiers, len(self.grades))

    @classmethod
    def geometric(cls, grades: Sequence[str], low: float, high: float, tiers: Sequence[str] = ()) -> RatingScale:
        """A scale whose bounds rise by one factor, from `low`, where the best grade ends, to `high`, where the worst
        begins.
        """
        if not 0 < low < high < 1 or len(grades) < 3:
            raise Misuse(
                f"rating scale: found {len(grades)} grades from {low} to {high}, expected 3 or more and "
                "0 < low < high < 1"
            )
        bounds = np.geomspace(low, high, len(grades) - 1).tolist()
        return cls(tuple(grades), tuple(bounds), tuple(tiers))

    @property
    def edges(self) -> tuple[float, ...]:
        """The K + 1 probabilities between which the grades lie, 0 and 1 included."""
        return (0.0, *self.bounds, 1.0)

    @property
    def representative(self) -> np.ndarray:
        """The probability (K,) that stands for each grade: the geometric middle of its two edges.

        The best grade has no lower edge; the first step of the ladder is continued below it: b1^2 / b2.
        """
        edges = np.array(self.edges)
        edges[0] = edges[1] ** 2 / edges[2]
        return np.sqrt(edges[:-1] * edges[1:])

    def grade(self, probability: ArrayLike) -> pd.Categorical[str]:
        """The grade of each probability, as an ordered categorical; no grade for a missing one, 0 to 1 for others."""
        return _categorical(self._codes(probability), self.grades)

    def tier(self, probability: ArrayLike) -> pd.Categorical[str]:
        """The tier of each probability, as an ordered categorical over all tiers; no tier for a missing one."""
        if not self.tiers:
            raise Misuse("rating scale: found no tiers, expected one for each grade")
        place = np.array([*map(list(TIERS).index, self.tiers), -1])
        return _categorical(place[self._codes(probability)], TIERS)

    def notches(self, before: str, after: str) -> int:
        """How many grades `after` is worse than `before`; negative when it is better."""
        for grade in (before, after):
            if grade not in self.grades:
                raise Misuse(f"grade: found {grade!r}, expected one of {', '.join(self.grades)}")
        return self.grades.index(after) - self.grades.index(before)

    def table(self) -> pd.DataFrame:
        """One row per grade, best first: the PDs it lies between, the one that stands for it, its tier if it has."""
        columns = {
            _("grade"): list(self.grades),
            _("PD from"): self.edges[:-1],
            _("PD to"): self.edges[1:],
            _("representative PD"): self.representative,
        }
        told = {_("tier"): [_(TIERS[name]) for name in self.tiers]} if self.tiers else {}
        return pd.DataFrame(columns | told)

    def to_state(self) -> dict[str, Any]:
        """The scale as JSON values."""
        return {key: list(values) for key, values in vars(self).items()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> RatingScale:
        """The scale `to_state` described."""
        return cls(**{key: tuple(values) for key, values in state.items()})

    def _codes(self, probability: ArrayLike) -> np.ndarray:
        p = np.asarray(probability, float)
        if outside := int(((p < 0) | (p > 1)).sum()):
            raise DataRefused(f"probability: found {outside} of {p.size} outside 0 to 1, expected none")
        return np.where(np.isnan(p), -1, np.searchsorted(self.bounds, p, side="right"))


def _categorical(codes: np.ndarray, names: Sequence[str] | dict[str, str]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(np.asarray(codes.tolist()), categories=pd.Index(list(names)), ordered=True)


def _check_tiers(tiers: tuple[str, ...], grades: int) -> None:
    order = list(TIERS)
    known = all(name in order for name in tiers)
    if tiers and (not known or len(tiers) != grades or list(tiers) != sorted(tiers, key=order.index)):
        raise Misuse(
            f"rating scale: found tiers {tiers}, expected {grades} of {', '.join(order)}, none better for a worse grade"
        )


OBLIGORS = RatingScale(
    ("1", "2", "3", "4", "5", "6", "7"),
    (0.0025, 0.005, 0.01, 0.02, 0.05, 0.15),
    ("prime", "prime", "prime", "medium", "medium", "weak", "weak"),
)
"""One-year default probabilities, roughly doubling from grade to grade; the tiers part at 1 % and 5 %."""

INVOICES = RatingScale(("A", "B", "C", "D", "E", "F"), (0.05, 0.10, 0.20, 0.40, 0.60))
"""Probabilities that one invoice is paid late."""

PARTIES = RatingScale(("A", "B", "C", "D", "E", "F", "G"), (0.01, 0.02, 0.05, 0.10, 0.20, 0.40))
"""Probabilities that a debtor or client is overdue within a window."""
