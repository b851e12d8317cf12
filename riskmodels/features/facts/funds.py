"""Funds in use: what was advanced against invoices and repaid, and how due dates were put off."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, on_invoices
from riskmodels.features.measures import KEYS, Facts, Rows


def funds(t: Tables) -> Rows:
    """Signed amounts of principal with the day they're due: advances above 0, repayments below."""
    paid = _repaid(t)
    columns = (*KEYS, "currency", "known_on", "repay_on", "grace_until", "amount")
    return _advances(t).select(columns).union(paid.mutate(amount=-paid.principal).select(columns))


def _advances(t: Tables) -> Rows:
    return on_invoices(t["advances"].rename(repay_on="due_on"), t)


def _repaid(t: Tables) -> Rows:
    """Repayments with their advance's invoice and days, known no sooner than it is."""
    import ibis

    a = t["advances"]
    terms = a.select("advance_id", "invoice_id", "grace_until", repay_on=a.due_on, advance_known_on=a.known_on)
    joined = t["repayments"].join(terms, "advance_id")
    known_on = ibis.greatest(joined.known_on, joined.advance_known_on)
    return on_invoices(joined.mutate(known_on=known_on).drop("advance_known_on"), t)


def _amendments(t: Tables) -> Rows:
    """Amendments of invoices, and those of advances as what they are on the invoice."""
    import ibis

    a, columns = t["amendments"], ("invoice_id", "known_on", "kind", "old_due", "new_due")
    direct = a.filter(a.target == "invoice").mutate(invoice_id=a.target_id).select(columns)
    of = t["advances"].select("advance_id", "invoice_id", advance_known_on=t["advances"].known_on)
    found = a.filter(a.target == "advance").join(of, a.target_id == of.advance_id)
    found = found.mutate(known_on=ibis.greatest(found.known_on, found.advance_known_on)).select(columns)
    return on_invoices(direct.union(found), t)


FUNDS = Facts("funds", ("advances",), funds)
"""Signed amounts of funds in use, with `repay_on` and `grace_until` of the advance."""

ADVANCES = Facts("advances", ("advances",), _advances)
"""Money paid out against invoices; `repay_on` is its own due date."""

REPAYMENTS = Facts("repayments", ("repayments", "advances"), _repaid)
"""What was paid back on advances, once both are known."""

AMENDMENTS = Facts("amendments", ("amendments",), _amendments)
"""Changes of due dates that were agreed, of an invoice or of the advance on it."""
