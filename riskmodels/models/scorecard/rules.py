"""By what a column is judged, the reasons it may go for, and the words of a person above both."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.scorecard.stepwise import (
    ADDS_LITTLE,
    BACKWARD,
    BOTH,
    ENOUGH,
    FORWARD,
    SAID_BY_OTHERS,
    TURNS_SIGN,
)

TAKEN_BY_HAND = mark("taken by hand: {other}")
LEFT_BY_HAND = mark("left out by hand: {other}")
ONE_VALUE = mark("it has one value only")
TOO_MISSING = mark("missing in {figure:.0%} of the sample, more than {limit:.0%}")
AGAINST = mark("it runs against the sign expected of it")
TELLS_LITTLE = mark("its information value {figure:.4f} is below {limit:g}")
ALIKE = mark("alike {other}: correlation {figure:.2f}, above {limit:g}")
INFLATED = mark("the others say it: VIF {figure:.1f}, above {limit:g}")
BEYOND_SIZE = mark("cross-validation asks for {limit:.0f} columns")

IN_SHORT = {
    LEFT_BY_HAND: "left out by hand",
    ONE_VALUE: "with one value only",
    TOO_MISSING: "missing too often",
    AGAINST: "against the sign expected",
    TELLS_LITTLE: "with too little information",
    ALIKE: "alike others",
    INFLATED: "with too high a VIF",
    BEYOND_SIZE: "beyond what cross-validation asks for",
    ADDS_LITTLE: "adding too little",
    TURNS_SIGN: "turning a sign",
    SAID_BY_OTHERS: "given by others",
    ENOUGH: "too many",
}
"""The reasons in the few words of an error message."""
NONE, CROSS_VALIDATED = "none", "cv"
DIRECTIONS = (NONE, FORWARD, BACKWARD, BOTH)
CRITERIA = ("p", "aic", "bic", CROSS_VALIDATED)


@dataclass(frozen=True)
class SelectionRules:
    """What a column must meet, in the order it is asked.

    least_iv : least information value. most_missing : greatest share of missing values. alike : two columns whose WoE
    correlates above this say the same. most_vif : greatest variance inflation factor of a WoE column. steps : none,
    forward, backward or both. by : p (at `level`), aic, bic or cv: forward, over `folds` of whole obligors drawn with
    `seed`, to the fewest columns within a standard error of the least log-loss. most : most columns in all.
    """

    least_iv: float = 0.02
    most_missing: float = 0.95
    alike: float = 0.7
    most_vif: float = 5.0
    steps: str = NONE
    by: str = "aic"
    level: float = 0.05
    folds: int = 5
    seed: int = 0
    most: int = 12

    def __post_init__(self) -> None:
        for what, known in (("steps", DIRECTIONS), ("by", CRITERIA)):
            if getattr(self, what) not in known:
                raise Misuse(f"{what}: found {getattr(self, what)!r}, expected one of {', '.join(known)}")
        if self.by == CROSS_VALIDATED and self.steps != FORWARD:
            raise Misuse(f"steps: found {self.steps!r} by cv, expected forward")
        for what, least in (("most_vif", 1), ("folds", 2), ("most", 1)):
            if not getattr(self, what) >= least:
                raise Misuse(f"{what}: found {getattr(self, what)}, expected at least {least}")
        for what in ("most_missing", "alike", "level"):
            if not 0 < getattr(self, what) <= 1:
                raise Misuse(f"{what}: found {getattr(self, what)}, expected above 0, at most 1")


USUAL = SelectionRules()


@dataclass(frozen=True)
class Why:
    """Why a column is out, or in by hand: a reason of this module or of `stepwise`, and what it speaks of."""

    reason: str
    figure: float = math.nan
    limit: float = math.nan
    other: str = ""


def told(reason: str, figure: float, limit: float, other: str) -> str:
    """The sentence of a reason in the language in force; empty for none."""
    return _(reason).format(figure=figure, limit=limit, other=other) if reason else ""


@dataclass(frozen=True)
class Hands:
    """Columns a person takes or leaves out, each with the reason."""

    taken: Mapping[str, str]
    left: Mapping[str, str]

    def check(self, names: Collection[str]) -> None:
        """Refuse columns that aren't there, that stand on both sides, or that come without a reason."""
        if strange := sorted({*self.taken, *self.left} - set(names)):
            raise Misuse(f"forced: found no columns {strange} among those offered: {list(names)}")
        if both := sorted(set(self.taken) & set(self.left)):
            raise Misuse(f"forced: found {both} both taken and left out, expected one of the two")
        if bare := sorted(c for c, why in (*self.taken.items(), *self.left.items()) if not str(why).strip()):
            raise Misuse(f"forced: found no reason for {bare}, expected one for each")
