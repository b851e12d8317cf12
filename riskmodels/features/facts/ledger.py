"""The streams of facts a ledger gives: each row with its keys and the day it could be known."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, on_invoices
from riskmodels.features.measures import KEYS, Facts, Rows


def reductions(t: Tables) -> Rows:
    """What reduced invoices, in cash or not: invoice_id, known_on, amount, event_on."""
    paid, noted = t["payments"], t["credit_notes"]
    return paid.select("invoice_id", "known_on", "amount", event_on=paid.paid_on).union(
        noted.select("invoice_id", "known_on", "amount", event_on=noted.issued_on)
    )


def _invoices(t: Tables) -> Rows:
    return t["invoices"]


def _payments(t: Tables) -> Rows:
    return on_invoices(t["payments"], t)


def _credit_notes(t: Tables) -> Rows:
    return on_invoices(t["credit_notes"], t)


def _disputes(t: Tables) -> Rows:
    return on_invoices(t["disputes"], t)


def _ledger(t: Tables) -> Rows:
    columns = (*KEYS, "currency", "known_on", "due_on", "amount")
    reduced = on_invoices(reductions(t), t)
    return t["invoices"].select(columns).union(reduced.mutate(amount=-reduced.amount).select(columns))


def _settlements(t: Tables) -> Rows:
    import ibis

    running = _running(t)
    facts = on_invoices(running.mutate(credited_on=running.known_on), t)
    in_order = ibis.window(group_by="invoice_id", order_by="credited_on")
    facts = facts.mutate(settled=facts.credited >= facts.face)
    facts = facts.mutate(before=facts.settled.lag(default=False).over(in_order))
    turns = facts.filter(facts.settled != facts.before)
    settled_on = turns.settled.ifelse(turns.event_on, turns.event_on.lag().over(in_order))
    sign = turns.settled.ifelse(1, -1)
    return turns.select(*KEYS, "currency", "known_on", "due_on", "face", settled_on=settled_on, sign=sign)


def _running(t: Tables) -> Rows:
    """By each day on which a credit became known: what the invoice had been credited, and the latest own day."""
    import ibis

    daily = (
        reductions(t)
        .group_by("invoice_id", "known_on")
        .agg(amount=lambda r: r.amount.sum().cast("decimal(18, 2)"), event_on=lambda r: r.event_on.max())
    )
    so_far = ibis.window(group_by="invoice_id", order_by="known_on", preceding=(None, 0))
    return daily.select(
        "invoice_id",
        "known_on",
        credited=daily.amount.sum().over(so_far),
        event_on=daily.event_on.max().over(so_far),
    )


INVOICES = Facts("invoices", ("invoices",), _invoices)
PAYMENTS = Facts("payments", ("payments",), _payments)
CREDIT_NOTES = Facts("credit_notes", ("credit_notes",), _credit_notes)
DISPUTES = Facts("disputes", ("disputes",), _disputes)

LEDGER = Facts("ledger", ("payments",), _ledger)
"""Signed amounts of what is owed: invoices above 0, payments and credit notes below."""

SETTLEMENTS = Facts("settlements", ("payments",), _settlements)
"""The days on which credits reached an invoice's amount (sign 1), or a reversal opened it again (sign -1).

Credits count in the order in which they became known, so a later one can't change an earlier fact; an invoice's
`settled_on` is the latest own day of the credits known by then. A reversal carries the date of what it undoes.
"""
