"""When a party stops paying: a debtor its invoices, a client what it owes the factor.

A debtor may stop once in each month in which something falls due: on the due day of the month's largest invoice. A
client may fail once in each month, on a business day of it. The probability depends on quality, and is higher in the
months after the core enterprise of the party's chain stopped. From then on nothing due is paid, so 91 days later the
party is in default.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from riskmodels.book.synthetic.chain import NOBODY, Chains
from riskmodels.book.synthetic.clock import NEVER, Clock, Days, stream
from riskmodels.book.synthetic.law import DEFAULT_DPD, Floats, Law
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.quality import Quality

FAR = 10**6  # a day number after all others


@dataclass(frozen=True)
class Failure:
    """When parties stop. `day`: when a stop in a month would be (parties x months), NEVER where there can't be one;
    `hit`: whether the chain's core enterprise stopped in the months before (same shape); `stopped`: the day each party
    stops, FAR if it never does; `anchor`: its core enterprise's debtor code, NOBODY for none, and `anchor_stopped` the
    day that one stops.

    Logit of the monthly probability: `intercept[party]` - `slope[party]` x quality + `jump` where hit.
    """

    day: Days
    hit: NDArray[np.bool_]
    stopped: Days
    anchor: Codes
    anchor_stopped: Days
    intercept: Floats
    slope: Floats
    jump: float

    @property
    def default(self) -> Days:
        """The first day with more than 90 days past due."""
        return self.stopped + DEFAULT_DPD

    def stays(self, quality: Quality, rows: Codes | slice, hit: bool) -> Floats:
        """Probability of each party in `rows` not to stop in a month, rows x months x states, if hit or if not."""
        value = quality.level[rows, :, None] + quality.grid
        logit = self.intercept[rows, None, None] + self.jump * hit - self.slope[rows, None, None] * value
        return np.where((self.day[rows] == NEVER)[:, :, None], 1.0, expit(-logit))

    def stays_in(self, quality: Quality, party: Codes, month: Codes) -> Floats:
        """Probability of each party not to stop in its month, given its quality then and whether it is hit."""
        value = quality.level[party, month] + quality.grid[quality.state[party, month]]
        logit = self.intercept[party] + self.jump * self.hit[party, month] - self.slope[party] * value
        return np.where(self.day[party, month] == NEVER, 1.0, expit(-logit))


def draw_debtor_failure(law: Law, seed: int, quality: Quality, day: Days, chains: Chains, clock: Clock) -> Failure:
    """The stops of debtors; those of core enterprises come first, for the others' chances hang on them."""
    n = len(day)
    calm = Failure(
        day,
        np.zeros(day.shape, dtype=bool),
        np.full(n, FAR),
        chains.debtor_anchor,
        np.full(n, FAR),
        np.full(n, law.stopping.intercept),
        np.full(n, law.stopping.slope),
        law.chain.jump,
    )
    chance = stream(seed, "failure").random(day.shape)
    ends = _anchor_stopped(chains.debtor_anchor, _stop(calm, quality, chance).stopped)
    return _stop(replace(calm, anchor_stopped=ends, hit=_hit(law, ends, clock)), quality, chance)


def draw_client_failure(
    law: Law, seed: int, quality: Quality, debtors: Failure, chains: Chains, clock: Clock
) -> Failure:
    """The failures of clients; one that is a debtor too fails when it stops paying as such."""
    rng = stream(seed, "client failure")
    n = len(quality.level)
    length = np.diff(clock.starts)
    ends = _anchor_stopped(chains.client_anchor, debtors.stopped)
    drawn = Failure(
        clock.calendar.last(clock.starts[1:] - 1 - (rng.random((n, clock.total)) * (length - LAST_DAYS)).astype(int)),
        _hit(law, ends, clock),
        np.full(n, FAR),
        chains.client_anchor,
        ends,
        np.full(n, law.clients.intercept),
        np.full(n, law.clients.slope),
        law.chain.jump,
    )
    own = _stop(drawn, quality, rng.random((n, clock.total)))
    both = np.flatnonzero(chains.client_is != NOBODY)
    for name in ("day", "hit", "stopped", "intercept", "slope"):
        getattr(own, name)[both] = getattr(debtors, name)[chains.client_is[both]]
    return own


LAST_DAYS = 12  # a month's first days aren't drawn, so that its business day isn't one of the month before


def _stop(failure: Failure, quality: Quality, chance: Floats) -> Failure:
    logit = failure.intercept[:, None] - failure.slope[:, None] * quality.value + failure.jump * failure.hit
    stops = (chance < expit(logit)) & (failure.day != NEVER)
    first = np.take_along_axis(failure.day, stops.argmax(axis=1)[:, None], axis=1)[:, 0]
    return replace(failure, stopped=np.where(stops.any(axis=1), first, FAR))


def _anchor_stopped(anchor: Codes, stopped: Days) -> Days:
    return np.where(anchor == NOBODY, FAR, stopped[anchor])


def _hit(law: Law, ends: Days, clock: Clock) -> NDArray[np.bool_]:
    """Whether a core enterprise that stops on the day `ends` did so in the `law.chain.months` months before a month."""
    month = np.where(ends == FAR, clock.total, clock.month(np.minimum(ends, clock.starts[-1])))
    since = np.arange(clock.total) - month[:, None]
    return (since > 0) & (since <= law.chain.months)
