"""Amendments: due dates that debtors in trouble have put off; what they then do is none of the amendment's making."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from riskmodels.book.synthetic.clock import Days, stream
from riskmodels.book.synthetic.desk.balances import Balances
from riskmodels.book.synthetic.frames import days, ids, table, words
from riskmodels.book.synthetic.history import History
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.plan import late_booking

KINDS = ("extension", "instalments", "payment deferral")
KIND_SHARES = (0.7, 0.15, 0.15)
LONGER = np.array([30, 60, 90])
TARGETS = ("invoice", "advance")


def amendments_table(history: History, left: Balances) -> pd.DataFrame:
    """The amendments known by the last day, at most one for each invoice."""
    world, law = history.world, history.world.law.amendments
    rng = stream(world.seed, "amendments")
    plan, calendar = world.plan, world.clock.calendar
    rows, asked, quality = asked_for(history, left)
    chosen = np.flatnonzero(rng.random(rows.size) < expit(law.intercept + law.quality * quality))
    chosen = chosen[np.argsort(asked[chosen], kind="stable")]
    rows, agreed = rows[chosen], asked[chosen]
    n = rows.size
    known = calendar.next(agreed + late_booking(rng, n))
    on_advance = _advanced(history, rows, agreed) & (rng.random(n) < law.advance_share)
    number = ids("I", plan.due.size), ids("A", plan.due.size)
    cells = {
        "amendment_id": ids("E", n),
        "target": words(TARGETS, on_advance.astype(np.int64)),
        "target_id": pd.Series(words(number[0], rows)).where(~on_advance, words(number[1], rows)).array,
        "agreed_on": days(agreed),
        "old_due": days(plan.due[rows]),
        "new_due": days(calendar.next(plan.due[rows] + rng.choice(LONGER, n))),
        "kind": words(KINDS, rng.choice(len(KINDS), n, p=KIND_SHARES)),
        "known_on": days(known),
    }
    return table("amendments", cells, known <= world.clock.last)


def asked_for(history: History, left: Balances) -> tuple[Codes, Days, Floats]:
    """Rows of the invoices that were known and still open on the day more time could be asked for, by the last day of
    the book; that day, and the debtor's quality then."""
    world, plan = history.world, history.world.plan
    most = world.law.amendments.asked_days
    offset = stream(world.seed, "asking").integers(-most, most + 1, plan.due.size)
    day = world.clock.calendar.next(plan.due + offset)
    rows = np.flatnonzero((day > plan.known) & (day < left.cleared) & (day <= world.clock.last))
    return rows, day[rows], world.quality.value[plan.debtor[rows], world.clock.month(day[rows])]


def _advanced(history: History, rows: Codes, day: Codes) -> np.ndarray:
    """Whether an advance on each invoice had been paid out by the day."""
    paid_out = np.full(history.world.plan.due.size, np.iinfo(np.int64).max)
    paid_out[history.advances.invoice] = history.advances.paid_out
    return paid_out[rows] <= day
