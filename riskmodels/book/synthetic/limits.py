"""Limits of the facilities, and what they leave of the advances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.book.synthetic.clock import Clock, Days
from riskmodels.book.synthetic.facilities import Facilities
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.plan import Plan

ROUND = 100_000_00  # fen


@dataclass(frozen=True)
class Limits:
    """One entry per facility, in minor units of its currency: its limit, that of one debtor (-1 for none)."""

    facility: Codes
    debtor: Codes


def limits_of(facilities: Facilities, plan: Plan, clock: Clock) -> Limits:
    """Limits by the business of an average month under each facility, rounded up."""
    n = facilities.client.size
    monthly = np.bincount(facilities.of_relation[plan.relation], plan.amount, minlength=n) / clock.months
    limit = _round_up(monthly * facilities.limit_months)
    share = facilities.debtor_share
    return Limits(limit, np.where(np.isnan(share), -1, _round_up(limit * np.nan_to_num(share))))


def within_limit(amount: Codes, group: Codes, starts: Days, ends: Days, limit: Codes) -> Codes:
    """What is paid out of each amount so that a group never has more than its limit outstanding.

    One entry per amount, all arrays: its group, the days it would go out and come back, its group's limit. What counts
    against the limit is what the group would have outstanding if no limit had ever bound, which is never less.
    """
    order = np.argsort(_key(group, starts), kind="stable")
    going = _key(group, starts)[order]
    back = np.argsort(_key(group, ends), kind="stable")
    coming = _key(group, ends)[back]
    first = np.searchsorted(group[order], group[order], side="left")
    out = np.concatenate([[0], np.cumsum(amount[order])])
    returned = np.concatenate([[0], np.cumsum(amount[back])])
    # what went out of the group before, less what came back by the end of the day
    standing = out[:-1] - out[first] - (returned[np.searchsorted(coming, going, side="right")] - returned[first])
    paid = np.empty_like(amount)
    paid[order] = np.clip(limit[order] - standing, 0, amount[order])
    return paid


def _key(group: Codes, day: Days) -> Codes:
    return group * 10**6 + day


def _round_up(fen: Floats | Codes) -> Codes:
    return np.ceil(fen / ROUND).astype(np.int64) * ROUND
