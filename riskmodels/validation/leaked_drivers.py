"""A driver that saw the outcome in development can't see it any more on later data: it falls alone, and far.

A driver's strength is the AUC of its own values, pointed as development points them. In a changed world or an
overfitted model all drivers lose some of it, so what counts is how much more one lost than the others did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from riskmodels.validation.dependence import clustered_se
from riskmodels.validation.slices import adjusted, chance_se, ranked

Floats = NDArray[np.float64]
Names = tuple[NDArray[np.object_], ...]
SMALL = 50
"""Cases of development below which a level of text counts as any other: its rate would be chance."""
CLUSTERS = ("obligor", "client")
COLUMNS = ["driver", "initial", "current", "fall", "excess", "se", "p_value"]


def driver_falls(development: pd.DataFrame, later: pd.DataFrame, drivers: Iterable[str]) -> pd.DataFrame:
    """One row per driver of both samples, the largest excess first: its AUC then and now.

    Both samples have the column outcome (1 bad, 0 good, both classes) and may have obligor and client, whose cases may
    depend on each other, across the samples too. Columns: driver, initial (AUC in development, at least 0.5), current
    (AUC later, pointed alike), fall, excess (the fall less the median fall of the other drivers, if these fell), se (of
    the excess) and p_value (H0: it fell no more than the others), after Holm. A driver of no worth falls, too, for
    development chose its direction: that doubles the chance of any z, and so the p.
    """
    names = [d for d in drivers if d in development and d in later]
    table = pd.DataFrame(columns=COLUMNS)
    if names:
        found = [_strength(development, later, d) for d in names]
        table = _judged(names, found, _clusters(development, later), _no_order(development, later))
    return table.sort_values("excess", ascending=False, kind="stable", ignore_index=True)


def strengths(sample: pd.DataFrame, drivers: Iterable[str]) -> pd.Series:
    """The AUC of each driver's values on a sample, pointed to be at least 0.5; the strongest first."""
    y = sample["outcome"].to_numpy(float)
    found = {d: ranked(y, _points(sample[d], sample[d], y)[0])[0] for d in drivers if d in sample}
    auc = pd.Series(found, dtype=float)
    return auc.where(auc >= 0.5, 1 - auc).sort_values(ascending=False, kind="stable")


@dataclass(frozen=True)
class _Strength:
    """A driver's AUC then and now, and what each case of both samples adds to the error of its fall (n,)."""

    initial: float
    current: float
    influence: Floats


def _strength(development: pd.DataFrame, later: pd.DataFrame, driver: str) -> _Strength:
    then, now = development["outcome"].to_numpy(float), later["outcome"].to_numpy(float)
    before, after = _points(development[driver], later[driver], then)
    initial, first = ranked(then, before)
    current, second = ranked(now, after)
    sign = 1.0 if initial >= 0.5 else -1.0
    ends = 0.5 + sign * (initial - 0.5), 0.5 + sign * (current - 0.5)
    return _Strength(*ends, sign * np.concatenate([first, -second]))


def _judged(names: list[str], found: list[_Strength], clusters: Names, no_order: float) -> pd.DataFrame:
    table = pd.DataFrame(
        {"driver": names, "initial": [f.initial for f in found], "current": [f.current for f in found]}
    )
    falls = (table["initial"] - table["current"]).to_numpy(float)
    whole = np.sum([f.influence for f in found], axis=0)
    rest = max(len(found) - 1, 1)
    # the median of the others is as sure as their mean, nearly
    errors = [clustered_se(f.influence - (whole - f.influence) / rest, clusters or None) for f in found]
    se = np.where(np.asarray(errors) > 0, errors, no_order)
    excess = falls - _of_others(falls)
    p = np.minimum(2 * norm.sf(excess / se), 1.0)
    return table.assign(fall=falls, excess=excess, se=se, p_value=adjusted(pd.Series(p)))[COLUMNS]


def _no_order(development: pd.DataFrame, later: pd.DataFrame) -> float:
    """Standard error of a fall from no order to no order, which stands in where all cases are ordered without error."""
    then, now = (chance_se(f["outcome"].sum(), len(f) - f["outcome"].sum()) for f in (development, later))
    return float(np.hypot(then, now))


def _points(before: pd.Series, after: pd.Series, outcome: Floats) -> tuple[Floats, Floats]:
    """A number for each case of both samples that orders them as the driver does, found from development alone.

    Missing values stand at the end that their own bad rate in development points to: a value that is only there once
    the worst has happened tells by being there.
    """
    if not pd.api.types.is_numeric_dtype(before):
        return _rates(before, after, outcome)
    x, z = (s.to_numpy(float, na_value=np.nan) for s in (before, pd.to_numeric(after, errors="coerce")))
    missing = np.isnan(x)
    if missing.all() or not missing.any():
        return np.nan_to_num(x), np.nan_to_num(z, nan=float(np.nanmedian(x)) if len(x[~missing]) else 0.0)
    worse = outcome[missing].mean() > outcome[~missing].mean()
    rising = ranked(outcome[~missing], x[~missing])[0] >= 0.5 if 0 < outcome[~missing].mean() < 1 else True
    end = np.inf if worse == rising else -np.inf
    return np.where(missing, end, x), np.where(np.isnan(z), end, z)


def _rates(before: pd.Series, after: pd.Series, outcome: Floats) -> tuple[Floats, Floats]:
    """The bad rate of each case's level in development; small and unseen levels have the rate of all.

    Cases of development get the rate that the other half of them has, every second row, or their own outcome would be
    in it.
    """
    told, later = (s.astype(object).where(s.notna(), "").to_numpy() for s in (before, after))
    half = np.arange(len(told)) % 2 == 0
    points = np.empty(len(told))
    points[half] = _rated(told[~half], outcome[~half], told[half], SMALL // 2)
    points[~half] = _rated(told[half], outcome[half], told[~half], SMALL // 2)
    return points, _rated(told, outcome, later, SMALL)


def _rated(levels: NDArray[np.object_], outcome: Floats, asked: NDArray[np.object_], least: int) -> Floats:
    by_level = pd.Series(outcome).groupby(levels).agg(["mean", "size"])
    rates = by_level.loc[by_level["size"] >= least, "mean"]
    return pd.Series(asked).map(rates).fillna(float(outcome.mean())).to_numpy(float)


def _of_others(falls: Floats) -> Floats:
    """The median fall of the other drivers (m,), 0 where they rose or there are none."""
    others = [np.delete(falls, i) for i in range(len(falls))]
    return np.array([max(float(np.median(o)), 0.0) if len(o) else 0.0 for o in others])


def _clusters(development: pd.DataFrame, later: pd.DataFrame) -> Names:
    shared = [c for c in CLUSTERS if c in development and c in later]
    return tuple(np.concatenate([f[c].astype(object).to_numpy() for f in (development, later)]) for c in shared)
