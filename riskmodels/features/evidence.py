"""What the proof says when it fails: which value moved, and which later rows and cells moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

ROWS = "the list of rows"
"""Stands for a feature where later facts change which rows a frame has: 1 where there is one."""
SHOWN = 3


@dataclass(frozen=True)
class Culprit:
    """A row, or cells of it, and the day that reveals them: of a row the one it is known on; None is never.

    `rows` above 1: the first of so many rows, too many to tell which of them act together.
    """

    table: str
    key: Mapping[str, str]
    columns: tuple[str, ...]
    known_on: date
    revealed_on: date | None
    rows: int = 1

    def __str__(self) -> str:
        columns = self.columns if self.rows == 1 else ()
        row = f"{self.table} {_told(self.key)} ({', '.join((*columns, self._when))})"
        return row if self.rows == 1 else f"{row} and {self.rows - 1} more rows of {self.table} together"

    @property
    def _when(self) -> str:
        if self.revealed_on == self.known_on:
            return f"known on {self.known_on}"
        return f"revealed on {self.revealed_on}" if self.revealed_on else "never revealed"


@dataclass(frozen=True)
class Evidence:
    """A value that moved, and the fewest culprits that move it together; `how` the future with them is another."""

    feature: str
    ids: Mapping[str, str]
    as_of: date
    before: float
    after: float
    how: str
    culprits: tuple[Culprit, ...]

    def __str__(self) -> str:
        who = _told({name.removesuffix("_id"): value for name, value in self.ids.items()})
        before, after = (_value(v, self.feature) for v in (self.before, self.after))
        return f"{who}: {before} becomes {after} {self.how} {' and '.join(map(str, self.culprits))}"


class LeakFound(AssertionError):
    """A feature sees the future; `features` that do in one frame, and `evidence` of the first."""

    def __init__(
        self, features: Sequence[str], when: str, moved: int, among: int, evidence: Sequence[Evidence]
    ) -> None:
        """`moved` of `among` values of the first feature moved."""
        self.features, self.evidence = tuple(features), tuple(evidence)
        others = f" {len(features) - 1} more do: {_some(features[1:])}." if features[1:] else ""
        told = f" {'; '.join(map(str, evidence))}." if evidence else ""
        super().__init__(f"{features[0]} {when} sees the future: {moved} of {among} values move.{told}{others}")

    @property
    def frame(self) -> pd.DataFrame:
        """The evidence as a frame: one row per culprit."""
        rows = [
            {**vars(e), "ids": _told(e.ids), **vars(c), "key": _told(c.key), "columns": ", ".join(c.columns)}
            for e in self.evidence
            for c in e.culprits
        ]
        return pd.DataFrame(rows).drop(columns="culprits", errors="ignore")


def _told(names: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in names.items())


def _some(names: Sequence[str]) -> str:
    return ", ".join((*names[:SHOWN], *(["..."] if names[SHOWN:] else [])))


def _value(value: float, feature: str) -> str:
    """A value with all the digits that tell it from another."""
    if feature == ROWS:
        return "not there" if np.isnan(value) else "there"
    return "no value" if np.isnan(value) else repr(float(value)).removesuffix(".0")
