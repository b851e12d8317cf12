"""What the factor does with an invoice: it takes it over, has it confirmed, and pays an advance on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import NEVER, Clock, Days, stream
from riskmodels.book.synthetic.facilities import Facilities
from riskmodels.book.synthetic.law import Law
from riskmodels.book.synthetic.limits import limits_of, within_limit
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.plan import Plan
from riskmodels.core.calendar import Calendar

SMALLEST = 1_000_00  # fen; less isn't worth paying out


@dataclass(frozen=True)
class Assignment:
    """One entry per invoice: day of assignment to the factor and of the debtor's confirmation (NEVER)."""

    assigned: Days
    confirmed: Days


@dataclass(frozen=True)
class Advances:
    """One entry per advance, also those paid out after the last day: row of its invoice, day, amount in fen.

    Its advance_id is `ids("A", invoices)[invoice]`.
    """

    invoice: Codes
    paid_out: Days
    amount: Codes


def draw_assignment(law: Law, seed: int, plan: Plan, told: NDArray[np.bool_], calendar: Calendar) -> Assignment:
    """Assigned within a week of becoming known; debtors that were told confirm a share within three weeks."""
    rng = stream(seed, "assignment")
    n = plan.known.size
    confirmed = calendar.next(plan.known + rng.integers(1, 21, n))
    assigned = calendar.next(plan.known + rng.integers(0, 8, n))
    acknowledged = told & (rng.random(n) < law.facilities.confirmed_share)
    return Assignment(assigned, np.where(acknowledged, confirmed, NEVER))


def draw_advances(
    law: Law,
    seed: int,
    plan: Plan,
    assignment: Assignment,
    settled: Days,
    facilities: Facilities,
    facility: Codes,
    clock: Clock,
) -> Advances:
    """Advances on a share of the invoices, within three days of assignment, as far as the limits leave room.

    An advance stands until its invoice is `settled`, FAR if it never is in full.
    """
    rng, calendar = stream(seed, "advances"), clock.calendar
    n = plan.amount.size
    paid_out = np.minimum(calendar.next(assignment.assigned + rng.integers(0, 4, n)), calendar.last(plan.due))
    rows = np.flatnonzero(
        (rng.random(n) < law.facilities.advanced_share) & (paid_out >= plan.known) & (paid_out < settled)
    )
    contract, paid_out, settled = facility[rows], paid_out[rows], settled[rows]
    wanted = np.round(plan.amount[rows] * facilities.advance_rate[contract]).astype(np.int64)
    limits = limits_of(facilities, plan, clock)
    has_own = np.flatnonzero(limits.debtor[contract] >= 0)
    pair = contract * (int(plan.debtor.max()) + 1) + plan.debtor[rows]
    amount = wanted.copy()
    own = (wanted, pair, paid_out, settled, limits.debtor[contract])
    amount[has_own] = within_limit(*(cells[has_own] for cells in own))
    amount = within_limit(amount, contract, paid_out, settled, limits.facility[contract])
    paid = np.flatnonzero(amount >= SMALLEST)
    return Advances(rows[paid], paid_out[paid], amount[paid])
