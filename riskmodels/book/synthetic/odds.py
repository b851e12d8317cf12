"""The true probability of each invoice to be late, as of its issue, by the generator's own law."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import NEVER, Clock
from riskmodels.book.synthetic.failure import Failure, healthy_ahead, state_now
from riskmodels.book.synthetic.law import DEFAULT_DPD, Floats, Law, beyond, expected_late
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.pace import Pace
from riskmodels.book.synthetic.plan import Plan
from riskmodels.book.synthetic.quality import Quality

LATE = {"late": 0, "late_30": 30, "late_90": 90}


def invoice_odds(law: Law, plan: Plan, pace: Pace, failure: Failure, quality: Quality, clock: Clock) -> pd.DataFrame:
    """For each invoice P(late), P(> 30 days late), P(> 90 days late), and expected days late counted from 0 to 91.

    Given at issue: the debtor's quality that month, whether it has stopped paying, and what is fixed by then.
    The sum over the debtor's state in the due month of P(state, not stopped) x P(late | state), plus P(stopped).
    """
    odds = np.empty((plan.issued.size, len(LATE) + 1))
    issue, due = clock.month(plan.issued), clock.month(plan.due)
    paths = healthy_ahead(failure, quality, state_now(quality), int((due - issue).max()) + 1)
    for ahead, mass in enumerate(paths):
        rows = np.flatnonzero(due - issue == ahead)
        if not rows.size:
            continue
        reach = mass[plan.debtor[rows], issue[rows]] * _around(plan, failure, quality, rows, issue[rows], due[rows])
        odds[rows] = _mix(law, pace, rows, reach)
    odds[failure.stopped[plan.debtor] <= plan.issued] = [1.0, 1.0, 1.0, DEFAULT_DPD]
    return pd.DataFrame(odds, columns=[*LATE, "expected_days_late"])


def _around(plan: Plan, failure: Failure, quality: Quality, rows: Codes, issue: Codes, due: Codes) -> Floats:
    """Probability not to stop in the month of issue after it, nor in the due month up to the due day; rows x states."""
    debtor = plan.debtor[rows]
    first, last = failure.day[debtor, issue], failure.day[debtor, due]
    still_to_come = (first > plan.issued[rows]) & (issue < due)
    at_issue = failure.stays[debtor, issue, quality.state[debtor, issue]]
    before_due = (last > plan.issued[rows]) & (last <= plan.due[rows]) & (last != NEVER)
    in_due = np.where(before_due[:, None], failure.stays[debtor, due], 1.0)
    return np.where(still_to_come, at_issue, 1.0)[:, None] * in_due


def _mix(law: Law, pace: Pace, rows: Codes, reach: Floats) -> Floats:
    stopped = 1.0 - reach.sum(axis=1)
    calm = pace.known[rows, None] + pace.drift
    disputed = pace.dispute_chance[rows, None]

    def over(value_of: Callable[[Floats], Floats]) -> Floats:
        values = (1 - disputed) * value_of(calm) + disputed * value_of(calm + pace.dispute)
        return (reach * values).sum(axis=1)

    late = [stopped + over(partial(beyond, days, shape=law.payment.shape)) for days in LATE.values()]
    return np.column_stack([*late, stopped * DEFAULT_DPD + over(partial(expected_late, shape=law.payment.shape))])
