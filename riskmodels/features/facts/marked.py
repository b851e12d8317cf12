"""What invoices owe while something stands against them: a dispute, a broken promise, a suit."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from typing import Any

from riskmodels.features.facts.base import Tables, on_invoices
from riskmodels.features.facts.ledger import LEDGER, REDUCTIONS, WHOLE
from riskmodels.features.measures import Facts, Rows

NEVER = date(9999, 12, 31)
"""The day of a mark that was never set."""


def while_marked(t: Tables, marks: Rows) -> Rows:
    """Changes of what is owed on invoices while their marks (invoice_id, known_on, mark 1 or -1) sum to 1 or more.

    The whole open amount comes with the first mark and goes with the last; between them each change counts. Marks that
    must not be filtered by what is revealed later have the day NEVER.
    """
    import ibis

    events = _events(t, marks)
    days = events.select("invoice_id", "known_on").distinct()
    now, before = _standing(days, events, operator.le), _standing(days, events, operator.lt)
    both = now.left_join(before.rename(owed_before="owed"), ("invoice_id", "known_on"))
    amount = (both.owed - ibis.coalesce(both.owed_before, 0)).cast(WHOLE)
    changes = both.select("invoice_id", "known_on", amount=amount)
    return on_invoices(changes.filter(changes.amount != 0), t)


def _events(t: Tables, marks: Rows) -> Rows:
    """Changes of what is owed on marked invoices, and their marks."""
    import ibis

    marked = {name: t[name].semi_join(marks, "invoice_id") for name in ("invoices", *REDUCTIONS)}
    owed = LEDGER.rows({**t, **marked}).select("invoice_id", "known_on", "amount", mark=ibis.literal(0, "int64"))
    nothing = ibis.literal(0).cast(WHOLE)
    return owed.union(marks.select("invoice_id", "known_on", amount=nothing, mark=marks.mark.cast("int64")))


def _standing(days: Rows, events: Rows, until: Callable[[Any, Any], Any]) -> Rows:
    """By invoice and day, what is owed by the events until then if the marks sum to 1 or more, else nothing.

    A join rather than a window: the order of a window would count as something that its sums are computed from.
    """
    e = events.select("amount", "mark", of="invoice_id", on="known_on")
    found = days.join(e, (days.invoice_id == e.of, until(e.on, days.known_on)))
    sums = found.group_by("invoice_id", "known_on").agg(
        marks=lambda r: r.mark.sum(), owed=lambda r: r.amount.sum().cast(WHOLE)
    )
    return sums.select("invoice_id", "known_on", owed=(sums.marks > 0).ifelse(sums.owed, 0).cast(WHOLE))


def _disputed(t: Tables) -> Rows:
    import ibis

    d = t["disputes"]
    raised = d.select("invoice_id", "known_on", mark=ibis.literal(1))
    closed_on = d.closed_on.notnull().ifelse(ibis.greatest(d.known_on, d.closed_on), NEVER)
    return while_marked(t, raised.union(d.select("invoice_id", known_on=closed_on, mark=ibis.literal(-1))))


DISPUTED = Facts("disputed", ("disputes",), _disputed)
"""Changes of what is owed on invoices with an open dispute."""
