"""The validator's own simple model: a logit on the ranks of the same drivers, fitted on development alone.

It needs no craft: each number becomes its rank among development's, missing its own flag, each text the log-odds of its
level. A champion that can't beat it on later data hasn't earned its complexity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from riskmodels.models.scorecard.likelihood import maximise, sandwich
from riskmodels.validation.dependence import Clusters, groupings

Floats = NDArray[np.float64]
PRECISION = 0.1
"""Precision of the prior about 0 on every coefficient of the standardised columns: it only tames flags of few cases."""
RANKS = 1_000
PSEUDO = 20.0
"""Cases at the rate of all that every level of text is given beside its own."""


@dataclass(frozen=True)
class Encoding:
    """How one driver becomes columns: values of development (sorted, at most RANKS), or log-odds by level.

    `flagged` says that some of development's values were missing.
    """

    name: str
    values: Floats
    levels: dict[str, float]
    flagged: bool

    def columns(self, frame: pd.DataFrame) -> dict[str, Floats]:
        """Ranks in [-0.5, 0.5], 0 where missing, and a flag of missing if development had any; or log-odds."""
        if self.levels:
            told = frame[self.name].astype(object).where(frame[self.name].notna(), "").astype("str")
            return {self.name: np.asarray(told.map(self.levels).fillna(0.0), np.float64)}
        x = pd.to_numeric(frame[self.name], errors="coerce").to_numpy(float, na_value=np.nan)
        rank = _middle(self.values, x) - 0.5
        found: dict[str, Floats] = {self.name: np.where(np.isnan(x), 0.0, rank)}
        if self.flagged:
            found[f"{self.name} missing"] = np.isnan(x).astype(np.float64)
        return found


@dataclass(frozen=True)
class Rival:
    """A fitted logit: the encodings of its drivers, names of its columns, estimates and covariance, intercept first."""

    encodings: tuple[Encoding, ...]
    columns: tuple[str, ...]
    estimates: Floats
    covariance: Floats

    def probability(self, frame: pd.DataFrame) -> Floats:
        """Probability of bad (n,) of the cases of a frame that has the drivers."""
        found: Floats = expit(_design(self.encodings, frame)[1] @ self.estimates)
        return found


def fitted(development: pd.DataFrame, drivers: Sequence[str], clusters: Clusters = None) -> Rival:
    """The rival of a development sample with column outcome, both classes; its covariance robust to one clustering."""
    return logit(encoded(development, drivers), development, clusters)


def encoded(development: pd.DataFrame, drivers: Sequence[str]) -> tuple[Encoding, ...]:
    """How each driver becomes columns, found from a development sample with column outcome."""
    y = development["outcome"].to_numpy(float)
    return tuple(_encoding(development[d], y) for d in drivers)


def logit(encodings: tuple[Encoding, ...], sample: pd.DataFrame, clusters: Clusters = None) -> Rival:
    """The logit of a sample's outcomes on columns that are encoded already."""
    names, design = _design(encodings, sample)
    y, weight = sample["outcome"].to_numpy(float), np.ones(len(sample))
    precision = np.array([0.0, *([PRECISION] * len(names))])
    fit = maximise(design, y, weight, precision=precision)
    residual = y - expit(design @ fit.estimates)
    code = groupings(clusters, len(y))[0]
    return Rival(encodings, names, fit.estimates, sandwich(fit, design, residual, code, float(len(y))))


def _middle(values: Floats, x: Floats) -> Floats:
    """The share of sorted values (m,) below each x (n,), those equal to it counted half, found by one search."""
    distinct, counts = np.unique(values, return_counts=True)
    below = np.concatenate([[0.0], np.cumsum(counts)])
    place = np.searchsorted(distinct, x, side="left")
    nearest = np.minimum(place, max(len(distinct) - 1, 0))
    same = distinct[nearest] == x if len(distinct) else np.zeros(len(x), bool)
    half = np.where(same, counts[nearest] / 2 if len(counts) else 0.0, 0.0)
    return np.asarray((below[place] + half) / max(len(values), 1), np.float64)


def _encoding(values: pd.Series, outcome: Floats) -> Encoding:
    name = str(values.name)
    if not pd.api.types.is_numeric_dtype(values):
        return Encoding(name, np.empty(0), _log_odds(values, outcome), False)
    known = values.dropna().to_numpy(float)
    # a thousandth of the cases is rank enough, and places are then found fast
    every = max(-(-len(known) // RANKS), 1)
    return Encoding(name, np.sort(known)[::every], {}, 0 < len(known) < len(values))


def _log_odds(values: pd.Series, outcome: Floats) -> dict[str, float]:
    """Log-odds of each level less those of all, drawn to 0 by PSEUDO cases."""
    told = values.astype(object).where(values.notna(), "").astype("str")
    by_level = pd.Series(outcome).groupby(told.to_numpy()).agg(["sum", "size"])
    base = float(outcome.mean())
    rate = (by_level["sum"] + PSEUDO * base) / (by_level["size"] + PSEUDO)
    return (np.log(rate / (1 - rate)) - np.log(base / (1 - base))).to_dict()


def _design(encodings: tuple[Encoding, ...], frame: pd.DataFrame) -> tuple[tuple[str, ...], Floats]:
    columns = {name: values for e in encodings for name, values in e.columns(frame).items()}
    return tuple(columns), np.column_stack([np.ones(len(frame)), *columns.values()])
