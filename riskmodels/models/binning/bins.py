"""The bins of one variable: where a value falls.

Codes run over the regular bins, 0..k-1, then a code for each special (a value, or values, with a bin of their own),
then missing, then a category never seen in training.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _

SHOWN = 12
"""Categories that the label of a group names; of more it tells the number."""


@dataclass(frozen=True)
class Cuts:
    """Left-closed bins of a number: a value equal to a cut belongs to the bin above it; specials in none of them."""

    edges: tuple[float, ...]
    specials: tuple[tuple[float, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.edges) + 1

    @property
    def size(self) -> int:
        """Number of codes: regular bins, specials, missing, unseen."""
        return len(self) + len(self.specials) + 2

    def codes(self, values: pd.Series) -> np.ndarray:
        """Code of each value."""
        numbers = values.to_numpy(dtype=float)
        found = np.searchsorted(self.edges, numbers, side="right")
        for place, special in enumerate(self.specials):
            found[np.isin(numbers, special)] = len(self) + place
        found[np.isnan(numbers)] = self.size - 2
        return found

    def labels(self) -> list[str]:
        """Regular bins as intervals, in order."""
        ends = ["-inf", *_written(self.edges), "inf"]
        return [f"{'[' if i else '('}{low}, {high})" for i, (low, high) in enumerate(pairwise(ends))]

    def names(self) -> list[str]:
        """A label for each code."""
        return [*self.labels(), *_special_names(self.specials), _("missing"), _("unseen")]

    def to_state(self) -> dict[str, Any]:
        """The bins as plain values."""
        return {"cuts": list(self.edges), "specials": list(map(list, self.specials))}


@dataclass(frozen=True)
class Groups:
    """Bins of a category: each a group of its values; specials are groups of their own."""

    members: tuple[tuple[str, ...], ...]
    specials: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.members)

    @property
    def size(self) -> int:
        """Number of codes: groups, specials, missing, unseen."""
        return len(self) + len(self.specials) + 2

    def codes(self, values: pd.Series) -> np.ndarray:
        """Code of each value."""
        place = {value: code for code, group in enumerate((*self.members, *self.specials)) for value in group}
        which, distinct = pd.factorize(values)
        found = np.array([place.get(value, self.size - 1) for value in distinct] + [self.size - 2], dtype=np.intp)
        return found[which]

    def labels(self) -> list[str]:
        """Groups as lists of their values, in order."""
        return list(map(_listed, self.members))

    def names(self) -> list[str]:
        """A label for each code."""
        return [*self.labels(), *_special_names(self.specials), _("missing"), _("unseen")]

    def to_state(self) -> dict[str, Any]:
        """The bins as plain values."""
        return {"groups": list(map(list, self.members)), "specials": list(map(list, self.specials))}


def bins_from_state(state: dict[str, Any]) -> Cuts | Groups:
    """The bins `to_state` described."""
    specials = tuple(map(tuple, state["specials"]))
    if "cuts" in state:
        return Cuts(tuple(state["cuts"]), specials)
    return Groups(tuple(map(tuple, state["groups"])), specials)


def unlisted(values: pd.Series, groups: Iterable[Sequence[str]]) -> list[str]:
    """Categories of the sample that stand in no group."""
    listed = {value for group in groups for value in group}
    return sorted(set(values.dropna()) - listed)


def _special_names(specials: Sequence[Sequence[Any]]) -> list[str]:
    return [_listed([v if isinstance(v, str) else _written([v])[0] for v in special]) for special in specials]


def _written(numbers: Sequence[float]) -> list[str]:
    """Numbers with the 15 digits that every float keeps; in full where that would make two of them one."""
    short = [f"{number:.15g}" for number in numbers]
    return short if len(set(short)) == len(short) else list(map(repr, numbers))


def _listed(values: Sequence[str]) -> str:
    more = len(values) - SHOWN
    shown = _(", ").join(values[:SHOWN])
    return shown if more <= 0 else _("{shown} and {more:,} more").format(shown=shown, more=more)
