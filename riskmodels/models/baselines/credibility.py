"""How far a party's own figure is believed: drawn to the book's by the experience it rests on."""

from __future__ import annotations

import numpy as np
import pandas as pd


def experience(party: pd.Series, value: np.ndarray) -> float:
    """How many cases of a party count as much as all others' word: variance within parties over that between them.

    A party's figure is then (n x own + experience x book's) / (n + experience), and one never seen has the book's.
    inf where parties don't differ beyond chance, or none has two cases. Source: Buhlmann and Straub 1970, by the
    moments of a one-way layout.
    """
    frame = pd.DataFrame({"party": party.to_numpy(), "value": np.asarray(value, float)}).dropna()
    each = frame.groupby("party")["value"].agg(["size", "mean"])
    n, total = each["size"].to_numpy(float), float(len(frame))
    if len(each) < 2 or total == len(each):
        return float("inf")
    squares = float(((frame["value"] - frame["value"].mean()) ** 2).sum())
    between = float(n @ (each["mean"] - frame["value"].mean()) ** 2)
    within = (squares - between) / (total - len(each))
    spread = (between - (len(each) - 1) * within) / (total - n @ n / total)
    return within / spread if spread > 0 else float("inf")


def drawn(total: np.ndarray, n: np.ndarray, book: float, needed: float) -> np.ndarray:
    """A party's sum over n cases as a mean drawn to the book's figure; the book's where it has none."""
    if np.isinf(needed):
        return np.full(len(n), book)
    return np.divide(total + needed * book, n + needed, out=np.full(len(n), book), where=n + needed > 0)
