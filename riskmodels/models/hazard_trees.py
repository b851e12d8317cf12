"""The trees of a hazard evaluated for all intervals at once: what a tree says of a span of days is a tree of its own.

LightGBM would be asked once per interval, nineteen times for the same covariates. Here each tree is parted where it
splits on the day, so that covariates alone are left to split on. Each of these trees takes a block of rows at a time,
while its nodes are at hand, and adds its leaves to all days of its span. The result is LightGBM's own to within
rounding.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import lightgbm as lgb
import numpy as np
from numba import njit

LEAF, NUMBER, CATEGORY = 0, 1, 2
BLOCK = 256  # rows a tree takes at a time: their covariates and sums stay in the processor's nearest cache


@dataclass(frozen=True)
class FlatTrees:
    """Trees without the day. `spans` (T, 3): root, first place on the grid and the one after the last; of K days.

    Of each node: kind, feature, threshold (a leaf's value; for categories a bit set's place), children, and whether a
    missing value goes left. `members` holds, for each split of categories, which codes go left.
    """

    days: int
    spans: np.ndarray
    kind: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    children: np.ndarray
    left_if_missing: np.ndarray
    members: np.ndarray


def flat(trees: lgb.Booster, grid: np.ndarray) -> FlatTrees:
    """A booster's trees, whose last feature is the day, on the days of a grid (K,)."""
    parting = _Parting(grid.tolist(), trees.num_feature() - 1)
    spans = [span for tree in trees.dump_model()["tree_info"] for span in parting.spans(tree["tree_structure"])]
    kind, feature, threshold, left, right, missing = (np.array(column) for column in zip(*parting.nodes))
    members = np.zeros((max(len(parting.sets), 1), 1 + max((max(s) for s in parting.sets), default=0)), dtype=bool)
    for place, codes in enumerate(parting.sets):
        members[place, list(codes)] = True
    children = np.column_stack([left, right])
    return FlatTrees(len(grid), np.array(spans), kind, feature, threshold.astype(float), children, missing, members)


@dataclass(frozen=True)
class _Parting:
    """Trees being parted: the grid, the place of the day among the features, and what was listed so far."""

    grid: list[float]
    day: int
    nodes: list[Any] = field(default_factory=list)
    sets: list[set[int]] = field(default_factory=list)

    def spans(self, tree: dict[str, Any]) -> list[tuple[int, int, int]]:
        """The root of a tree, and where it begins and ends, for each span of days it does not part."""
        edges = itertools.pairwise(sorted({0, len(self.grid), *self._cuts(tree)}))
        return [(self._add(tree, low), low, high) for low, high in edges]

    def _cuts(self, node: dict[str, Any]) -> list[int]:
        if "leaf_value" in node:
            return []
        own = [self._cut(node)] if node["split_feature"] == self.day else []
        return own + self._cuts(node["left_child"]) + self._cuts(node["right_child"])

    def _cut(self, node: dict[str, Any]) -> int:
        """How many days of the grid a split on the day sends left."""
        return bisect_right(self.grid, node["threshold"])

    def _add(self, node: dict[str, Any], low: int) -> int:
        """The place of a node, as the span from `low` on sees it, put with those below it at the end of the list."""
        if node.get("split_feature") == self.day:
            return self._add(node["left_child" if low < self._cut(node) else "right_child"], low)
        place = len(self.nodes)
        self.nodes.append((LEAF, 0, node.get("leaf_value"), 0, 0, False))
        if "leaf_value" not in node:
            left, right = (self._add(node[side], low) for side in ("left_child", "right_child"))
            self.nodes[place] = (*self._split(node), left, right, _left_if_missing(node))
        return place

    def _split(self, node: dict[str, Any]) -> tuple[int, int, float]:
        if node["decision_type"] != "==":
            return NUMBER, node["split_feature"], node["threshold"]
        self.sets.append({int(code) for code in str(node["threshold"]).split("||")})
        return CATEGORY, node["split_feature"], len(self.sets) - 1


def _left_if_missing(node: dict[str, Any]) -> bool:
    """Whether a missing value goes left; where training saw none, it counts as 0. Missing categories go right."""
    if node["decision_type"] == "==":
        return False
    return node["threshold"] >= 0 if node["missing_type"] == "None" else bool(node["default_left"])


def log_odds(trees: FlatTrees, values: np.ndarray, threads: int) -> np.ndarray:
    """The sum of the trees' leaves for n rows of covariates (float32) on each of K days: n x K."""
    found = np.empty((len(values), trees.days))
    parts = [slice(part[0], part[-1] + 1) for part in np.array_split(np.arange(len(values)), threads) if len(part)]
    _days, *told = vars(trees).values()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: _walk(*told, values[part], found[part]), parts))
    return found


@njit(cache=True, nogil=True)
def _walk(
    spans: Any, kind: Any, feature: Any, threshold: Any, children: Any, missing: Any, members: Any, values: Any,
    out: Any,
) -> None:  # fmt: skip
    leaf, sums = np.empty(BLOCK), np.empty((out.shape[1], BLOCK))
    for first in range(0, len(values), BLOCK):
        size = min(BLOCK, len(values) - first)
        sums[:] = 0.0
        for root, low, high in spans:
            for row in range(size):
                at = root
                while kind[at] != LEAF:
                    value = values[first + row, feature[at]]
                    if kind[at] == NUMBER:
                        left = value <= threshold[at] or (missing[at] and np.isnan(value))
                    else:
                        codes = members[np.int64(threshold[at])]
                        left = not np.isnan(value) and 0 <= value < len(codes) and codes[np.int64(value)]
                    at = children[at, 0] if left else children[at, 1]
                leaf[row] = threshold[at]
            for place in range(low, high):
                for row in range(size):
                    sums[place, row] += leaf[row]
        for row in range(size):
            out[first + row] = sums[:, row]
