"""Invoices whose open amounts add up to what was received: an exact search, bounded in steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit

Array = Any
MOST_ITEMS = 40
"""Most amounts that are searched, the first ones."""
MOST_SIZE = 8
MOST_STEPS = 200_000
MOST_FOUND = 16


def subsets(amounts: Sequence[int], target: int) -> list[tuple[int, ...]]:
    """Places of the smallest subsets, of two or more, of positive whole `amounts` that add up to `target`.

    All of the smallest size that has any, at most MOST_FOUND: the more members, the likelier a sum is chance. Nothing
    is found beyond MOST_ITEMS amounts, MOST_SIZE members, or MOST_STEPS for a size.
    """
    places = [place for place, amount in enumerate(amounts[:MOST_ITEMS]) if 0 < amount < target]
    order = sorted(places, key=lambda place: (-amounts[place], place))
    falling = np.array([amounts[place] for place in order], dtype=np.int64)
    for size in range(2, min(MOST_SIZE, len(order)) + 1):
        chosen = _of_size(falling, target, size, MOST_STEPS, MOST_FOUND)
        if len(chosen):
            return [tuple(sorted(order[k] for k in np.flatnonzero(row))) for row in chosen]
    return []


@njit(cache=True)
def _of_size(values: Array, target: int, size: int, steps: int, most: int) -> Array:
    """Depth first over falling values, each taken or left; a branch ends when the most or least it can add misses."""
    n = len(values)
    sums = np.zeros(n + 1, dtype=np.int64)
    sums[1:] = np.cumsum(values)
    found, count = np.zeros((most, n), dtype=np.bool_), 0
    taken, left, place, picks = np.zeros(n, dtype=np.bool_), target, 0, size
    for _ in range(steps):
        if picks > 0 and place + picks <= n and sums[n] - sums[n - picks] <= left <= sums[place + picks] - sums[place]:
            take = values[place] <= left
            taken[place] = take
            left -= values[place] * take
            picks -= take
            place += 1
            continue
        if picks == 0 and left == 0:
            found[count] = taken
            count += 1
        last = place - 1
        while last >= 0 and not taken[last]:
            last -= 1
        if last < 0 or count == most:
            break
        taken[last], left, place, picks = False, left + values[last], last + 1, picks + 1
    return found[:count]
