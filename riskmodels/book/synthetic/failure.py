"""When a debtor stops paying, and how likely that was.

A debtor may stop once in each month in which something falls due: on the due day of the month's largest invoice, with a
probability that depends on its quality. From then on nothing due is paid, so 91 days later it is in default.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from riskmodels.book.synthetic.clock import NEVER, Clock, Days, stream
from riskmodels.book.synthetic.law import DEFAULT_DPD, Floats, Law
from riskmodels.book.synthetic.quality import Quality

FAR = 10**6  # a day number after all others


@dataclass(frozen=True)
class Failure:
    """`stays`: probability not to stop in a month (debtors x months x states); `day`: when a stop in a month would be
    (debtors x months); `stopped`: the day each debtor stops paying, FAR if it never does."""

    stays: Floats
    day: Days
    stopped: Days

    @property
    def default(self) -> Days:
        """The first day with more than 90 days past due."""
        return self.stopped + DEFAULT_DPD


def draw_failure(law: Law, seed: int, quality: Quality, day: Days) -> Failure:
    """Stops drawn month by month, at most one for each debtor."""
    rng = stream(seed, "failure")
    chance = expit(law.stopping.intercept - law.stopping.slope * (quality.level[:, :, None] + quality.grid))
    chance = np.where((day == NEVER)[:, :, None], 0.0, chance)
    here = np.take_along_axis(chance, quality.state[:, :, None], axis=2)[:, :, 0]
    stops = rng.random(day.shape) < here
    first = np.take_along_axis(day, stops.argmax(axis=1)[:, None], axis=1)[:, 0]
    return Failure(1.0 - chance, day, np.where(stops.any(axis=1), first, FAR))


def healthy_ahead(failure: Failure, quality: Quality, start: Floats, months: int) -> Iterator[Floats]:
    """For 0, 1, 2 ... months ahead of each month m: P(no stop in the months between, state in month m + ahead).

    `start` (debtors x months x states) is the law of the state in month m; whether a debtor stops in month m itself, or
    in month m + ahead, is left to the caller. Each result is debtors x (total - ahead) x states.
    """
    mass = start
    for ahead in range(months):
        yield mass
        if ahead:
            mass = mass * failure.stays[:, ahead:]
        mass = (mass @ quality.step)[:, :-1]


def state_now(quality: Quality) -> Floats:
    """The known state of each debtor and month as a law: one at the state, debtors x months x states."""
    return np.eye(quality.grid.size)[quality.state]


def default_within_year(failure: Failure, quality: Quality, clock: Clock) -> Floats:
    """Probability at each month end of the book (debtors x months) that the debtor is in default within twelve months.

    Given the quality then and that it hasn't stopped; 1 for a debtor that has stopped and isn't in default yet.
    """
    shape = (failure.stopped.size, clock.months)
    deadline = clock.ends[12 : 12 + clock.months] - DEFAULT_DPD
    alive = np.ones(shape)
    for ahead, mass in enumerate(healthy_ahead(failure, quality, state_now(quality), 13)):
        month = slice(ahead, ahead + clock.months)
        counts = (ahead > 0) & (failure.day[:, month] <= deadline) & (failure.day[:, month] != NEVER)
        through = (mass[:, : clock.months] * failure.stays[:, month]).sum(axis=2)
        alive = np.where(counts, through, alive)
    has_stopped = failure.stopped[:, None] <= clock.ends[: clock.months]
    return np.where(has_stopped, 1.0, 1.0 - alive)


def stop_within_month(failure: Failure, quality: Quality, clock: Clock) -> Floats:
    """Probability at each month end of the book (debtors x months) that the debtor stops paying in the next month."""
    now = state_now(quality)[:, : clock.months]
    return 1.0 - ((now @ quality.step) * failure.stays[:, 1 : clock.months + 1]).sum(axis=2)
