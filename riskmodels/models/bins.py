"""The bins of one variable: where a value falls, and what that bin is worth.

Codes run 0..k-1 over the regular bins, then k for missing and k + 1 for a category never seen in training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.models.woe import iv_parts, woe


@dataclass(frozen=True)
class Cuts:
    """Left-closed bins of a number: a value equal to a cut belongs to the bin above it."""

    edges: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.edges) + 1

    def codes(self, values: pd.Series) -> np.ndarray:
        """Bin of each value; missing last."""
        numbers = values.to_numpy(dtype=float)
        return np.where(np.isnan(numbers), len(self), np.searchsorted(self.edges, numbers, side="right"))

    def labels(self) -> list[str]:
        """Bins as intervals, in order."""
        ends = ["-inf", *(f"{edge:.10g}" for edge in self.edges), "inf"]
        return [f"{'[' if i else '('}{low}, {high})" for i, (low, high) in enumerate(pairwise(ends))]


@dataclass(frozen=True)
class Groups:
    """Bins of a category: each a group of its values."""

    members: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.members)

    def codes(self, values: pd.Series) -> np.ndarray:
        """Group of each value; then missing; then never seen."""
        place = {value: code for code, group in enumerate(self.members) for value in group}
        found = values.map(place).fillna(len(self) + 1)
        return np.where(values.isna(), len(self), found).astype(int)

    def labels(self) -> list[str]:
        """Groups as lists of their values, in order."""
        return [", ".join(group) for group in self.members]


@dataclass(frozen=True)
class BinnedFeature:
    """A variable with its bins, its good and bad weights by code (k + 1, missing last) and WoE (k + 2)."""

    name: str
    bins: Cuts | Groups
    good: np.ndarray
    bad: np.ndarray
    woe: np.ndarray

    def transform(self, values: pd.Series) -> np.ndarray:
        """WoE of each value."""
        return self.woe[self.bins.codes(values)]

    @property
    def iv(self) -> float:
        """Information value over all bins, missing included."""
        return float(self._iv_parts().sum())

    @property
    def trend(self) -> str:
        """How WoE runs over the regular bins: ascending, descending, none, or constant for a single bin."""
        steps = np.diff(self.woe[: len(self.bins)])
        if not len(steps):
            return "constant"
        return "ascending" if (steps > 0).all() else "descending" if (steps < 0).all() else "none"

    def table(self) -> pd.DataFrame:
        """One row per bin, missing last if there was any: n, share, good, bad, bad rate, WoE and IV."""
        n = self.good + self.bad
        columns = {
            _("bin"): [*self.bins.labels(), _("missing")],
            _("n"): n,
            _("share"): n / n.sum(),
            _("good"): self.good,
            _("bad"): self.bad,
            _("bad rate"): np.divide(self.bad, n, out=np.full(len(n), np.nan), where=n > 0),
            _("WoE"): self.woe[:-1],
            _("IV"): self._iv_parts(),
        }
        return pd.DataFrame(columns).iloc[: len(n) if n[-1] else len(n) - 1]

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same feature."""
        kind, parts = ("cuts", self.bins.edges) if isinstance(self.bins, Cuts) else ("groups", self.bins.members)
        counts = {key: getattr(self, key).tolist() for key in ("good", "bad", "woe")}
        return {"name": self.name, kind: list(parts), **counts}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> BinnedFeature:
        """The feature `to_state` described."""
        bins = Cuts(tuple(state["cuts"])) if "cuts" in state else Groups(tuple(map(tuple, state["groups"])))
        return cls(state["name"], bins, *(np.array(state[key], dtype=float) for key in ("good", "bad", "woe")))

    def _iv_parts(self) -> np.ndarray:
        parts = iv_parts(self.good, self.bad, self.good.sum(), self.bad.sum())
        return np.where(self.good + self.bad > 0, parts, 0.0)


def binned(
    values: pd.Series, bins: Cuts | Groups, y: np.ndarray, weight: np.ndarray, min_events: float
) -> BinnedFeature:
    """The variable with counts and WoE taken from a sample (y: 1 = bad; weight: one per row).

    Missing values have their own bin. With fewer than `min_events` bads or goods in it, its WoE isn't believed
    when it is better than the average: it is then 0. A category never seen in training also gets 0.
    """
    codes = bins.codes(values)
    good, bad = (np.bincount(codes, weight * part, len(bins) + 1) for part in (1 - y, y))
    worth = woe(good, bad, good.sum(), bad.sum())
    if min(good[-1], bad[-1]) < min_events:
        worth[-1] = max(worth[-1], 0.0)
    return BinnedFeature(str(values.name), bins, good, bad, np.append(worth, 0.0))


def unlisted(values: pd.Series, groups: Sequence[Sequence[str]]) -> list[str]:
    """Categories of the sample that stand in no group."""
    listed = {value for group in groups for value in group}
    return sorted(set(values.dropna()) - listed)
