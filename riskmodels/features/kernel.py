"""The sweep: facts sorted by key and day against as-of rows sorted by key and date, each passed once (numba).

Arrays of a partition: `first` and `rows` bound each key's facts and as-of rows (n_keys + 1 offsets), `day` and `as_of`
are day numbers. Values are whole numbers, so that sums are exact and independent of the order of facts within a day.
`reference` says the same in plain numpy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = Any
LIMB = 27
MASK = (1 << LIMB) - 1


@njit(cache=True, nogil=True)
def sort(key: Array, day: Array, n_keys: int, last: int) -> tuple[Array, Array]:
    """The order of facts by (key, day), and each key's offsets in it; days after `last` count as one day.

    Two counting sorts, the second stable: linear in facts, keys and days.
    """
    low = last
    for d in day:
        low = min(low, d)
    by_day = _counted(day, np.arange(len(day)), low, last + 1, last - low + 2)[0]
    return _counted(key, by_day, 0, n_keys - 1, n_keys)


@njit(cache=True, nogil=True)
def _counted(number: Array, order: Array, low: int, high: int, n: int) -> tuple[Array, Array]:
    """`order` sorted stably by number (capped at `high`), and the n + 1 offsets of each number from `low` on."""
    first = np.zeros(n + 1, np.int64)
    for x in number:
        first[min(x, high) - low + 1] += 1
    first = np.cumsum(first)
    place = first[:-1].copy()
    out = np.empty(len(order), np.int64)
    for i in order:
        x = min(number[i], high) - low
        out[place[x]] = i
        place[x] += 1
    return out, first


@njit(cache=True, nogil=True)
def grouped(key: Array, group: Array, n_groups: int) -> tuple[Array, Array]:
    """The order of rows by their key's group, stably, and each group's offsets in it; negative keys are left out."""
    first = np.zeros(n_groups + 1, np.int64)
    for k in key:
        if k >= 0:
            first[group[k] + 1] += 1
    first = np.cumsum(first)
    place = first[:-1].copy()
    order = np.empty(first[-1], np.int64)
    for i in range(len(key)):
        if key[i] >= 0:
            g = group[key[i]]
            order[place[g]] = i
            place[g] += 1
    return order, first


@njit(cache=True, nogil=True)
def until(day: Array, first: Array, as_of: Array, rows: Array, lag: int) -> Array:
    """For each as-of row, the end of its key's facts of days up to as_of - lag."""
    end = np.empty(len(as_of), np.int64)
    for key in range(len(first) - 1):
        i = first[key]
        for r in range(rows[key], rows[key + 1]):
            while i < first[key + 1] and day[i] <= as_of[r] - lag:
                i += 1
            end[r] = i
    return end


@njit(cache=True, nogil=True)
def running(value: Array, order: Array) -> tuple[Array, float]:
    """Sums of the values before each place in the order (n + 1 whole numbers), and the sum of their sizes."""
    total = np.empty(len(order) + 1, np.int64)
    total[0] = 0
    size = 0.0
    for i in range(len(order)):
        x = np.int64(value[order[i]])
        total[i + 1] = total[i] + x
        size += abs(x)
    return total, size


@njit(cache=True, nogil=True)
def between(total: Array, low: Array, high: Array) -> Array:
    """Sum of the values of [low, high) for each as-of row, from running sums."""
    out = np.empty(len(low))
    for r in range(len(low)):
        out[r] = total[high[r]] - total[low[r]]
    return out


@njit(cache=True, nogil=True)
def elapsed(total: Array, aged: Array, as_of: Array, low: Array, high: Array) -> Array:
    """Sum of value * (as_of - day) over [low, high) for each as-of row, from running sums of value and value * day."""
    out = np.empty(len(low))
    for r in range(len(low)):
        out[r] = as_of[r] * (total[high[r]] - total[low[r]]) - (aged[high[r]] - aged[low[r]])
    return out


@njit(cache=True, nogil=True)
def peaks(value: Array, low: Array, high: Array, rows: Array) -> Array:
    """Largest of value[low:high] for each as-of row, NaN where it is empty: a deque of falling values per key."""
    out = np.full(len(low), np.nan)
    falling = np.empty(len(value), np.int64)
    for key in range(len(rows) - 1):
        head = tail = 0
        i = low[rows[key]] if rows[key] < rows[key + 1] else 0
        for r in range(rows[key], rows[key + 1]):
            while i < high[r]:
                while tail > head and value[falling[tail - 1]] <= value[i]:
                    tail -= 1
                falling[tail] = i
                tail += 1
                i += 1
            while head < tail and falling[head] < low[r]:
                head += 1
            if head < tail:
                out[r] = value[falling[head]]
    return out


@njit(cache=True, nogil=True)
def lasts(value: Array, day: Array, low: Array, high: Array) -> Array:
    """Value of the latest fact in [low, high), the largest of its day; NaN where there is none."""
    out = np.full(len(low), np.nan)
    for r in range(len(low)):
        i = high[r] - 1
        if i < low[r]:
            continue
        best = value[i]
        while i > low[r] and day[i - 1] == day[i]:
            i -= 1
            best = max(best, value[i])
        out[r] = best
    return out


@njit(cache=True, nogil=True)
def since(day: Array, as_of: Array, at: Array, low: Array, high: Array) -> Array:
    """Days from fact `at` to the as-of date; NaN where there is no fact in [low, high)."""
    out = np.full(len(low), np.nan)
    for r in range(len(low)):
        if high[r] > low[r]:
            out[r] = as_of[r] - day[at[r]]
    return out


@njit(cache=True, nogil=True)
def _square(limbs: Array, balance: int, sign: int) -> None:
    """Add sign * balance squared to a number of three limbs, base 2^27, the lower two kept within 0 .. 2^27 - 1."""
    upper, lower = balance >> LIMB, balance & MASK
    limbs[0] += sign * lower * lower
    limbs[1] += sign * 2 * upper * lower + (limbs[0] >> LIMB)
    limbs[0] &= MASK
    limbs[2] += sign * upper * upper + (limbs[1] >> LIMB)
    limbs[1] &= MASK


@njit(cache=True, nogil=True)
def spreads(value: Array, other: Array, low: Array, high: Array, rows: Array, n_others: int) -> Array:
    """HHI, top share and number of counterparts of value[low:high] for each as-of row: three rows of an array.

    A counterpart's balance below 0 counts as 0. The sum of squares is a whole number in limbs, so it can't drift.
    """
    out = np.empty((3, len(low)))
    balance = np.zeros(n_others, np.int64)
    limbs = np.zeros(3, np.int64)
    for key in range(len(rows) - 1):
        if rows[key] < rows[key + 1]:
            limbs[:] = 0
            _sweep(value, other, low, high, (rows[key], rows[key + 1]), balance, limbs, out)
    return out


@njit(cache=True, nogil=True)
def _sweep(
    value: Array, other: Array, low: Array, high: Array, own: tuple[int, int], balance: Array, limbs: Array, out: Array
) -> None:
    """Write the as-of rows `own` of one key; `balance` of all counterparts is 0 before and after."""
    enter = leave = low[own[0]]
    total = top = count = 0
    stale = False
    for r in range(own[0], own[1]):
        while enter < high[r] or leave < low[r]:
            entering = enter < high[r]
            i = enter if entering else leave
            before = balance[other[i]]
            after = before + value[i] if entering else before - value[i]
            balance[other[i]] = after
            enter += entering
            leave += not entering
            old, new = max(before, 0), max(after, 0)
            _square(limbs, old, -1)
            _square(limbs, new, 1)
            total += new - old
            count += (new > 0) - (old > 0)
            stale = new < top and (stale or old == top)
            top = max(top, new)
        if stale:
            top = _largest(balance, other, leave, enter)
            stale = False
        _write(out, r, limbs, top, total, count)
    for i in range(leave, enter):
        balance[other[i]] = 0


@njit(cache=True, nogil=True)
def _largest(balance: Array, other: Array, start: int, end: int) -> int:
    top = 0
    for i in range(start, end):
        top = max(top, balance[other[i]])
    return top


@njit(cache=True, nogil=True)
def _write(out: Array, r: int, limbs: Array, top: int, total: int, count: int) -> None:
    squares = limbs[2] * 2.0 ** (2 * LIMB) + ((limbs[1] << LIMB) + limbs[0])
    out[0, r] = squares / (float(total) * float(total)) if total > 0 else np.nan
    out[1, r] = top / total if total > 0 else np.nan
    out[2, r] = count
