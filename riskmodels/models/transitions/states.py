"""The states of a rating system: grades from best to worst, default, and ratings withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.models.inputs import SampleError

CENSORED = -1
"""Code of the state after the last spell of an obligor that was still rated at the end of observation."""


@dataclass(frozen=True)
class States:
    """Grades best to worst; `default`, absorbing, comes after them; `withdrawn` is no rating, hence no state.

    Either of the two is None where the ratings have no such mark.
    """

    grades: tuple[str, ...]
    default: str | None = "D"
    withdrawn: str | None = "NR"

    def __post_init__(self) -> None:
        marks = [m for m in (self.default, self.withdrawn) if m is not None]
        if not self.grades or len({*self.grades, *marks}) < len(self.grades) + len(marks):
            raise Misuse(f"states: found {(*self.grades, *marks)}, expected at least one grade and each name once")

    @property
    def names(self) -> tuple[str, ...]:
        """The K states of a matrix: the grades, then default."""
        return self.grades if self.default is None else (*self.grades, self.default)

    @property
    def absorbing(self) -> tuple[str, ...]:
        """The states nobody leaves."""
        return () if self.default is None else (self.default,)

    @property
    def default_code(self) -> int:
        """Code of default, K - 1; without a default state a code that no rating has."""
        return len(self.grades) if self.default is not None else len(self.grades) + 1

    @property
    def withdrawn_code(self) -> int:
        """Code of a withdrawn rating, K: it comes after the states."""
        return len(self.names)

    def codes(self, marks: pd.Series) -> np.ndarray:
        """The code of each mark (n,): its place in `names`, K for a withdrawn rating; others are refused."""
        known = [*self.names, *([] if self.withdrawn is None else [self.withdrawn])]
        codes = pd.Index(known).get_indexer(pd.Index(marks.astype("str")))
        if (codes < 0).any():
            unknown = sorted(set(marks.astype("str")[codes < 0]))
            raise SampleError(f"grade: found {', '.join(unknown[:10])}, expected one of {', '.join(known)}")
        return codes.astype(np.int64)

    def to_state(self) -> dict[str, Any]:
        """The states as JSON values."""
        return {"grades": list(self.grades), "default": self.default, "withdrawn": self.withdrawn}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> States:
        """The states `to_state` described."""
        return cls(tuple(state["grades"]), state["default"], state["withdrawn"])
