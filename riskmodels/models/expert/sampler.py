"""Draws from the posterior by an ensemble of walkers, which needs no tuning and stays inside the constraints.

Reference: Goodman, Weare (2010), Ensemble samplers with affine invariance, CAMCoS 5 (the stretch move, a = 2).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from riskmodels.models.expert.prior import STRONGEST, WEAKEST, Data, Mode, Prior
from riskmodels.models.expert.weights import Pairs

WALKERS = 100
SETTLING = 150  # steps before the first draw is kept; walkers start from Laplace's draws, so they are near already
SPACING = 15  # steps between kept draws of a walker

Density = Callable[[np.ndarray], np.ndarray]


def posterior_draws(
    data: Data,
    prior: Prior,
    constraints: np.ndarray,
    starts: tuple[list[Mode], np.ndarray],
    shape: tuple[tuple[bool, ...], Pairs, list[int]],
    draws: int,
    seed: int,
) -> np.ndarray:
    """Draws x (1 + p) of theta from the exact posterior; several `starts` mean that the strength is open as well.

    `shape`: held directions, pairs and an order that agrees with them, to start inside the constraints.
    """
    rng = np.random.default_rng(seed)
    modes, shares = starts
    walkers = _starts(modes, shares, shape, rng)
    density = _density(data, prior, constraints, None if len(modes) > 1 else modes[0].strength)
    walkers = walkers if len(modes) > 1 else walkers[:, :-1]
    sets = -(-draws // WALKERS)
    heights = density(walkers)
    kept = []
    for step in range(SETTLING + sets * SPACING):
        _stretch(walkers, heights, density, rng)
        if step >= SETTLING and (step - SETTLING) % SPACING == SPACING - 1:
            kept.append(walkers[:, : len(prior.mean)].copy())
    return np.concatenate(kept)[:draws]


def _starts(
    modes: list[Mode], shares: np.ndarray, shape: tuple[tuple[bool, ...], Pairs, list[int]], rng: Generator
) -> np.ndarray:
    """Walkers (theta and log strength) from the modes' normal approximations, folded into the constraints."""
    held, pairs, order = shape
    tied = [i for i in order if any(i in pair for pair in pairs)]
    rows = []
    for choice in rng.choice(len(modes), WALKERS, p=shares):
        root = np.linalg.cholesky(modes[choice].precision)
        theta = modes[choice].theta + np.linalg.solve(root.T, rng.standard_normal(len(root)))
        theta[1:][np.asarray(held)] = np.abs(theta[1:][np.asarray(held)])
        places = [1 + i for i in tied]
        theta[places] = _sorted_down(theta[places], held, tied)
        near = np.log(modes[choice].strength) + rng.uniform(-0.1, 0.1)
        rows.append([*theta, np.clip(near, np.log(WEAKEST) + 0.01, np.log(STRONGEST) - 0.01)])
    return np.array(rows)


def _sorted_down(values: np.ndarray, held: tuple[bool, ...], tied: list[int]) -> np.ndarray:
    """Values in falling order, all positive when one of the tied drivers is held to be."""
    return np.sort(np.abs(values) if any(held[i] for i in tied) else values)[::-1]


def _density(data: Data, prior: Prior, constraints: np.ndarray, strength: float | None) -> Density:
    """Log posterior of walkers (k x 1 + p, and a last column of log strength when `strength` is None)."""
    fixed, grown = prior.parts()
    size, told = len(prior.mean), data.design.T @ (data.weight * data.y)

    def density(walkers: np.ndarray) -> np.ndarray:
        """Log posterior of each walker (k,) but for a constant, minus infinity outside the constraints."""
        theta = walkers[:, :size]
        log_strength = walkers[:, size] if strength is None else np.full(len(walkers), np.log(strength))
        inside = (theta @ constraints.T >= 0).all(axis=1)
        inside &= (log_strength >= np.log(WEAKEST)) & (log_strength <= np.log(STRONGEST)) | (strength is not None)
        eta = np.clip(theta @ data.design.T, -500, 500)
        likelihood = theta @ told - np.log1p(np.exp(eta)) @ data.weight
        off = theta - prior.mean
        stretch = np.einsum("ki,ij,kj->k", off, fixed, off)
        stretch += np.exp(log_strength) * np.einsum("ki,ij,kj->k", off, grown, off)
        return np.where(inside, likelihood - stretch / 2 + prior.scaling * log_strength / 2, -np.inf)

    return density


def _stretch(walkers: np.ndarray, heights: np.ndarray, density: Density, rng: Generator) -> None:
    """Move every walker once, in place: each half along lines through walkers of the other."""
    size = walkers.shape[1]
    for half in (0, 1):
        movers, others = walkers[half::2], walkers[1 - half :: 2]
        partners = others[rng.integers(len(others), size=len(movers))]
        factor = (1 + rng.random(len(movers))) ** 2 / 2
        proposed = partners + factor[:, None] * (movers - partners)
        there = density(proposed)
        least = heights[half::2] + np.log(rng.random(len(movers))) - (size - 1) * np.log(factor)
        taken = there > least
        movers[taken] = proposed[taken]
        heights[half::2][taken] = there[taken]
