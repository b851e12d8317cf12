"""How slowly each invoice is paid while its debtor is healthy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.book.synthetic.clock import Clock
from riskmodels.book.synthetic.law import Floats, Law, season
from riskmodels.book.synthetic.network import Clients, Relations
from riskmodels.book.synthetic.plan import Plan
from riskmodels.book.synthetic.quality import Quality


@dataclass(frozen=True)
class Pace:
    """`known`: log of the median time to pay (law.beyond) for each invoice without the debtor's drift in its due month,
    which adds `drift[state]`; a dispute adds `dispute`, and comes with probability `dispute_chance`."""

    known: Floats
    drift: Floats
    dispute: float
    dispute_chance: Floats


def pace_of(law: Law, plan: Plan, clients: Clients, relations: Relations, quality: Quality, clock: Clock) -> Pace:
    """The pace of every planned invoice."""
    due = clock.month(plan.due)
    seller = clients.quality[plan.client]
    known = (
        law.payment.intercept
        + law.payment.quality * quality.level[plan.debtor, due]
        + law.payment.client * seller
        + relations.slowness[plan.relation]
        + law.payment.amount * plan.size
        + law.payment.terms * (plan.due - plan.issued - 60) / 30
        + season(law, clock.calendar_month(due))
    )
    chance = law.disputes.rate * np.exp(law.disputes.client * seller)
    return Pace(known, law.payment.quality * quality.grid, law.payment.dispute, chance)
