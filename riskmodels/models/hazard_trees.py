"""The trees of a hazard evaluated for all intervals at once: a walk parts the grid only where a tree splits on the day.

LightGBM would be asked once per interval, nineteen times for the same covariates. Here a walk carries the span of
intervals it stands for: a split on a covariate sends the span one way, a split on the day parts it. The result is
LightGBM's own to within rounding.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from numba import njit

LEAF, NUMBER, CATEGORY = 0, 1, 2
DEEPEST = 512  # spans that wait on a walk: one tree of so many leaves would be needed to pass it


@dataclass(frozen=True)
class FlatTrees:
    """Nodes of all trees: kind, feature, threshold (a leaf's value; for categories a bit set's place), children.

    `left_if_missing` is 1, 0, or -1 where a missing value counts as 0. `roots` begins each tree; `members` holds, for
    each split of categories, which codes go left.
    """

    roots: np.ndarray
    kind: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    children: np.ndarray
    left_if_missing: np.ndarray
    members: np.ndarray


def flat(trees: lgb.Booster) -> FlatTrees:
    """The nodes of a booster's trees."""
    nodes: list[tuple[int, int, float, int, int, int]] = []
    sets: list[set[int]] = []
    roots = [_add(tree["tree_structure"], nodes, sets) for tree in trees.dump_model()["tree_info"]]
    kind, feature, threshold, left, right, missing = (np.array(column) for column in zip(*nodes))
    members = np.zeros((max(len(sets), 1), 1 + max((max(s) for s in sets), default=0)), dtype=bool)
    for place, codes in enumerate(sets):
        members[place, list(codes)] = True
    children = np.column_stack([left, right])
    return FlatTrees(np.array(roots), kind, feature, threshold.astype(float), children, missing, members)


def _add(node: dict[str, Any], nodes: list[Any], sets: list[set[int]]) -> int:
    """The place of a node, put with those below it at the end of the list."""
    place = len(nodes)
    if "leaf_value" in node:
        nodes.append((LEAF, 0, node["leaf_value"], 0, 0, 0))
        return place
    nodes.append(())
    left, right = (_add(node[side], nodes, sets) for side in ("left_child", "right_child"))
    if node["decision_type"] == "==":
        sets.append({int(code) for code in str(node["threshold"]).split("||")})
        nodes[place] = (CATEGORY, node["split_feature"], len(sets) - 1, left, right, 0)
        return place
    missing = -1 if node["missing_type"] == "None" else int(node["default_left"])
    nodes[place] = (NUMBER, node["split_feature"], node["threshold"], left, right, missing)
    return place


def log_odds(trees: FlatTrees, values: np.ndarray, grid: np.ndarray, threads: int) -> np.ndarray:
    """The sum of the trees' leaves for n rows of covariates (float32) on each day of a grid (K): n x K."""
    found = np.empty((len(values), len(grid)))
    parts = [slice(part[0], part[-1] + 1) for part in np.array_split(np.arange(len(values)), threads) if len(part)]
    told = tuple(vars(trees).values())
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: _walk(*told, values[part], grid, found[part]), parts))
    return found


@njit(cache=True, nogil=True)
def _walk(
    roots: Any, kind: Any, feature: Any, threshold: Any, children: Any, missing: Any, members: Any, values: Any,
    grid: Any, out: Any,
) -> None:  # fmt: skip
    width, k = values.shape[1], len(grid)
    node, low, high = np.empty(DEEPEST, np.int64), np.empty(DEEPEST, np.int64), np.empty(DEEPEST, np.int64)
    for row in range(len(values)):
        out[row] = 0.0
        for root in roots:
            node[0], low[0], high[0], waiting = root, 0, k, 1
            while waiting:
                waiting -= 1
                at, a, b = node[waiting], low[waiting], high[waiting]
                while kind[at] != 0:
                    if feature[at] == width:
                        cut = a + np.searchsorted(grid[a:b], threshold[at], side="right")
                        if a < cut < b:
                            node[waiting], low[waiting], high[waiting] = children[at, 1], cut, b
                            waiting += 1
                            at, b = children[at, 0], cut
                        else:
                            at = children[at, 0] if cut == b else children[at, 1]
                    else:
                        at = _next(at, values[row, feature[at]], kind, threshold, children, missing, members)
                for j in range(a, b):
                    out[row, j] += threshold[at]


@njit(cache=True, nogil=True)
def _next(at: Any, value: Any, kind: Any, threshold: Any, children: Any, missing: Any, members: Any) -> Any:
    """The child a value goes to."""
    if kind[at] == 2:
        codes = members[np.int64(threshold[at])]
        left = not np.isnan(value) and 0 <= value < len(codes) and codes[np.int64(value)]
    elif np.isnan(value):
        left = missing[at] == 1 or (missing[at] == -1 and threshold[at] >= 0.0)
    else:
        left = value <= threshold[at]
    return children[at, 0] if left else children[at, 1]
