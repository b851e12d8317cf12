"""How slowly each invoice is paid while its debtor is healthy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodels.book.synthetic.clock import Clock
from riskmodels.book.synthetic.law import Floats, Law, season
from riskmodels.book.synthetic.network import Codes, Debtors, Relations
from riskmodels.book.synthetic.plan import Plan
from riskmodels.book.synthetic.quality import Quality


@dataclass(frozen=True)
class Pace:
    """`known`: log of the median time to pay (law.beyond) for each invoice without the debtor's drift in its due month,
    which adds `slope` x `grid[state]`; a dispute adds `dispute`, and comes with probability `dispute_chance`."""

    known: Floats
    slope: Floats
    grid: Floats
    dispute: float
    dispute_chance: Floats

    def log_median(self, state: Codes, disputed: NDArray[np.bool_]) -> Floats:
        """The pace of each invoice, given the debtor's state in the due month and whether it is disputed."""
        return self.known + self.slope * self.grid[state] + self.dispute * disputed


def pace_of(
    law: Law,
    plan: Plan,
    relations: Relations,
    debtors: Debtors,
    quality: Quality,
    clients: Quality,
    breaks: int,
    clock: Clock,
) -> Pace:
    """The pace of every invoice; the client's quality counts as it is in the month of issue; `breaks` is the month of
    the structural break."""
    due, payment = clock.month(plan.due), law.payment
    seller = clients.value[plan.client, clock.month(plan.issued)]
    after = due >= breaks
    slope = payment.quality + law.structural_break.quality * after
    known = (
        payment.intercept
        + law.structural_break.slower * after
        + slope * quality.level[plan.debtor, due]
        + payment.client * seller
        + payment.early * debtors.early[plan.debtor]
        + relations.slowness[plan.relation]
        + payment.amount * plan.size
        + payment.terms * (plan.due - plan.issued - 60) / 30
        + season(law, clock.calendar_month(due))
    )
    chance = law.disputes.rate * np.exp(law.disputes.client * seller)
    return Pace(known, np.asarray(slope, dtype=np.float64), quality.grid, payment.dispute, chance)
