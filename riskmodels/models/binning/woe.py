"""Weight of evidence and information value from counts.

WoE = ln(share of bad / share of good) of a bin: above 0 is worse than the average, below 0 better. Counts are taken
as they are when both are positive; where one of them is empty, 0.5 is added to both counts of that bin. A bin with
no case at all has WoE 0.

Reference: Siddiqi (2006), Credit Risk Scorecards, chapter 6, with the sign turned so that more is worse.
"""

from __future__ import annotations

import numpy as np


def shares(good: np.ndarray, bad: np.ndarray, goods: float, bads: float) -> tuple[np.ndarray, np.ndarray]:
    """Each bin's share of all goods and of all bads, 0.5 added to both counts where one is empty."""
    added = np.where((good > 0) & (bad > 0), 0.0, 0.5)
    return (good + added) / goods, (bad + added) / bads


def woe(good: np.ndarray, bad: np.ndarray, goods: float, bads: float) -> np.ndarray:
    """WoE of bins with `good` and `bad` counts out of `goods` and `bads` in all; any shape."""
    share_good, share_bad = shares(good, bad, goods, bads)
    return np.where(good + bad > 0, np.log(share_bad / share_good), 0.0)


def iv_parts(good: np.ndarray, bad: np.ndarray, goods: float, bads: float) -> np.ndarray:
    """What each bin adds to the information value, (share of bad - share of good) x WoE; never negative."""
    share_good, share_bad = shares(good, bad, goods, bads)
    return (share_bad - share_good) * woe(good, bad, goods, bads)


def information_value(good: np.ndarray, bad: np.ndarray) -> float:
    """Information value of a variable from its good and bad counts by bin or by category."""
    good, bad = np.asarray(good, dtype=float), np.asarray(bad, dtype=float)
    return float(iv_parts(good, bad, good.sum(), bad.sum()).sum())


def woe_error(good: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """Standard error of the WoE of bins that part a sample; counts as for `woe`, 0 for a bin that holds all."""
    added = np.where((good > 0) & (bad > 0), 0.0, 0.5)
    with np.errstate(divide="ignore"):
        variance = 1 / (good + added) + 1 / (bad + added) - 1 / good.sum() - 1 / bad.sum()
    return np.sqrt(np.maximum(variance, 0.0))
