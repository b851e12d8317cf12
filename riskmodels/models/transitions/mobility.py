"""How much a transition matrix moves, in one figure: Jafry and Schuermann's, Prais's, and the ECB's bandwidths."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskmodels.core.errors import Misuse
from riskmodels.models.transitions.matrix import square


def svd_mobility(p: Any) -> float:
    """The mean singular value of P - I; 0 if nobody moves, larger with more and farther moves.

    Source: Jafry and Schuermann 2004.
    """
    values = square(p)
    return float(np.linalg.svd(values - np.eye(len(values)), compute_uv=False).mean())


def prais_mobility(p: Any) -> float:
    """(K - trace P) / (K - 1): 0 if nobody moves, 1 if the state at the end tells nothing of the one before.

    Source: Prais 1955; Shorrocks 1978.
    """
    values = square(p)
    return float((len(values) - np.trace(values)) / (len(values) - 1))


def bandwidth(p: Any, n: ArrayLike | None = None) -> tuple[float, float]:
    """The normalised bandwidths of moves to worse grades and to better ones: near 0 all to the next, 1 to the farthest.

    upper = sum over j > i of |i - j| N_i p_ij / sum over i < K of max(|i - K|, |i - 1|) N_i sum over j > i of p_ij;
    lower likewise, i and j among grades: default and termination are left out of p, whose rows then sum to less
    than 1. n (K,) are the obligors by grade, equal if not given. nan where there is no such move.

    Source: ECB, instructions for reporting the validation results of internal models, 2019, 2.5.5.1.
    """
    values = square(p)
    k = len(values)
    weight = np.ones(k) if n is None else np.asarray(n, dtype=float)
    if weight.shape != (k,) or (weight < 0).any():
        raise Misuse(f"n: found {weight.tolist()}, expected {k} numbers of obligors, one per grade")
    place = np.arange(k)
    steps = np.abs(place[:, None] - place)
    moves = weight[:, None] * values
    farthest = np.maximum(place, k - 1 - place)[:, None] * moves
    upper, lower = (_ratio(side(steps * moves, s), side(farthest, s)) for side, s in ((np.triu, 1), (np.tril, -1)))
    return upper, lower


def mobility_figures(p: ArrayLike, n: ArrayLike) -> dict[str, float]:
    """Every figure of a matrix (K, K), default last, on the states somebody was in: prais, svd, wider_down, wider_up.

    n (K,) are the obligors by state; a row of nan is a state nobody was in. The bandwidths are among grades, nan with
    fewer than two of them.
    """
    values, weight = square(p), np.asarray(n, dtype=float)
    known = ~np.isnan(values).any(axis=1)
    inside, told = values[np.ix_(known, known)], weight[known]
    worse, better = bandwidth(inside[:-1, :-1], told[:-1]) if known.sum() > 2 else (float("nan"), float("nan"))
    return {"prais": prais_mobility(inside), "svd": svd_mobility(inside), "wider_down": worse, "wider_up": better}


def _ratio(moves: np.ndarray, farthest: np.ndarray) -> float:
    return float(moves.sum() / farthest.sum()) if farthest.sum() > 0 else float("nan")
