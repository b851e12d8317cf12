"""Kaplan-Meier and Aalen-Johansen: the share without an outcome, and the share with each of several, by time and group.

One home for both: Kaplan-Meier takes all causes as one. Beyond the last time anybody of a group was watched a curve is
NaN, unless it has come to its end; it isn't carried on flat. Where a small first risk set is all of those at risk, late
entry brings the curve to 0 for good: begin at a time at which enough cases are watched.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from riskmodels.models.survival.at_risk import Floats, Ints, RiskSets, Watched, risk_sets, watched
from riskmodels.models.survival.intervals import bounds
from riskmodels.models.survival.variance import clustered, greenwood, influences, multinomial, pairs, shares_at

ANY = 0
"""The cause that stands for all of them together."""


def kaplan_meier(
    duration: ArrayLike,
    event: ArrayLike,
    at: ArrayLike | None = None,
    *,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    group: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    confidence: float = 0.95,
    scale: str = "log-log",
) -> pd.DataFrame:
    """One row per group and time: group, time, at_risk, survival, error, low, high.

    Arrays (n,): times until the event or the end of watching, whether it happened, and if need be the time each case
    came under watch, its weight, its group (numbers from 0) and its cluster, such as an obligor. `at` are the times to
    tell (default: those of events); at_risk is the weight watched until a time or beyond. `error` is Greenwood's, with
    weights as counts of like cases; with clusters it is robust to them, and to weights that are no counts. `scale`:
    log-log or logit.
    """
    cases = watched(duration, np.asarray(event, bool), entry, weight, group, cluster)
    sets = risk_sets(cases)
    when = times(sets, at)
    table = _table(cases, when)
    share = np.append(sets.survival, 1.0)[sets.places(*_cells(cases, when))]
    if cluster is None:
        variance = np.append(greenwood(sets), 0.0)[sets.places(*_cells(cases, when))]
    else:
        variance = clustered(cases, sets, 1 - sets.survival, sets.hazard, cases.cause > 0, when).ravel()
    ended = share <= 0
    return _told(cases, table, "survival", share, variance, ended, confidence, scale)


def aalen_johansen(
    duration: ArrayLike,
    cause: ArrayLike,
    at: ArrayLike | None = None,
    *,
    causes: int | None = None,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    group: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    confidence: float = 0.95,
    scale: str = "log-log",
) -> pd.DataFrame:
    """One row per cause, group and time: cause, group, time, at_risk, incidence, error, low, high.

    incidence is the share to which the cause has happened by the time, before any other: F(t) = sum S(u-) dN(u) / Y(u),
    so the causes' shares and the survival add up to 1. `cause` is 0 for cases still open at the end of watching, else
    1 to `causes`; causes at one time share its risk set. Other arrays as in `kaplan_meier`. Source: Aalen and Johansen
    1978.
    """
    known = int(np.max(cause, initial=1)) if causes is None else causes
    cases = watched(duration, cause, entry, weight, group, cluster, causes=known)
    sets = risk_sets(cases)
    when = times(sets, at)
    table, ended = _table(cases, when), np.append(sets.survival, 1.0)[sets.places(*_cells(cases, when))] <= 0
    found = []
    for number in range(1, known + 1):
        shares = incidence(sets, number)
        variance = _variance(cases, sets, shares, number, when, cluster is not None)
        share = shares_at(sets, shares, *_cells(cases, when))
        told = _told(cases, table, "incidence", share, variance, ended, confidence, scale)
        found.append(told.assign(cause=number))
    return pd.concat(found, ignore_index=True)[["cause", *found[0].columns.drop("cause")]]


def survival_influence(
    duration: ArrayLike, event: ArrayLike, at: ArrayLike, owner: ArrayLike, weight: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """Kaplan-Meier at each time (m,), NaN beyond the last watched, and what each owner adds to its error (G, m).

    `owner` numbers from 0 whose each of the n cases is, such as an invoice's parts; `weight` (n,). The curve's errors
    are about the sums of the columns, so that owners can be put together in any clusters. Source: Williams 2000.
    """
    codes = np.asarray(owner, np.int64)
    cases = watched(duration, np.asarray(event, bool), weight=weight, cluster=codes)
    sets, when = risk_sets(cases), np.atleast_1d(np.asarray(at, float))
    nobody = np.zeros(len(when), np.int64)
    survival = survival_at(sets, cases.until, nobody, when)
    found = np.zeros((int(codes.max(initial=-1)) + 1, len(when)))
    there = pd.unique(codes)[np.unique(cases.owner)]
    told = influences(cases, sets, 1 - sets.survival, sets.hazard, cases.cause > 0, when)
    for column, sums in enumerate(told):
        found[there, column] = -sums
    return survival, found


def incidence(sets: RiskSets, cause: int) -> Floats:
    """The share with the cause just after each time (r,); of any cause with 0."""
    if cause == ANY:
        return 1 - sets.survival
    return sets.within(sets.survival_before * sets.hazards[:, cause - 1])


def survival_at(sets: RiskSets, until: Floats, group: Ints, time: Floats) -> Floats:
    """The share without an outcome in a group at a time, arrays that broadcast; NaN beyond `until` (G,) unless 0."""
    place, when = np.broadcast_arrays(np.asarray(group), np.asarray(time, float))
    found = np.append(sets.survival, 1.0)[sets.places(place, when)]
    return np.where((when > until[place]) & (found > 0), np.nan, found)


def times(sets: RiskSets, at: ArrayLike | None) -> Floats:
    """The times to tell (m,): those given, or those at which an outcome happened in any group."""
    return np.unique(sets.time) if at is None else np.atleast_1d(np.asarray(at, float))


def _variance(cases: Watched, sets: RiskSets, shares: Floats, cause: int, when: Floats, by_cluster: bool) -> Floats:
    hazard = sets.hazards[:, cause - 1]
    if by_cluster:
        return clustered(cases, sets, shares, hazard, cases.cause == cause, when).ravel()
    return np.append(multinomial(sets, shares, hazard), 0.0)[sets.places(*_cells(cases, when))]


def _cells(cases: Watched, when: Floats) -> tuple[Ints, Floats]:
    """Group and time of each row of a table (G m,)."""
    return np.repeat(np.arange(cases.groups), len(when)), np.tile(when, cases.groups)


def _table(cases: Watched, when: Floats) -> pd.DataFrame:
    """group, time, at_risk, and `known`, the clusters that are at risk then or had an outcome before."""
    group, time = _cells(cases, when)
    pair, of_pair = pairs(cases)
    at_risk, known = np.zeros((cases.groups, len(when))), np.zeros((cases.groups, len(when)))
    for column, t in enumerate(when):
        there = (cases.duration >= t) & (cases.entry < t)
        at_risk[:, column] = np.bincount(cases.group[there], cases.weight[there], cases.groups)
        told = np.bincount(pair[there | ((cases.cause > 0) & (cases.duration <= t))], minlength=len(of_pair)) > 0
        known[:, column] = np.bincount(of_pair[told], minlength=cases.groups)
    return pd.DataFrame({"group": group, "time": time, "at_risk": at_risk.ravel(), "known": known.ravel()})


def _told(
    cases: Watched,
    table: pd.DataFrame,
    name: str,
    share: Floats,
    variance: Floats,
    ended: NDArray[np.bool_],
    confidence: float,
    scale: str,
) -> pd.DataFrame:
    """The table with the share, its error and its interval; NaN where nobody was watched so long."""
    unseen = (table["time"] > cases.until[table["group"]]) & ~ended
    edge = (share <= 0) | (share >= 1)
    told, error = np.where(unseen, np.nan, share), np.where(unseen, np.nan, np.sqrt(np.where(edge, 0.0, variance)))
    low, high = bounds(told, error, table["known"].to_numpy(), confidence, scale)
    return table.drop(columns="known").assign(**{name: told, "error": error, "low": low, "high": high})
