"""The one text that says how a scored file is meant, as a notebook's parameter keeps it: score=p, outcome=y, ..."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.core.nearest import hint
from riskmodels.validation.frame import REQUIRED, ROLES, read_frame
from riskmodels.validation.frame_table import open_table

MEANINGS = ("bad", "score_is", "higher")
"""What the text may say beside the column of each role: the word for bad, what the score is, where it is higher."""


@dataclass(frozen=True)
class Columns:
    """The file's column for each role, and what its cells mean: see `read_frame`."""

    roles: Mapping[str, str]
    meanings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Columns:
        """Roles and meanings from one mapping; entries that say nothing are left out."""
        said = {name: value for name, value in given.items() if value}
        return cls(
            {n: v for n, v in said.items() if n not in MEANINGS}, {n: v for n, v in said.items() if n in MEANINGS}
        )

    @property
    def text(self) -> str:
        """The text that `parse_columns` reads back."""
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(f"{n}={v}" for n, v in {**self.roles, **self.meanings}.items())
        return out.getvalue()

    def read(self, path: str | Path) -> pd.DataFrame:
        """The sample in a file."""
        return read_frame(path, self.roles, **self.meanings)

    def read_reference(self, path: str | Path, kind: str) -> pd.DataFrame:
        """The development sample in a file, its score read as the sample's: a probability or points.

        Of the columns of other roles only those it has are read.
        """
        needed = {role: column for role, column in self.roles.items() if role in REQUIRED}
        has = open_table(path, needed).names
        found = {role: column for role, column in self.roles.items() if role in REQUIRED or column in has}
        return read_frame(path, found, **{**self.meanings, "score_is": kind})


def parse_columns(text: str) -> Columns:
    """What a text such as 'score=p, outcome=y, higher=safer' says; an entry with a comma stands in double quotes."""
    try:
        entries = next(csv.reader([text], skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        raise Misuse(f"columns: found {text[:80]!r} ({error}), expected role=column, role=column, ...") from None
    given: dict[str, str] = {}
    for entry in entries:
        name, equals, value = (part.strip() for part in entry.partition("="))
        if not (equals and name and value):
            raise Misuse(f"columns: found {entry[:80]!r}, expected role=column such as outcome=y")
        if name not in (*ROLES, *MEANINGS):
            raise Misuse(f"columns: no role {name!r}; {hint(name, (*ROLES, *MEANINGS))}")
        if name in given:
            raise Misuse(f"columns: found {name} twice ({given[name]!r} and {value!r}), expected each once")
        given[name] = value
    return Columns.of(given)
