"""Weights of importance from what an expert can say: shares that sum to 1, or only which driver matters more.

Reference: Barron, Barrett (1996), Management Science 42: rank-order centroid weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import numpy as np

from riskmodels.core.errors import Misuse

MOST = 16  # drivers whose order can be averaged over: the work doubles with each
NEAR = 1e-6

Pairs = tuple[tuple[int, int], ...]


def order_pairs(order: Sequence[str], names: Sequence[str]) -> Pairs:
    """Pairs (i, j) of drivers, the first at least as important as the second, from lines such as 'a >= b >= c'.

    Refused as Misuse: names that are no driver, and an order that runs in a circle.
    """
    pairs = []
    for line in [order] if isinstance(order, str) else order:
        chain = [name.strip() for name in line.split(">=")]
        if strange := [name for name in chain if name not in names]:
            raise Misuse(f"order: {line!r}: found no drivers {strange}, expected some of {list(names)}")
        pairs += [(names.index(a), names.index(b)) for a, b in pairwise(chain)]
    ranking(tuple(pairs), names)
    return tuple(pairs)


def ranking(pairs: Pairs, names: Sequence[str]) -> list[int]:
    """Drivers in one order, most important first, that agrees with every pair."""
    above: dict[int, list[int]] = {i: [] for i in range(len(names))}
    for first, second in pairs:
        above[second].append(first)
    try:
        return list(TopologicalSorter(above).static_order())
    except CycleError as error:
        circle = " >= ".join(names[i] for i in error.args[1])
        raise Misuse(f"order: found {circle}, which contradicts itself; expected an order without circles") from None


def stated_weights(given: Sequence[float | None], pairs: Pairs, names: Sequence[str]) -> np.ndarray:
    """The shares (p,) an expert gave, or, where none were given, the centre of all that the order allows.

    Refused as Misuse: some shares missing, a negative one, a sum other than 1, or shares that contradict the order.
    """
    if all(weight is None for weight in given):
        return central_weights(len(names), pairs)
    if missing := [name for name, weight in zip(names, given) if weight is None]:
        raise Misuse(f"weights: found none for {missing}, expected a share for every driver or for none")
    weights = np.array(given, dtype=float)
    if strange := {name: w for name, w in zip(names, weights.tolist()) if not (np.isfinite(w) and w >= 0)}:
        raise Misuse(f"weights: found {strange}, expected 0 or more; a driver that lowers risk has sign -1")
    if abs(weights.sum() - 1) > NEAR:
        raise Misuse(f"weights: found a sum of {weights.sum():.6g}, expected shares that sum to 1")
    for first, second in pairs:
        if weights[first] < weights[second] - NEAR:
            raise Misuse(f"weights: found {names[first]} below {names[second]}, expected the order that was given")
    return weights


def central_weights(count: int, pairs: Pairs) -> np.ndarray:
    """The mean (count,) of all shares that sum to 1 and keep the order.

    Every complete order holds an equal part of them, whose mean is the rank-order centroid (1/p)(1/k + ... + 1/p) at
    rank k; so the mean over the complete orders that agree with the pairs, counted exactly over subsets.
    """
    if not pairs:
        return np.full(count, 1 / count)
    if count > MOST:
        raise Misuse(f"order: found {count} drivers, expected at most {MOST}, or a weight for each")
    centroid = np.cumsum(1 / np.arange(count, 0, -1))[::-1] / count
    needs = [sum(1 << a for a, b in set(pairs) if b == i) for i in range(count)]
    first, last = _orders(count, needs)
    weights = np.zeros(count)
    for taken, ways in first.items():
        for i in _next(taken, needs):
            weights[i] += ways * last[taken | 1 << i] * centroid[taken.bit_count()]
    return weights / last[0]


def _next(taken: int, needs: list[int]) -> list[int]:
    return [i for i, need in enumerate(needs) if not taken >> i & 1 and need & ~taken == 0]


def _orders(count: int, needs: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Numbers of orders in which each reachable set of drivers can be taken first, and in which the rest can follow."""
    first, layers = {0: 1}, [[0]]
    for _size in range(count):
        for taken in layers[-1]:
            for i in _next(taken, needs):
                first[taken | 1 << i] = first.get(taken | 1 << i, 0) + first[taken]
        layers.append([s for s in first if s.bit_count() == len(layers)])
    last = {(1 << count) - 1: 1}
    for layer in reversed(layers[:-1]):
        last |= {taken: sum(last[taken | 1 << i] for i in _next(taken, needs)) for taken in layer}
    return first, last
