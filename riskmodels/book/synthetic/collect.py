"""Which overdue invoices are acted upon, at random, so that what the action brings can be estimated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import NEVER, Clock, Days, stream
from riskmodels.book.synthetic.law import Law

ROUNDING = 1e-9  # of a product of whole days and a factor, which may come out just beside a whole day


@dataclass(frozen=True)
class Collected:
    """One entry per invoice: whether it was treated, and the day of the collection action (NEVER if not)."""

    treated: NDArray[np.bool_]
    day: Days


def action_day(law: Law, due: Days, clock: Clock) -> Days:
    """The day on which an invoice due then is treated, if it is open at its close and chosen."""
    return clock.calendar.next(due + law.collecting.day)


def choose(law: Law, seed: int, invoices: int) -> NDArray[np.bool_]:
    """Which invoices would be treated if they were open then."""
    return stream(seed, "collecting").random(invoices) < law.collecting.share


def shrink(law: Law, delay: Days, start: Days) -> Days:
    """The delay of a treated invoice, `start` the delay at the action: what remains shrinks, at least a day is left."""
    rest = np.ceil((delay - start) * law.collecting.factor - ROUNDING).astype(np.int64)
    return np.where(delay > start, start + rest, delay)


def longest_untreated(law: Law, delay: Days, start: Days) -> Days:
    """The longest delay that the action shortens to `delay` or less: the inverse of `shrink`."""
    before = start + np.floor((delay - start) / law.collecting.factor + ROUNDING).astype(np.int64)
    return np.where(delay > start, before, delay)


def collected(open_then: NDArray[np.bool_], chosen: NDArray[np.bool_], day: Days) -> Collected:
    """The actions on chosen invoices that were open at the close of the day."""
    treated = open_then & chosen
    return Collected(treated, np.where(treated, day, NEVER))
