"""The posterior of a logit under an elicited prior: its mode, which keeps every constraint exactly, and its evidence.

theta = (level, coefficients of p drivers in risk units). Prior: normal about the expert's line, with precision counted
in equivalent obligors (one obligor tells i = PD (1 - PD) about a coefficient per squared risk unit), cut to A b >= 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls
from scipy.special import expit

from riskmodels.models.expert.weights import Pairs
from riskmodels.models.inputs import SampleError

STEPS = 200
LENGTH = 50.0  # equivalent obligors behind how far the card separates, when experts gave no anchors: a vague word
CLOSE = 1e-18  # of the Newton decrement, as in Firth's logit
WEAKEST, STRONGEST = 25.0, 1_000.0
"""Equivalent obligors between which data choose the strength: few defaults can't refute experts who are somewhat wrong,
so their word never grows into a certainty unless the user says so."""


@dataclass(frozen=True)
class Data:
    """Design with a column of ones (n x 1 + p), outcomes (n,) and weights (n,)."""

    design: np.ndarray
    y: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class Prior:
    """The expert's line `mean` (1 + p) and the information of one obligor.

    The level weighs as one obligor. When `anchored` is False the experts gave proportions, which the strength holds,
    and only a vague word on the length of the coefficients, which weighs as `LENGTH` obligors.
    """

    mean: np.ndarray
    information: float
    anchored: bool

    @property
    def scaling(self) -> int:
        """Directions of theta whose precision grows with the strength."""
        return len(self.mean) - (1 if self.anchored else 2)

    def parts(self) -> tuple[np.ndarray, np.ndarray]:
        """Precision (1 + p square) that stays and precision per equivalent obligor: a + strength b."""
        along = np.zeros(len(self.mean))
        along[1:] = self.mean[1:] / np.linalg.norm(self.mean[1:])
        level = np.diag((np.arange(len(self.mean)) == 0).astype(float))
        length = np.zeros_like(level) if self.anchored else np.outer(along, along)
        rest = np.eye(len(self.mean)) - level - length
        return self.information * (level + LENGTH * length), self.information * rest

    def precision(self, strength: float) -> np.ndarray:
        """Precision (1 + p square) at a strength in equivalent obligors."""
        fixed, grown = self.parts()
        return fixed + strength * grown


@dataclass(frozen=True)
class Mode:
    """The posterior mode at one strength: theta, precision there and log evidence up to a constant (Laplace's)."""

    strength: float
    theta: np.ndarray
    precision: np.ndarray
    evidence: float


def constraint_rows(held: tuple[bool, ...], pairs: Pairs) -> np.ndarray:
    """Rows A (c x 1 + p) with A theta >= 0: held coefficients are not negative, each pair keeps its order."""
    rows = [[(i, 1.0)] for i, fixed in enumerate(held) if fixed]
    rows += [[(first, 1.0), (second, -1.0)] for first, second in pairs]
    matrix = np.zeros((len(rows), 1 + len(held)))
    for row, entries in zip(matrix, rows):
        for i, value in entries:
            row[1 + i] = value
    return matrix


def posterior_mode(data: Data, prior: Prior, strength: float, constraints: np.ndarray) -> Mode:
    """The mode by Newton's method; each step is a quadratic programme in the cone of the constraints, solved exactly.

    The likelihood is concave and the cone convex, so the mode is the only one. The prior's mean must lie in the cone.
    """
    precision = prior.precision(strength)
    theta, value = prior.mean, _height(data, prior.mean, prior.mean, precision)
    for _step in range(STEPS):
        p = expit(data.design @ theta)
        gradient = data.design.T @ (data.weight * (data.y - p)) - precision @ (theta - prior.mean)
        curve = data.design.T @ ((data.weight * p * (1 - p))[:, None] * data.design) + precision
        step = _nearest(curve, curve @ theta + gradient, constraints) - theta
        if step @ curve @ step < CLOSE:
            return _mode(strength, theta, curve, value, prior)
        theta, value, moved = _improved(data, prior.mean, precision, theta, value, step)
        if not moved:
            return _mode(strength, theta, curve, value, prior)
    raise SampleError(f"hybrid: found no mode within {STEPS} steps, expected drivers of comparable size")


def _mode(strength: float, theta: np.ndarray, curve: np.ndarray, value: float, prior: Prior) -> Mode:
    size = np.linalg.slogdet(curve)[1]
    return Mode(strength, theta, curve, float(value + (prior.scaling * np.log(strength) - size) / 2))


def _height(data: Data, theta: np.ndarray, mean: np.ndarray, precision: np.ndarray) -> float:
    eta, off = data.design @ theta, theta - mean
    return float(data.weight @ (data.y * eta - np.logaddexp(0, eta)) - off @ precision @ off / 2)


def _improved(
    data: Data, mean: np.ndarray, precision: np.ndarray, theta: np.ndarray, value: float, step: np.ndarray
) -> tuple[np.ndarray, float, bool]:
    for _halving in range(40):
        there = _height(data, theta + step, mean, precision)
        if there >= value - 1e-12 * abs(value):
            return theta + step, there, True
        step = step / 2
    return theta, value, False


def _nearest(curve: np.ndarray, pull: np.ndarray, constraints: np.ndarray) -> np.ndarray:
    """The minimum of x' curve x / 2 - pull' x with constraints x >= 0.

    In the coordinates of Cholesky's factor it is a projection on a cone: by Moreau, the point plus the non-negative
    combination of the constraints nearest to its opposite.
    """
    root = np.linalg.cholesky(curve)
    point = np.linalg.solve(root, pull)
    if len(constraints):
        normals = np.linalg.solve(root, constraints.T)
        point = point + normals @ nnls(normals, -point)[0]
    return np.linalg.solve(root.T, point)


def kept(theta: np.ndarray, held: tuple[bool, ...], pairs: Pairs, order: list[int]) -> np.ndarray:
    """Theta with the last rounding taken out, so that constraints hold to the last bit; `order` from `ranking`."""
    clean = theta.copy()
    for i in order:
        above = [clean[1 + first] for first, second in pairs if second == i]
        clean[1 + i] = min([clean[1 + i], *above])
    clean[1:][np.asarray(held)] = np.maximum(clean[1:][np.asarray(held)], 0.0)
    return clean


def weighed_strengths(data: Data, prior: Prior, constraints: np.ndarray) -> tuple[list[Mode], np.ndarray]:
    """Modes over a grid of strengths and the share of belief in each (sum 1), by Laplace's evidence."""
    grid = np.geomspace(WEAKEST, STRONGEST, 13)
    modes = [posterior_mode(data, prior, float(strength), constraints) for strength in grid]
    evidence = np.array([mode.evidence for mode in modes])
    shares = np.exp(evidence - evidence.max())
    return modes, shares / shares.sum()


def design_effect(residual: np.ndarray, groups: np.ndarray | None) -> float:
    """How many rows count as one when obligors repeat: variance of their summed residuals over that of the rows.

    1 when every row is an obligor of its own or rows of one are independent; 3 for rows that stand there three times.
    """
    if groups is None:
        return 1.0
    _obligors, codes = np.unique(groups, return_inverse=True)
    total = float(np.sum(residual**2))
    return max(1.0, float(np.sum(np.bincount(codes, residual) ** 2)) / total) if total > 0 else 1.0
