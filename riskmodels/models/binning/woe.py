"""Weight of evidence and information value from counts.

WoE = ln(share of bad / share of good) of a bin: above 0 is worse than the average, below 0 better. Counts are taken
as they are when both are positive; where one of them is empty, half a case of the rarer class is added, and as large a
share of the other: a bin of few cases is then near the average, one of many far from it, and no empty class counts as
much evidence as it would if both got the same number.

Reference: Siddiqi (2006), Credit Risk Scorecards, chapter 6, with the sign turned so that more is worse.
"""

from __future__ import annotations

import numpy as np

HALF = 0.5


def shares(
    good: np.ndarray, bad: np.ndarray, goods: float, bads: float, smooth: np.ndarray | bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Each bin's share of all goods and of all bads, drawn to the average where one is empty or where `smooth`."""
    added = np.where((good > 0) & (bad > 0) & ~np.asarray(smooth), 0.0, HALF / min(goods, bads))
    return good / goods + added, bad / bads + added


def woe(good: np.ndarray, bad: np.ndarray, goods: float, bads: float, smooth: np.ndarray | bool = False) -> np.ndarray:
    """WoE of bins with `good` and `bad` counts out of `goods` and `bads` in all; any shape, 0 for a bin of no case."""
    share_good, share_bad = shares(good, bad, goods, bads, smooth)
    return np.log(share_bad / share_good)


def iv_parts(good: np.ndarray, bad: np.ndarray, goods: float, bads: float) -> np.ndarray:
    """What each bin adds to the information value, (share of bad - share of good) x WoE; never negative."""
    share_good, share_bad = shares(good, bad, goods, bads)
    return (share_bad - share_good) * np.log(share_bad / share_good)


def information_value(good: np.ndarray, bad: np.ndarray) -> float:
    """Information value of a variable from its good and bad counts by bin or by category."""
    good, bad = np.asarray(good, dtype=float), np.asarray(bad, dtype=float)
    return float(iv_parts(good, bad, good.sum(), bad.sum()).sum())


def woe_error(good: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """Standard error of the WoE of bins that part a sample; counts as for `woe`, 0 for a bin that holds all."""
    goods, bads = good.sum(), bad.sum()
    share_good, share_bad = shares(good, bad, goods, bads)
    variance = 1 / (share_good * goods) + 1 / (share_bad * bads) - 1 / goods - 1 / bads
    return np.sqrt(np.maximum(variance, 0.0))
