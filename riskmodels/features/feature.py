"""A feature: one sentence of the trade, its unit, what it says about risk, and a formula over measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.core.errors import Misuse
from riskmodels.core.numbers import UNITS
from riskmodels.features.measures import Measure, Value

SUBJECTS = ("debtor", "client", "pair", "chain", "industry")
"""Whose features there are: of parties, of a client with one of its debtors, of a supply chain, of an industry."""
PARTIES = ("debtor", "client")
LEDGER = ("debtor", "client", "pair", "chain")
"""Whom the features of a ledger are of, unless said otherwise."""
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
    subjects: tuple[str, ...] = LEDGER

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


@dataclass(frozen=True)
class Compared:
    """A column of an invoice at its issue, computed of other columns of its row: `formula` of their arrays.

    `columns` are full names, such as `invoice_amount` and `pair_mean_invoice_365d`.
    """

    name: str
    meaning: str
    unit: str
    sign: int
    formula: Formula
    columns: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_words(self.name, self.unit, self.sign)


@dataclass(frozen=True)
class Linked:
    """A feature of what a party belongs to, its `chain` or its `industry`, shown in the party's own frame.

    NaN where the party isn't known to belong to any. The name tells whose it is: chain_past_due_share_now.
    """

    of: str
    feature: Feature
    subjects: tuple[str, ...] = PARTIES

    def __post_init__(self) -> None:
        if self.of not in self.feature.subjects:
            raise Misuse(f"feature {self.feature.name}: found no {self.of} among its subjects, expected one to link to")

    @property
    def name(self) -> str:
        """The feature's name after that of what it is of."""
        return f"{self.of}_{self.feature.name}"

    @property
    def meaning(self) -> str:
        """The feature's own sentence; the column's name says of what."""
        return self.feature.meaning

    @property
    def unit(self) -> str:
        """The feature's unit."""
        return self.feature.unit

    @property
    def sign(self) -> int:
        """The feature's sign."""
        return self.feature.sign


Entry = Feature | Own | Compared | Linked
Catalogue = tuple[Entry, ...]


def subjects_of(entry: Entry) -> tuple[str, ...]:
    """In whose frames an entry is a column: `invoice` is an invoice at its issue."""
    return entry.subjects if isinstance(entry, Feature | Linked) else ("invoice",)


def over(
    windows: tuple[int | None, ...],
    name: str,
    meaning: str,
    unit: str,
    sign: int,
    formula: Formula,
    *measures: Measure,
    subjects: tuple[str, ...] = LEDGER,
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
