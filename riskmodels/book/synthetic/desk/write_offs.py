"""Write-offs: what nobody paid is given up a stated time after it was due."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import stream
from riskmodels.book.synthetic.desk.balances import Balances
from riskmodels.book.synthetic.frames import days, ids, money, table, words
from riskmodels.book.synthetic.history import History


def write_offs_table(history: History, left: Balances) -> pd.DataFrame:
    """The write-offs booked by the last day; none comes before the last payment of its invoice."""
    world, law = history.world, history.world.law.write_offs
    rows = np.flatnonzero(left.left > 0)
    due, paid = world.plan.due[rows], history.outcome.settled[rows]
    wait = law.days + stream(world.seed, "write-offs").integers(0, law.spread + 1, rows.size)
    day = world.clock.calendar.next(np.maximum(due + wait, paid + 1))
    order = np.argsort(day, kind="stable")
    rows, day = rows[order], day[order]
    cells = {
        "invoice_id": words(ids("I", world.plan.due.size), rows),
        "written_off_on": days(day),
        "amount": money(left.left[rows]),
        "known_on": days(day),
    }
    return table("write_offs", cells, day <= world.clock.last)
