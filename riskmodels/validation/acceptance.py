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

    Each frame row (both, swapped_in, swapped_out, neither): n, events, rate (of bad), amount, bad_amount; parts of
    cases where scores tie. `moved` is how far each case (n,) comes in by the first score beyond the other.
    """

    table: pd.DataFrame
    share: float
    moved: Floats

    @property
    def spared(self) -> float:
        """Bad cases that the first score keeps out beyond the other."""
        events = self.table["events"]
        return float(events.loc["swapped_out"] - events.loc["swapped_in"])


def swap_set(
    outcome: ArrayLike, score: ArrayLike, other: ArrayLike, share: float, weight: ArrayLike | None = None
) -> Swap:
    """Who changes place when the `share` of safest cases by `other` gives way to as many by `score`.

    Arrays (n,). Of cases that tie at the cut-off each is let in by the same fraction, so that both let in the same
    number whatever the order of rows; a case changes place by the difference of its fractions. Without `weight` amounts
    are NaN.
    """
    y = np.asarray(outcome, float)
    w = np.full(len(y), np.nan) if weight is None else np.asarray(weight, float)
    first, second = (_let_in(np.asarray(s, float), share) for s in (score, other))
    moved = first - second
    kinds = {"both": np.minimum(first, second), "swapped_in": np.maximum(moved, 0.0)}
    kinds |= {"swapped_out": np.maximum(-moved, 0.0), "neither": 1.0 - np.maximum(first, second)}
    rows = {
        kind: (part.sum(), part @ y, _over(part @ y, part.sum()), *_amounts(part, w, y)) for kind, part in kinds.items()
    }
    table = pd.DataFrame.from_dict(rows, "index", columns=["n", "events", "rate", "amount", "bad_amount"])
    return Swap(table, share, moved)


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


def _let_in(score: Floats, share: float) -> Floats:
    """The fraction of each case (n,) that is let in: 1 below the cut-off, 0 above, what is left shared by ties."""
    places = round(share * len(score))
    if places == 0:
        return np.zeros(len(score))
    cut = np.partition(score, places - 1)[places - 1]
    below, at = score < cut, score == cut
    return np.asarray(below + at * ((places - below.sum()) / at.sum()))


def _amounts(part: Floats, weight: Floats, outcome: Floats) -> tuple[float, float]:
    """The amount, and that of the bad, of parts of cases."""
    return float(part @ weight), float(part @ (weight * outcome))


def _over(events: float, cases: float) -> float:
    return float(events / cases) if cases > 0 else float("nan")
