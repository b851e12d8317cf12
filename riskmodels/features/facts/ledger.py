"""The streams of facts a ledger gives: each row with its keys and the day it could be known."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, on_invoices
from riskmodels.features.measures import KEYS, Facts, Rows

WHOLE = "decimal(18, 2)"
REDUCTIONS = ("payments", "credit_notes", "write_offs")
"""The tables of what lowers an invoice."""
OWED = (*KEYS, "currency", "known_on", "due_on", "amount", "count", "opens", "excess", "payments", "part_payments")


def credited(t: Tables) -> Rows:
    """What settles invoices, in cash or not: invoice_id, known_on, amount, event_on, and whether it is a payment.

    A bill counts as paid on the day it was handed over, as everywhere in the house; what hasn't matured is a measure
    of its own.
    """
    import ibis

    paid, noted = t["payments"], t["credit_notes"]
    return paid.select("invoice_id", "known_on", "amount", event_on=paid.paid_on, is_payment=paid.amount > 0).union(
        noted.select("invoice_id", "known_on", "amount", event_on=noted.issued_on, is_payment=ibis.literal(False))
    )


def reductions(t: Tables) -> Rows:
    """What lowers what is owed, given up or settled: the columns of `credited`."""
    import ibis

    lost = t["write_offs"]
    given_up = lost.select(
        "invoice_id", "known_on", "amount", event_on=lost.written_off_on, is_payment=ibis.literal(False)
    )
    return credited(t).union(given_up)


def _invoices(t: Tables) -> Rows:
    return t["invoices"]


def _payments(t: Tables) -> Rows:
    return on_invoices(t["payments"], t)


def _credit_notes(t: Tables) -> Rows:
    return on_invoices(t["credit_notes"], t).join(
        t["invoices"].select("invoice_id", billed_on=t["invoices"].issued_on), "invoice_id"
    )


def _disputes(t: Tables) -> Rows:
    return on_invoices(t["disputes"], t)


def _write_offs(t: Tables) -> Rows:
    return on_invoices(t["write_offs"], t)


def _ledger(t: Tables) -> Rows:
    import ibis

    issued = t["invoices"].mutate(
        count=_count(1), opens=ibis.literal(True), excess=_nothing(), payments=_count(0), part_payments=_count(0)
    )
    return issued.select(OWED).union(_lowered(t).select(OWED))


def _lowered(t: Tables) -> Rows:
    """What each day's reductions did to an invoice: its open amount and count, and what went beyond its amount."""
    import ibis

    facts = on_invoices(_running(reductions(t)), t)
    left, left_before = facts.face - facts.reduced, facts.face - facts.reduced + facts.amount
    facts = facts.mutate(open=left > 0, was_open=left_before > 0)
    change = (ibis.greatest(left, 0) - ibis.greatest(left_before, 0)).cast(WHOLE)
    return facts.mutate(
        amount=change,
        count=facts.open.cast("int64") - facts.was_open.cast("int64"),
        opens=facts.open & ~facts.was_open,
        excess=(facts.amount + change).cast(WHOLE),
        part_payments=facts.open.ifelse(facts.payments, 0).cast("int64"),
    )


def _settlements(t: Tables) -> Rows:
    import ibis

    so_far = ibis.window(group_by="invoice_id", order_by="known_on", preceding=(None, 0))
    running = _running(credited(t)).mutate(event_on=lambda r: r.event_on.max().over(so_far))
    facts = on_invoices(running.mutate(credited_on=running.known_on), t)
    facts = facts.mutate(
        settled=facts.reduced >= facts.face,
        before=facts.reduced - facts.amount >= facts.face,
    )
    turns = facts.filter(facts.settled != facts.before)
    in_order = ibis.window(group_by="invoice_id", order_by="credited_on")
    settled_on = turns.settled.ifelse(turns.event_on, turns.event_on.lag().over(in_order))
    sign = turns.settled.ifelse(1, -1)
    return turns.select(*KEYS, "currency", "known_on", "due_on", "face", settled_on=settled_on, sign=sign)


def _running(rows: Rows) -> Rows:
    """By each day on which a reduction became known: it, all of them until then, and its latest own day."""
    import ibis

    daily = rows.group_by("invoice_id", "known_on").agg(
        amount=lambda r: r.amount.sum().cast(WHOLE),
        event_on=lambda r: r.event_on.max(),
        payments=lambda r: r.is_payment.sum().cast("int64"),
    )
    so_far = ibis.window(group_by="invoice_id", order_by="known_on", preceding=(None, 0))
    return daily.mutate(reduced=daily.amount.sum().over(so_far).cast(WHOLE))


def _count(n: int) -> Rows:
    import ibis

    return ibis.literal(n, "int64")


def _nothing() -> Rows:
    import ibis

    return ibis.literal(0).cast(WHOLE)


INVOICES = Facts("invoices", ("invoices",), _invoices)
PAYMENTS = Facts("payments", ("payments",), _payments)
CREDIT_NOTES = Facts("credit_notes", ("credit_notes",), _credit_notes)
DISPUTES = Facts("disputes", ("disputes",), _disputes)
WRITE_OFFS = Facts("write_offs", ("write_offs",), _write_offs)

LEDGER = Facts("ledger", ("payments",), _ledger)
"""What changed open invoices: `amount` is the change of what is owed, `count` that of the number of open invoices
(`opens`: an invoice, or one that a reversal opened again).

A row for each invoice, and for each day on which payments, credit notes or write-offs of it became known: `excess` is
what they went beyond its amount, which leaves nothing owed rather than less, `payments` how many payments there were
and `part_payments` how many of them left it open.
"""

SETTLEMENTS = Facts("settlements", ("payments",), _settlements)
"""The days on which credits reached an invoice's amount (sign 1), or a reversal opened it again (sign -1).

Credits are payments and credit notes: what was written off isn't settled. They count in the order in which they became
known, so a later one can't change an earlier fact; an invoice's `settled_on` is the latest own day of the credits known
by then. A reversal carries the date of what it undoes.
"""
