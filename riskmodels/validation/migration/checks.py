"""The checks of how grades move: how far, whether in steps, whether alike in time, how much, and where they gather."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2, ncx2

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.inputs import SampleError
from riskmodels.models.transitions import Homogeneity, bandwidth, counts_homogeneity, mobility_figures
from riskmodels.validation.checks.check import Check, Measured
from riskmodels.validation.grades import concentration_index, concentration_p
from riskmodels.validation.migration.moves import Moves, shares
from riskmodels.validation.migration.steps import POWER, steps

FEWEST = 100
"""Obligor-periods below which moves say nothing of grades."""
GIVEN = mark("obligors of one grade taken as independent")


@dataclass(frozen=True)
class Transitions:
    """The moves to judge, and those of development where they are known."""

    moves: Moves
    reference: Moves | None = None

    def __post_init__(self) -> None:
        if self.reference is not None and self.reference.grades != self.moves.grades:
            raise Misuse(f"reference: found grades {self.reference.grades}, expected {self.moves.grades}")

    @cached_property
    def in_time(self) -> Homogeneity | None:
        """The test of one matrix in all periods; None where there is but one, or nobody's state can differ."""
        return _tested(self.moves.settled, self.moves.grades)

    @cached_property
    def as_before(self) -> Homogeneity | None:
        """The test of one matrix now and at development; None without the latter."""
        if self.reference is None:
            return None
        both = np.stack([self.reference.settled.sum(axis=0), self.moves.settled.sum(axis=0)])
        return _tested(both, self.moves.grades)

    @property
    def gathered(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Obligors by grade now and at the start: development, else the first period; of one period, its two ends."""
        counts = self.moves.counts
        if self.reference is not None:
            return counts[-1].sum(axis=1), self.reference.counts[0].sum(axis=1)
        if len(counts) > 1:
            return counts[-1].sum(axis=1), counts[0].sum(axis=1)
        return self.moves.among.sum(axis=0), self.moves.among.sum(axis=1)


def widening(side: int, seen: Transitions) -> Measured:
    """The ECB's normalised bandwidth of moves to worse grades (0) or better ones (1)."""
    among = seen.moves.among
    moved = np.triu(among, 1) if side == 0 else np.tril(among, -1)
    return Measured(bandwidth(among)[side], int(moved.sum()), detail={"obligors": seen.moves.n})


def farther(seen: Transitions) -> Measured:
    """The smallest Holm-adjusted p of the cells off the diagonal, H0: nearer grades are at least as likely."""
    found = steps(seen.moves.total)
    worst = np.unravel_index(int(np.nanargmin(found.holm_p)), found.z.shape)
    detail = {
        "from": seen.moves.grades[int(worst[0])],
        "to": seen.moves.grades[int(worst[1])],
        "excess": -float(found.gap[worst]),
        "tested": found.tests,
    }
    return Measured(
        float(found.holm_p[worst]),
        seen.moves.n,
        p_value=float(found.p[worst]),
        statistic=float(found.z[worst]),
        dependence=_(GIVEN),
        detail=detail,
        detect=found.detectable,
    )


def homogeneous(kind: str, seen: Transitions) -> Measured:
    """The effect w = sqrt(chi2 / n) of Anderson and Goodman's test, in time or against development; 0 is no change."""
    found: Homogeneity = getattr(seen, kind)
    value = float(np.sqrt(found.chi2 / found.cases))

    def chance(level: float) -> float:
        """What chance explains; of thin cells the permutations say it, not the chi-squared distribution."""
        explained = float(np.sqrt(chi2.isf(level, found.df) / found.cases))
        return explained if found.p_value < level else max(explained, value)

    return Measured(
        value,
        found.cases,
        p_value=found.p_value,
        statistic=found.chi2,
        critical=chance,
        dependence=_(GIVEN),
        detail={"df": found.df, "permuted": found.sparse, "periods": found.periods},
        detect=lambda level: effect(found.df, found.cases, level),
    )


def effect(df: int, n: int, level: float = 0.05) -> float:
    """The smallest effect w that a chi-squared test of n cases finds with 80 % power: sqrt(lambda / n). Cohen 1988."""
    line = chi2.isf(level, df)
    noncentral = brentq(lambda size: ncx2.sf(line, df, size) - POWER, 1e-6, 1e5)
    return float(np.sqrt(noncentral / n))


def moving(name: str, seen: Transitions) -> Measured:
    """A figure of mobility, of those whose grade or default is known: prais, or svd."""
    settled = seen.moves.settled.sum(axis=0)
    absorbing = np.append(np.zeros(len(settled)), 1.0)
    figures = mobility_figures(np.vstack([shares(settled), absorbing]), np.append(settled.sum(axis=1), 0.0))
    return Measured(figures[name], int(settled.sum()))


def gathering(seen: Transitions) -> Measured:
    """p of the ECB's test, H0: grades are not more concentrated now than at the start."""
    now, start = seen.gathered
    p = concentration_p(now, start)
    detail = {"hi": concentration_index(now), "hi_start": concentration_index(start)}
    return Measured(p, int(now.sum()), p_value=p, dependence=_(GIVEN), detail=detail)


def lost(seen: Transitions) -> Measured:
    """The share of obligors that left for another model or whose rating ended."""
    left = seen.moves.total[:, len(seen.moves.grades) + 1 :]
    return Measured(float(left.sum() / seen.moves.n), seen.moves.n)


def _tested(counts: NDArray[np.float64], grades: tuple[str, ...]) -> Homogeneity | None:
    try:
        return counts_homogeneity(counts, grades)
    except SampleError:
        return None


def _enough(seen: Transitions) -> str:
    words = _("{n} moves and stays of obligors, at least {least} are needed")
    return "" if seen.moves.n >= FEWEST else words.format(n=seen.moves.n, least=FEWEST)


def _stepped(seen: Transitions) -> str:
    return "" if steps(seen.moves.total).tests else _("nobody moved to another grade")


def _periods(seen: Transitions) -> str:
    return "" if seen.in_time else _("one period only, or nobody moved: nothing can differ in time")


def _started(seen: Transitions) -> str:
    if seen.reference is None:
        return _("no moves at development were given")
    return "" if seen.as_before else _("nobody moved, now or at development")


_ECB = "ECB 2019, 2.5.5"
_NAME = "validation.grades.migration."
CHECKS: tuple[Check, ...] = (
    Check(
        f"{_NAME}wider_down",
        mark("Bandwidth of moves to worse grades"),
        "number",
        partial(widening, 0),
        (_enough,),
        _ECB,
    ),
    Check(
        f"{_NAME}wider_up",
        mark("Bandwidth of moves to better grades"),
        "number",
        partial(widening, 1),
        (_enough,),
        _ECB,
    ),
    Check(
        f"{_NAME}farther.p",
        mark("Nearer grades likelier than farther ones (p)"),
        "p",
        farther,
        (_enough, _stepped),
        f"{_ECB}; Holm 1979",
        mark("a nearer grade is at least as likely as the next one farther"),
        deviation="share",
    ),
    Check(
        f"{_NAME}in_time",
        mark("Change of the moves between periods (effect w)"),
        "number",
        partial(homogeneous, "in_time"),
        (_enough, _periods),
        "Anderson, Goodman 1957; Cohen 1988",
        mark("one matrix holds in all periods"),
    ),
    Check(
        f"{_NAME}as_before",
        mark("Change of the moves since development (effect w)"),
        "number",
        partial(homogeneous, "as_before"),
        (_enough, _started),
        "Anderson, Goodman 1957; Cohen 1988",
        mark("the matrix is that of development"),
    ),
    Check(
        f"{_NAME}mobility",
        mark("Mobility of grades"),
        "number",
        partial(moving, "svd"),
        (_enough,),
        "Jafry, Schuermann 2004",
    ),
    Check(
        f"{_NAME}gathering.p",
        mark("Grades not more concentrated than at the start (p)"),
        "p",
        gathering,
        (_enough,),
        _ECB,
        mark("obligors are not more concentrated on grades than at the start"),
    ),
    Check(
        f"{_NAME}lost", mark("Obligors whose rating ended or moved to another model"), "share", lost, (_enough,), _ECB
    ),
)
