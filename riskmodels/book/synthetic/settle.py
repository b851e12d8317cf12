"""How each invoice ends: by the healthy law, or after its debtor stopped paying by buy-back or recovery."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic import collect
from riskmodels.book.synthetic.clock import Clock, Days, stream
from riskmodels.book.synthetic.collect import Collected
from riskmodels.book.synthetic.failure import Failure
from riskmodels.book.synthetic.law import DEFAULT_DPD, Floats, Law, draw_delay
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.pace import Pace
from riskmodels.book.synthetic.plan import Plan
from riskmodels.core.calendar import Calendar

PAYERS = ("debtor", "client", "guarantor", "third party")
RECOVERY_DAYS = (120, 450)  # after default: 7 to 18 months after the debtor stopped
REPURCHASE_DAYS = (5, 180)  # after the invoice is more than 90 days past due


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
    law: Law,
    seed: int,
    plan: Plan,
    pace: Pace,
    debtors: Failure,
    clients: Failure,
    state: Codes,
    recourse: NDArray[np.bool_],
    clock: Clock,
) -> tuple[Outcome, Collected]:
    """The end of every invoice and the actions on it; `state` is the debtor's in the due month, `recourse` that of the
    facility. A client buys back only while it hasn't failed itself."""
    rng = stream(seed, "settlement")
    n, calendar = plan.due.size, clock.calendar
    disputed = rng.random(n) < pace.dispute_chance
    delay = draw_delay(rng, pace.log_median(state, disputed), law.payment.shape)
    acted, chosen = collect.action_day(law, plan.due, clock), collect.choose(law, seed, n)
    frozen = plan.due >= debtors.stopped[plan.debtor]
    actions = collect.collected(frozen | (plan.due + delay > acted), chosen, acted)
    paid = calendar.next(plan.due + np.where(chosen, collect.shrink(law, delay, acted - plan.due), delay))
    parts, gap = _parts(law, rng, n)
    ends, payer, share = _recovery(law, rng, plan, debtors, calendar)
    whole = (parts - 1) * gap
    bought_on = calendar.next(plan.due + DEFAULT_DPD + rng.integers(*REPURCHASE_DAYS, n))
    willing = rng.random(n) < law.recovery.buy_back_rate
    bought = frozen & recourse & willing & (bought_on + whole < clients.stopped[plan.client])
    ends = calendar.next(np.where(bought, bought_on, ends) + whole)
    outcome = Outcome(
        disputed,
        frozen,
        # the first part of a recovery comes no sooner than the recovery
        np.where(frozen, ends, paid),
        np.where(frozen, DEFAULT_DPD, paid - plan.due),
        np.where(bought, PAYERS.index("client"), np.where(frozen, payer, 0)),
        np.where(frozen & ~bought, share, 1.0),
        parts,
        # the first part never comes before the invoice is booked
        np.where(frozen, gap, np.minimum(gap, (paid - plan.known) // parts)),
    )
    return outcome, actions


def _parts(law: Law, rng: np.random.Generator, n: int) -> tuple[Codes, Codes]:
    """In how many parts each of n invoices is paid, and how many days apart they are."""
    u, words = rng.random(n), law.accounts
    parts = 1 + (u < words.two_parts_share + words.three_parts_share).astype(np.int64) + (u < words.three_parts_share)
    return parts, rng.integers(3, 16, n)


def _recovery(
    law: Law, rng: np.random.Generator, plan: Plan, failure: Failure, calendar: Calendar
) -> tuple[Days, Codes, Floats]:
    """Day, payer and share recovered for each invoice if its debtor stopped: one day and one share per debtor."""
    debtors = failure.stopped.size
    day = failure.default + rng.integers(*RECOVERY_DAYS, debtors)
    payer = np.where(rng.random(debtors) < 0.1, PAYERS.index("guarantor"), PAYERS.index("debtor"))
    full = rng.random(debtors) < law.recovery.full_rate
    share = np.where(full, 1.0, rng.uniform(0.4, 0.9, debtors))
    late_enough = plan.due + DEFAULT_DPD + 1
    # of debtors that never stop the day is far off the calendar
    day = np.minimum(day[plan.debtor], calendar.first + calendar.following.size - 60)
    return np.maximum(day, late_enough), payer[plan.debtor], share[plan.debtor]
