"""What a cut-off on a score earns: who is let in, who of them goes bad, and what another score would let in instead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
MARGIN, LGD = 0.02, 0.45
"""House defaults of the profit curve: what a good case earns and what a bad one loses, as shares of its amount."""


@dataclass(frozen=True)
class Swap:
    """Cases that one score lets in and another doesn't, at one rate of approval: `swapped_in` by the first only.

    Each frame row (both, swapped_in, swapped_out, neither): n, events, rate (of bad), amount, bad_amount.
    """

    table: pd.DataFrame
    share: float

    @property
    def spared(self) -> int:
        """Bad cases that the first score keeps out beyond the other."""
        events = dict(zip(self.table.index, self.table["events"].to_numpy(int).tolist()))
        return int(events["swapped_out"] - events["swapped_in"])


def swap_set(
    outcome: ArrayLike, score: ArrayLike, other: ArrayLike, share: float, weight: ArrayLike | None = None
) -> Swap:
    """Who changes place when the `share` of safest cases by `other` gives way to as many by `score`.

    Arrays (n,); ties are let in by the order of rows, so that both let in the same number. Without `weight` amounts are
    NaN.
    """
    y = np.asarray(outcome, float)
    w = np.full(len(y), np.nan) if weight is None else np.asarray(weight, float)
    first, second = (_let_in(np.asarray(s, float), share) for s in (score, other))
    kinds = {"both": first & second, "swapped_in": first & ~second, "swapped_out": second & ~first}
    kinds["neither"] = ~first & ~second
    rows = {
        kind: (mask.sum(), y[mask].sum(), _mean(y[mask]), w[mask].sum(), w[mask] @ y[mask])
        for kind, mask in kinds.items()
    }
    table = pd.DataFrame.from_dict(rows, "index", columns=["n", "events", "rate", "amount", "bad_amount"])
    return Swap(table.astype({"n": "int64", "events": "int64"}), share)


def cut_off_curve(
    outcome: ArrayLike,
    probability: ArrayLike,
    weight: ArrayLike | None = None,
    margin: float = MARGIN,
    lgd: float = LGD,
) -> pd.DataFrame:
    """One row per distinct probability, the safest first: what letting in all up to it comes to.

    Columns: cut_off, share (of cases let in), rate (of bad among them), amount, profit (realised: margin x good amount
    - lgd x bad amount) and expected (the same by probability), in amounts of `weight` (n,), each case 1 without.
    """
    y, p = np.asarray(outcome, float), np.asarray(probability, float)
    w = np.ones(len(y)) if weight is None else np.asarray(weight, float)
    cuts, level = np.unique(p, return_inverse=True)
    n, bad, amount, lost, feared = (
        np.cumsum(np.bincount(level, each, len(cuts))) for each in (np.ones(len(y)), y, w, w * y, w * p)
    )
    told = {"cut_off": cuts, "share": n / len(y), "rate": bad / n, "amount": amount}
    profits = (margin * (amount - gone) - lgd * gone for gone in (lost, feared))
    return pd.DataFrame({**told, **dict(zip(("profit", "expected"), profits))})


def break_even(margin: float = MARGIN, lgd: float = LGD) -> float:
    """The probability of bad at which a case earns nothing: margin / (margin + lgd)."""
    return margin / (margin + lgd)


def _let_in(score: Floats, share: float) -> NDArray[np.bool_]:
    inside = np.zeros(len(score), bool)
    inside[np.argsort(score, kind="stable")[: round(share * len(score))]] = True
    return inside


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")
