"""How losses lie, and what they are made of: what never came back, what collecting cost, and what waiting cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.book.book import Book
from riskmodels.models.lgd.flows import SOURCES, YEAR, Floats, covered
from riskmodels.models.lgd.workout import RealisedLosses, workout_flows

PARTS = ("shortfall", "collecting", "waiting")
HEAP = 0.05  # a last tenth that holds this share of claims, and more than the one before it, is a heap of its own


def loss_parts(book: Book, losses: RealisedLosses) -> pd.DataFrame:
    """What each finished claim lost, as shares of its exposure: one row per claim of `final`, columns PARTS.

    shortfall = 1 - min(EAD, recoveries) / EAD: what never came in the window; collecting = what costs take of that
    cover; waiting = cover less its present value, below 0 only where costs outweigh it (later ones weigh less).
    They add up to the LGD: cover never exceeds the EAD, so neither does its present value. `book` is cut as for
    `realised_losses`.
    """
    final = losses.final
    flows, ead = workout_flows(book, final, losses.rule), final["ead"].to_numpy(dtype=float)
    own = flows["source"] != SOURCES.index("costs")
    gross, net = (_ends(ead, part) for part in (flows[own], flows))
    worth = final["recovered"].to_numpy(dtype=float)
    parts = np.column_stack([ead - gross, np.maximum(gross - net, 0.0), net - worth]) / ead[:, None]
    return pd.DataFrame(parts, columns=list(PARTS), index=final.index)


def months_to_money(book: Book, losses: RealisedLosses) -> pd.Series:
    """Mean months from the default of each finished claim to the money that covered it, each weighing by its amount;
    nan where none came."""
    final = losses.final
    flows = workout_flows(book, final, losses.rule)
    claim, ead = flows["claim"].to_numpy(), final["ead"].to_numpy(dtype=float)
    came = np.maximum(covered(ead, claim, flows["amount"].to_numpy()), 0.0)
    total, waited = (np.bincount(claim, w, len(ead)) for w in (came, came * flows["days"].to_numpy()))
    months = np.divide(waited, total, out=np.full(len(ead), np.nan), where=total > 0) * 12 / YEAR
    return pd.Series(months, index=final.index)


def tenths(lgd: ArrayLike, weight: ArrayLike | None = None) -> pd.DataFrame:
    """Losses by tenths of the exposure lost: low, high, n, share of claims, weighted share; above 1 counts in the last.

    A loss on an edge counts in the tenth above it, as in the ECB's segments.
    """
    values = np.asarray(lgd, dtype=float)
    weights = np.ones(len(values)) if weight is None else np.asarray(weight, dtype=float)
    place = np.clip(np.floor(np.round(values * 10, 9)), 0, 9).astype(int)
    n, heavy = np.bincount(place, minlength=10), np.bincount(place, weights, 10)
    edges = np.arange(11) / 10
    shares = {"share": n / max(len(values), 1), "weighted": heavy / (weights.sum() or 1.0)}
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": n, **shares})


def two_heaps(table: pd.DataFrame) -> bool:
    """Whether losses are of two kinds, little or nearly all: the first and the last tenth of `tenths` stand out."""
    share = table["share"].to_numpy()
    return bool(share[0] > share[1] and share[-1] > share[-2] and min(share[0], share[-1]) >= HEAP)


def _ends(ead: Floats, flows: pd.DataFrame) -> Floats:
    """What is covered of each claim once all flows have come."""
    claim, amount = flows["claim"].to_numpy(), flows["amount"].to_numpy()
    return np.bincount(claim, covered(ead, claim, amount), len(ead)).astype(np.float64)
