"""A feature: one sentence of the trade, its unit, what it says about risk, and a formula over measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.core.errors import Misuse
from riskmodels.core.numbers import UNITS
from riskmodels.features.measures import Measure, Value

SUBJECTS = ("debtor", "client", "pair")
RAISES, LOWERS, NEITHER = 1, -1, 0
"""What a larger value is expected to do to risk."""
Formula = Callable[..., NDArray[np.float64]]


@dataclass(frozen=True)
class Feature:
    """A column of the frame, for each subject it is defined for: `formula` of the arrays of its measures.

    `meaning` is the sentence a committee reads (marked for translation, without the window), `unit` one of
    `core.numbers.UNITS`, `sign` is RAISES, LOWERS or NEITHER. The name ends in its window: `_90d`, `_ever`, or `_now`.
    """

    name: str
    meaning: str
    unit: str
    sign: int
    formula: Formula
    measures: tuple[Measure, ...]
    subjects: tuple[str, ...] = SUBJECTS

    def __post_init__(self) -> None:
        _check_words(self.name, self.unit, self.sign)


@dataclass(frozen=True)
class Own:
    """A column that an invoice brings along at its issue: a row-wise Ibis expression of columns known with the row."""

    name: str
    meaning: str
    unit: str
    sign: int
    value: Value

    def __post_init__(self) -> None:
        _check_words(self.name, self.unit, self.sign)


Entry = Feature | Own
Catalogue = tuple[Entry, ...]


def over(
    windows: tuple[int | None, ...],
    name: str,
    meaning: str,
    unit: str,
    sign: int,
    formula: Formula,
    *measures: Measure,
    subjects: tuple[str, ...] = SUBJECTS,
) -> tuple[Feature, ...]:
    """The same feature in several windows of days; None is the whole history."""
    return tuple(
        Feature(f"{name}_{suffix(w)}", meaning, unit, sign, formula, tuple(m.over(w) for m in measures), subjects)
        for w in windows
    )


def suffix(window: int | None) -> str:
    """How a window is written in a name: 90d, or ever."""
    return "ever" if window is None else f"{window}d"


def column(entry: Entry, subject: str) -> str:
    """The name of an entry's column for a subject, such as debtor_late_share_365d."""
    return f"{subject}_{entry.name}"


def _check_words(name: str, unit: str, sign: int) -> None:
    if unit not in UNITS:
        raise Misuse(f"feature {name}: found unit {unit!r}, expected one of {', '.join(UNITS)}")
    if sign not in (RAISES, LOWERS, NEITHER):
        raise Misuse(f"feature {name}: found sign {sign!r}, expected 1, -1 or 0")
