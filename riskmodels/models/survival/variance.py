"""How sure a share without the outcome, or with one of several, is: Greenwood's variance, and one robust to clusters.

The share with a cause by t is F(t) = sum S(u-) q(u) over the times u <= t, q the hazard of the cause and h that of any.
One case's influence on it is w sum over the times u it is at risk of
[S(u-) (1{its cause happens} - q) - (F(t) - F(u)) / (1 - h) (1{anything happens to it} - h)] / at_risk(u);
the variance is the sum over clusters of their squared sums of influence (Williams 2000). When each case is a cluster of
its own, has weight 1 and is watched from the beginning, that is Greenwood's variance to the last digit: the squares of
one time add up to the multinomial variance, and cross products of two times to nothing. With late entry the two differ
as estimates of one thing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from riskmodels.models.survival.at_risk import Floats, Ints, RiskSets, Watched


def greenwood(sets: RiskSets) -> Floats:
    """Variance of the survival curve just after each time (r,): S^2 sum h / ((1 - h) at_risk). Weights are counts."""
    return sets.survival**2 * sets.within(_spread(sets))


def multinomial(sets: RiskSets, shares: Floats, causes: Floats) -> Floats:
    """Variance of the share with a cause just after each time (r,), of Greenwood's type.

    `shares` F and `causes` q, the hazard of the cause, (r,). sum S(u-)^2 q (1 - q) / Y + sum (F(t) - F(u))^2 h / ((1 -
    h) Y) - 2 sum (F(t) - F(u)) S(u-) q / Y, Y those at risk. Source: Marubini and Valsecchi 1995, 10.3.
    """
    before, spread, each = sets.survival_before, _spread(sets), causes / sets.at_risk
    own = sets.within(before**2 * each * (1 - causes))
    squares = [sets.within(spread * shares**power) for power in (0, 1, 2)]
    other = shares**2 * squares[0] - 2 * shares * squares[1] + squares[2]
    both = shares * sets.within(before * each) - sets.within(shares * before * each)
    return np.maximum(own + other - 2 * both, 0.0)


def clustered(
    cases: Watched, sets: RiskSets, shares: Floats, causes: Floats, hit: NDArray[np.bool_], at: Floats
) -> Floats:
    """Variance of the share with a cause at each of the times `at` (m,), by group: (G, m), robust to clusters.

    `shares` and `causes` as in `multinomial`; `hit` (n,) tells the cases to which the cause happened.
    """
    of_pair, found = pairs(cases)[1], np.zeros((cases.groups, len(at)))
    for column, sums in enumerate(influences(cases, sets, shares, causes, hit, at)):
        found[:, column] = np.bincount(of_pair, sums**2, cases.groups)
    return found


def influences(
    cases: Watched, sets: RiskSets, shares: Floats, causes: Floats, hit: NDArray[np.bool_], at: Floats
) -> Iterator[Floats]:
    """At each of the times `at`, what each cluster within a group (see `pairs`) adds to the error of the share."""
    pair, of_pair = pairs(cases)
    own, part = _at_its_time(cases, sets, shares, hit)
    lived = [_lived(sets, value) for value in (sets.survival_before * causes / sets.at_risk, *_powers(sets, shares))]
    entered = sets.places(cases.group, cases.entry)
    for time in at:
        level = shares_at(sets, shares, cases.group, np.full(len(cases.group), time))
        seen = sets.places(cases.group, np.minimum(cases.duration, time))
        drift, weight, moment = (total[seen] - total[entered] for total in lived)
        influence = np.where(cases.duration <= time, own - level * part, 0.0) - drift + level * weight - moment
        yield np.bincount(pair, cases.weight * influence, len(of_pair))


def shares_at(sets: RiskSets, shares: Floats, group: Ints, time: Floats) -> Floats:
    """The share with a cause (r,) as it stands at a time in a group; 0 before anything happened."""
    place = sets.places(group, time)
    return np.where(place < 0, 0.0, np.append(shares, 0.0)[place])


def pairs(cases: Watched) -> tuple[Ints, Ints]:
    """Each case's number of its cluster within its group (n,), and the group of each such number."""
    owners = int(cases.owner.max(initial=0)) + 1
    key, pair = np.unique(cases.group * owners + cases.owner, return_inverse=True)
    return pair, key // owners


def _spread(sets: RiskSets) -> Floats:
    """h / ((1 - h) at_risk); 0 where all had the outcome, for then nothing is left that could vary."""
    left = 1 - sets.hazard
    return np.divide(sets.hazard, left * sets.at_risk, out=np.zeros(left.shape), where=left > 0)


def _powers(sets: RiskSets, shares: Floats) -> tuple[Floats, Floats]:
    return _spread(sets), _spread(sets) * shares


def _lived(sets: RiskSets, values: Floats) -> Floats:
    """Running sums within the group, with a 0 at the end that place -1 finds."""
    return np.append(sets.within(values), 0.0)


def _at_its_time(cases: Watched, sets: RiskSets, shares: Floats, hit: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """What a case's own outcome adds to its influence, a - F(t) b: a and b (n,)."""
    place = sets.places(cases.group, cases.duration)
    happened = cases.cause > 0
    before, at_risk, left, share = (
        np.append(values, 1.0)[place] for values in (sets.survival_before, sets.at_risk, 1 - sets.hazard, shares)
    )
    each = np.divide(happened, left * at_risk, out=np.zeros(left.shape), where=left > 0)
    return np.where(hit, before / at_risk, 0.0) + each * share, each
