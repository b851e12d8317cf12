"""How far bins can be trusted: their order in each cohort, and their cuts on other draws of obligors."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from riskmodels.core.text import gettext as _
from riskmodels.models.binning.binner import Binner, feature
from riskmodels.models.binning.bins import Cuts, Groups
from riskmodels.models.inputs import checked_sample


def by_cohort(binner: Binner, name: str, X: Any, y: Any, cohorts: Any, sample_weight: Any = None) -> pd.DataFrame:
    """Bad rate of each bin of a column in each cohort: one row per bin, one column per cohort, sorted."""
    sample = checked_sample(clone(binner), X, y, sample_weight)
    found = feature(binner, name)
    place, distinct = pd.factorize(np.asarray(cohorts)[sample.used], sort=True)
    cell = found.bins.codes(sample.frame[name]) * len(distinct) + place
    shape = found.bins.size, len(distinct)
    n, bad = (
        np.bincount(cell, part, shape[0] * shape[1]).reshape(shape)
        for part in (sample.weight, sample.weight * sample.y)
    )
    rate = np.divide(bad, n, out=np.full(shape, np.nan), where=n > 0)
    table = pd.DataFrame(rate, columns=distinct)
    table.insert(0, _("bin"), found.bins.names())
    return table[n.sum(axis=1) > 0].reset_index(drop=True)


def flips(binner: Binner, name: str, X: Any, y: Any, cohorts: Any, sample_weight: Any = None) -> pd.DataFrame:
    """One row per pair of neighbouring bins: cohorts with cases of both, and the share with the order turned round."""
    rates = by_cohort(binner, name, X, y, cohorts, sample_weight)
    found = feature(binner, name)
    labels, levels = found.bins.labels(), found.woe[: len(found.bins)]
    rows = []
    for i, (low, high) in enumerate(pairwise(labels)):
        in_order = np.sign(levels[i + 1] - levels[i])
        lower, upper = (rates.loc[rates[_("bin")] == label].iloc[:, 1:].to_numpy(float) for label in (low, high))
        steps = (upper - lower)[np.isfinite(upper - lower)] if len(lower) and len(upper) else np.empty(0)
        rows.append((low, high, len(steps), float((steps * in_order < 0).mean()) if len(steps) else np.nan))
    return pd.DataFrame(rows, columns=[_("bin"), _("next bin"), _("cohorts"), _("turned round")])


def redrawn(binner: Binner, X: Any, y: Any, groups: Any = None, times: int = 100, seed: int = 0) -> list[Binner]:
    """The binner fitted anew on `times` draws of obligors (or of rows, without groups), with replacement."""
    y = np.asarray(y)
    members = _members(np.arange(len(y)) if groups is None else np.asarray(groups))
    random = np.random.default_rng(seed)
    fits: list[Binner] = []
    X = X if isinstance(X, pd.DataFrame) else pd.DataFrame(X)
    while len(fits) < times:
        drawn = np.concatenate([members[i] for i in random.integers(0, len(members), len(members))])
        if len(np.unique(y[drawn])) > 1:
            fits.append(clone(binner).fit(X.iloc[drawn].reset_index(drop=True), y[drawn]))
    return fits


def cut_intervals(binner: Binner, redrawn: list[Binner]) -> pd.DataFrame:
    """One row per cut of each number: 95 % interval of the redrawn cut nearest to it, and the share of draws with one.

    A cut of a draw belongs to the nearest cut of the binner; a draw with none near that cut says it is not found.
    """
    rows: list[tuple[Any, ...]] = []
    for found in binner.features_:
        if isinstance(found.bins, Cuts) and found.bins.edges:
            drawn = [np.array(feature(fit, found.name).bins.edges) for fit in redrawn]
            rows.extend((found.name, cut, *interval) for cut, interval in _intervals(found.bins.edges, drawn))
    return pd.DataFrame(rows, columns=[_("feature"), _("cut"), _("low"), _("high"), _("share of draws")])


def grouping_agreement(binner: Binner, redrawn: list[Binner]) -> pd.DataFrame:
    """One row per column of categories: mean share of pairs of categories grouped alike by a draw (Rand index)."""
    rows = []
    for found in binner.features_:
        if isinstance(found.bins, Groups) and len(found.bins):
            known = pd.Series([v for group in found.bins.members for v in group], dtype="str")
            own = found.bins.codes(known)
            shares = [_rand(own, feature(fit, found.name).bins.codes(known)) for fit in redrawn]
            rows.append((found.name, len(known), float(np.mean(shares))))
    return pd.DataFrame(rows, columns=[_("feature"), _("categories"), _("agreement")])


def _members(groups: np.ndarray) -> list[np.ndarray]:
    which = pd.factorize(groups)[0]
    order = np.argsort(which, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(which[order])) + 1)


def _intervals(cuts: tuple[float, ...], drawn: list[np.ndarray]) -> list[tuple[float, tuple[float, float, float]]]:
    known = np.array(cuts)
    nearest: list[list[float]] = [[] for _cut in cuts]
    for edges in drawn:
        own = np.abs(edges[:, None] - known[None, :]).argmin(axis=1)
        for i in np.unique(own):
            mine = edges[own == i]
            nearest[i].append(float(mine[np.abs(mine - known[i]).argmin()]))
    return [(cut, _quantiles(found, len(drawn))) for cut, found in zip(cuts, nearest)]


def _quantiles(values: list[float], draws: int) -> tuple[float, float, float]:
    if not values:
        return np.nan, np.nan, 0.0
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high), len(values) / draws


def _rand(one: np.ndarray, other: np.ndarray) -> float:
    """Share of pairs that stand together in both or apart in both; 1 for a single category."""
    pairs = np.triu_indices(len(one), 1)
    if not len(pairs[0]):
        return 1.0
    together = [(codes[:, None] == codes[None, :])[pairs] for codes in (one, other)]
    return float((together[0] == together[1]).mean())
