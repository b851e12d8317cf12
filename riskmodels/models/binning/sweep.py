"""The programme of `search` as compiled loops (numba)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from riskmodels.models.binning.search import TIE

Array = Any


@njit(cache=True, nogil=True)
def search(
    gains: Array,
    levels: Array,
    n: Array,
    total: Array,
    squares: Array,
    cohort_n: Array,
    cohort_total: Array,
    phases: Array,
    most: int,
    critical: float,
    steady: float,
) -> tuple[float, Array]:
    """The greatest gain, and the first pre-bin of each bin of the partition that has it; -inf and [0] without one."""
    k, n_phases = len(gains), len(phases)
    best = np.full((n_phases, k, k, most), -np.inf)  # best[p, j, i, m - 1] is f(m, i, j) in phase p
    before = np.zeros((n_phases, k, k, most), np.int32)  # h, and the phase it was in
    came = np.zeros((n_phases, k, k, most), np.int8)
    best[0, :, 0, 0] = gains[0]
    for i in range(1, k):
        for j in range(i, k):
            if gains[i, j] == -np.inf:
                continue
            for h in range(i):
                if gains[h, i - 1] == -np.inf:
                    continue
                step = levels[i, j] - levels[h, i - 1]
                sound = 1 if critical <= 0 and steady <= 0 else -1  # -1: not looked at yet
                for p in range(n_phases):
                    if phases[p] != 0 and phases[p] * step <= 0:
                        continue
                    for q in range(p + 1):
                        if sound < 0 and _improves(best[q, i - 1, h], best[p, j, i], gains[i, j], most):
                            apart = _apart(n, total, squares, h, i, j, critical)
                            sound = int(apart and _steady(cohort_n, cohort_total, h, i, j, step, steady))
                        for m in range(1, most if sound == 1 else 0):
                            value = best[q, i - 1, h, m - 1] + gains[i, j]
                            if value > best[p, j, i, m]:
                                best[p, j, i, m] = value
                                before[p, j, i, m] = h
                                came[p, j, i, m] = q
    return _trace(best, before, came)


@njit(cache=True, nogil=True)
def _improves(old: Array, new: Array, gain: float, most: int) -> bool:
    """Whether a bin after those of `old` would improve on any number of bins of `new`."""
    for m in range(1, most):  # noqa: SIM110 - numba compiles the loop, not any() over a generator
        if old[m - 1] + gain > new[m]:
            return True
    return False


@njit(cache=True, nogil=True)
def _apart(n: Array, total: Array, squares: Array, h: int, i: int, j: int, critical: float) -> bool:
    """Whether the means of pre-bins h..i-1 and i..j differ by enough for their spread."""
    if critical <= 0:
        return True
    a, b = n[i] - n[h], n[j + 1] - n[i]
    both = a + b
    mean = (total[j + 1] - total[h]) / both
    variance = (squares[j + 1] - squares[h]) / both - mean * mean
    step = (total[j + 1] - total[i]) / b - (total[i] - total[h]) / a
    return step * step >= critical * variance * (1 / a + 1 / b)


@njit(cache=True, nogil=True)
def _steady(n: Array, total: Array, h: int, i: int, j: int, step: float, least: float) -> bool:
    """Whether enough cohorts with cases of both bins have them in the same order as all cases have."""
    if least <= 0:
        return True
    seen = kept = 0
    for c in range(len(n)):
        a, b = n[c, i] - n[c, h], n[c, j + 1] - n[c, i]
        if a > 0 and b > 0:
            seen += 1
            kept += ((total[c, j + 1] - total[c, i]) / b - (total[c, i] - total[c, h]) / a) * step >= 0
    return kept >= least * seen


@njit(cache=True, nogil=True)
def _trace(best: Array, before: Array, came: Array) -> tuple[float, Array]:
    n_phases, k, _, most = best.shape
    top = best[:, k - 1].max()
    if top == -np.inf:
        return -np.inf, np.zeros(1, np.int64)
    for m in range(most):
        for p in range(n_phases):
            for i in range(k):
                if best[p, k - 1, i, m] >= top - TIE:
                    starts = np.zeros(m + 1, np.int64)
                    j = k - 1
                    for b in range(m, 0, -1):
                        starts[b] = i
                        h, q = before[p, j, i, b], came[p, j, i, b]
                        j, i, p = i - 1, h, q
                    return top, starts
    return top, np.zeros(1, np.int64)
