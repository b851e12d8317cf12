"""Sizes of a boosted model, stated beforehand: what each is for, from the smallest to the largest.

The sizes follow what a sample can tell, not any data set: a leaf needs bads and goods to be judged by, and each
level of a tree is one more driver that may act together with the others. Shared by all: each tree sees a random
80 % of the rows, which makes trees differ and steadies their sum (Friedman 2002, Stochastic gradient boosting).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskmodels.core.errors import Misuse
from riskmodels.core.text import mark

AUTO, OWN = "auto", "own"
SHARED = {"bagging_fraction": 0.8, "bagging_freq": 1}


@dataclass(frozen=True)
class Preset:
    """One size: leaves of a tree, least rows in a leaf, ridge on leaf values, learning rate, share of columns a tree
    sees, and in words what it is for."""

    leaves: int
    least: int
    ridge: float
    rate: float
    columns: float
    use: str

    def settings(self) -> dict[str, Any]:
        """The size in LightGBM's words."""
        sizes = {"num_leaves": self.leaves, "min_child_samples": self.least, "reg_lambda": self.ridge}
        return {**SHARED, **sizes, "learning_rate": self.rate, "feature_fraction": self.columns}


PRESETS: dict[str, Preset] = {
    "additive": Preset(2, 30, 10.0, 0.1, 0.7, mark("no driver depends on another, as in a scorecard: dozens of bads")),
    "small": Preset(4, 30, 10.0, 0.05, 0.5, mark("two or three drivers act together: hundreds of bads")),
    "medium": Preset(8, 20, 3.0, 0.05, 0.5, mark("several drivers act together: thousands of rows")),
    "large": Preset(31, 20, 1.0, 0.05, 0.5, mark("many drivers act together: tens of thousands of rows")),
    "deep": Preset(63, 5, 1.0, 0.1, 0.5, mark("risk sits in small pockets of many columns at once")),
}


def candidates(preset: str | Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """LightGBM's settings by name: all presets for auto, else the one named, or the caller's own settings."""
    if isinstance(preset, Mapping):
        return {OWN: dict(preset)}
    if preset != AUTO and preset not in PRESETS:
        known = ", ".join([AUTO, *PRESETS])
        raise Misuse(f"preset: found {preset!r}, expected one of {known}, or a mapping of LightGBM's settings")
    taken = PRESETS if preset == AUTO else {preset: PRESETS[preset]}
    return {name: each.settings() for name, each in taken.items()}
