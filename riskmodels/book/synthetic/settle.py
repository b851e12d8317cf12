"""How each invoice ends: by the healthy law, or after its debtor stopped paying by buy-back or recovery."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import Days, stream
from riskmodels.book.synthetic.failure import Failure
from riskmodels.book.synthetic.law import DEFAULT_DPD, Floats, Law, draw_delay
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.pace import Pace
from riskmodels.book.synthetic.plan import Plan

PAYERS = ("debtor", "client", "guarantor")
RECOVERY_DAYS = (120, 450)  # after default: 7 to 18 months after the debtor stopped
REPURCHASE_DAYS = (5, 180)  # after the invoice is more than 90 days past due
PART_SHARES = (0.88, 0.09, 0.03)  # paid in one, two, three parts


@dataclass(frozen=True)
class Outcome:
    """One entry per invoice; `frozen`: its debtor stopped paying first, and `days_late` is 91.

    `settled` is the day of the last payment, `share` what is ever paid of what is owed, in `parts` `gap` days apart.
    """

    disputed: NDArray[np.bool_]
    frozen: NDArray[np.bool_]
    settled: Days
    days_late: Codes
    payer: Codes
    share: Floats
    parts: Codes
    gap: Days


def draw_outcome(
    law: Law, seed: int, plan: Plan, pace: Pace, failure: Failure, state: Codes, recourse: NDArray[np.bool_]
) -> Outcome:
    """The end of every invoice; `state` is the debtor's in the due month, `recourse` that of the facility."""
    rng = stream(seed, "settlement")
    n = plan.due.size
    disputed = rng.random(n) < pace.dispute_chance
    delay = draw_delay(rng, pace.known + pace.drift[state] + pace.dispute * disputed, law.payment.shape)
    parts, gap = rng.choice([1, 2, 3], n, p=PART_SHARES), rng.integers(3, 16, n)
    frozen = plan.due >= failure.stopped[plan.debtor]
    bought = frozen & recourse & (rng.random(n) < law.recovery.buy_back_rate)
    ends, payer, share = _recovery(law, rng, plan, failure)
    ends = np.where(bought, plan.due + DEFAULT_DPD + rng.integers(*REPURCHASE_DAYS, n), ends)
    return Outcome(
        disputed,
        frozen,
        # the first part of a recovery comes no sooner than the recovery
        np.where(frozen, ends + (parts - 1) * gap, plan.due + delay),
        np.where(frozen, DEFAULT_DPD, delay),
        np.where(bought, PAYERS.index("client"), np.where(frozen, payer, 0)),
        np.where(frozen & ~bought, share, 1.0),
        parts,
        # the first part never comes before the invoice is booked
        np.where(frozen, gap, np.minimum(gap, (plan.due + delay - plan.issued - 6) // parts)),
    )


def _recovery(law: Law, rng: np.random.Generator, plan: Plan, failure: Failure) -> tuple[Days, Codes, Floats]:
    """Day, payer and share recovered for each invoice if its debtor stopped: one day and one share per debtor."""
    debtors = failure.stopped.size
    day = failure.default + rng.integers(*RECOVERY_DAYS, debtors)
    payer = np.where(rng.random(debtors) < 0.1, PAYERS.index("guarantor"), PAYERS.index("debtor"))
    full = rng.random(debtors) < law.recovery.full_rate
    share = np.where(full, 1.0, rng.uniform(0.4, 0.9, debtors))
    late_enough = plan.due + DEFAULT_DPD + 1
    return np.maximum(day[plan.debtor], late_enough), payer[plan.debtor], share[plan.debtor]
