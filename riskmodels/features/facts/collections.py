"""The streams of facts that collection gives: what was done, what was promised, and what became of it."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, on_invoices
from riskmodels.features.facts.ledger import WHOLE, credited
from riskmodels.features.facts.marked import NEVER, while_marked
from riskmodels.features.measures import Facts, Rows


def _actions(t: Tables) -> Rows:
    return on_invoices(t["actions"], t)


def _promises(t: Tables) -> Rows:
    a = t["actions"]
    judged = a.mutate(known_on=_latest(a.known_on, a.outcome_on, a.promised_on))
    rows = on_invoices(judged, t)
    return _judged(rows, credited(t))


def _judged(rows: Rows, reduced: Rows) -> Rows:
    """Actions with whether the invoice was covered by the promised day, and whether anything was paid since."""
    c = reduced.select("amount", "event_on", "is_payment", paid_for="invoice_id", told_on="known_on")
    in_time = (rows.invoice_id == c.paid_for, c.told_on <= rows.known_on, c.event_on <= rows.promised_on)
    found = rows.join(c, in_time)
    paid_since = (found.event_on >= found.acted_on) & (found.is_payment | (found.amount < 0))
    sums = found.group_by("action_id").agg(
        covered=found.amount.sum().cast(WHOLE),
        paid=paid_since.ifelse(found.amount, 0).sum().cast(WHOLE),
    )
    rows = rows.left_join(sums.rename(judged_id="action_id"), rows.action_id == sums.action_id)
    return rows.mutate(
        kept=(rows.covered >= rows.face).fill_null(False),
        broken=((rows.covered < rows.face) & (rows.paid <= 0)).fill_null(True),
    )


def _let_down(t: Tables) -> Rows:
    p = _promises(t)
    broken = (p.outcome_on.notnull() & p.promised_on.notnull() & (p.outcome == "promise") & p.broken).fill_null(False)
    return while_marked(t, p.select("invoice_id", known_on=broken.ifelse(p.known_on, NEVER), mark=_one()))


def _in_court(t: Tables) -> Rows:
    a = t["actions"]
    return while_marked(t, a.filter(a.rung == "legal").select("invoice_id", "known_on", mark=_one()))


def _one() -> Rows:
    import ibis

    return ibis.literal(1)


def _latest(*days: Rows) -> Rows:
    import ibis

    return ibis.greatest(*days)


ACTIONS = Facts("actions", ("actions",), _actions)

PROMISES = Facts("promises", ("actions", "payments"), _promises)
"""Promises to pay, each judged once, at the close of the promised day (or when it became known, if later).

Kept: payments and credit notes dated by the promised day cover the invoice. Broken: they don't, and nothing was paid
since the action that brought the promise, but what was taken back again. Between the two it was kept in part. A payment
that becomes known after the judgement doesn't change it. What other actions have as `promised_on` isn't a promise:
measures ask for the outcome.
"""

LET_DOWN = Facts("let_down", ("actions", "payments"), _let_down)
"""Changes of what is owed on invoices of which a promise was broken."""

IN_COURT = Facts("in_court", ("actions",), _in_court)
"""Changes of what is owed on invoices once legal action was taken."""
