"""The streams of facts a ledger gives: each row with its keys and the day it could be known."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, on_invoices
from riskmodels.features.measures import KEYS, Facts, Rows

WHOLE = "decimal(18, 2)"
REDUCTIONS = ("payments", "credit_notes", "write_offs")
"""The tables of what lowers an invoice."""
_LOWERING = (("payments", "paid_on"), ("credit_notes", "issued_on"), ("write_offs", None))
"""Each with the own day of its rows; what is written off settles nothing, so it has none."""
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


def paid(t: Tables) -> Rows:
    """The payments, with their invoices' keys; `made` tells them from what was taken back."""
    rows = on_invoices(t["payments"], t)
    return rows.mutate(made=rows.amount > 0)


def reduced(t: Tables) -> Rows:
    """What each day's reductions did to an invoice, with its keys: a row for each day on which some became known.

    `amount` is the change of what is owed, `count` that of the number of open invoices, `excess` what went beyond the
    invoice's amount; `payments` there were and `part_payments` left it open. `turn` is 1 where credits reach the amount
    and -1 where they fall below it again, `credited_on` the latest own day of the credits until then.
    """
    import ibis

    r = _so_far(t)
    left, left_before = r.face - r.amount_so_far, r.face - r.amount_so_far + r.amount
    r = r.mutate(
        open=left > 0,
        was_open=left_before > 0,
        settled=r.credited_so_far >= r.face,
        was_settled=r.credited_so_far - r.credited >= r.face,
        change=_exactly(ibis.greatest(left, 0) - ibis.greatest(left_before, 0)),
    )
    return r.select(
        "invoice", *KEYS, "currency", "known_on", "due_on", "face", "payments", "credited_on",
        amount=r.change,
        count=(r.open.cast("int8") - r.was_open.cast("int8")).cast("int8"),
        opens=r.open & ~r.was_open,
        excess=_exactly(r.amount + r.change),
        part_payments=r.open.ifelse(r.payments, 0).cast("int64"),
        turn=(r.settled.cast("int8") - r.was_settled.cast("int8")).cast("int8"),
    )  # fmt: skip


def _so_far(t: Tables) -> Rows:
    """Each day's reductions of an invoice, and all of them until then; `credited` is without what was written off."""
    import ibis

    rows = ibis.union(*(_lowering(t, *which) for which in _LOWERING))
    daily = rows.group_by("invoice", "known_on").agg(
        **{c: rows[c].arbitrary() for c in (*KEYS, "currency", "due_on", "face")},
        amount=rows.amount.sum().cast(WHOLE),
        credited=rows.credited.sum().cast(WHOLE),
        event_on=rows.event_on.max(),
        payments=rows.is_payment.sum().cast("int64"),
    )
    so_far = ibis.window(group_by="invoice", order_by="known_on", preceding=(None, 0))
    return daily.mutate(
        amount_so_far=daily.amount.sum().over(so_far).cast(WHOLE),
        credited_so_far=daily.credited.sum().over(so_far).cast(WHOLE),
        credited_on=daily.event_on.max().over(so_far),
    )


def _lowering(t: Tables, table: str, event: str | None) -> Rows:
    import ibis

    rows = paid(t) if table == "payments" else on_invoices(t[table], t)
    return rows.select(
        "invoice", *KEYS, "currency", "due_on", "face", "known_on", "amount",
        credited=rows.amount if event else _nothing(),
        event_on=rows[event] if event else ibis.null("date"),
        is_payment=rows.made if table == "payments" else ibis.literal(False),
    )  # fmt: skip


def _invoices(t: Tables) -> Rows:
    return t["invoices"]


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

    none = ibis.literal(0, "int64")
    issued = t["invoices"].mutate(
        count=_one(), opens=ibis.literal(True), excess=_nothing(), payments=none, part_payments=none
    )
    return issued.select(OWED).union(reduced(t).select(OWED))


def _settlements(t: Tables) -> Rows:
    rows = reduced(t)
    its = (*KEYS, "currency", "known_on", "due_on", "face")
    reached, undone = rows.filter(rows.turn == 1), rows.filter(rows.turn == -1)
    before = reached.select("invoice", reached_on="known_on", was_on="credited_on")
    dated = undone.join(before, ("invoice", undone.known_on > before.reached_on))
    dated = dated.group_by("invoice", "known_on").agg(settled_on=dated.was_on.max())
    return reached.select(*its, settled_on="credited_on", sign=_one()).union(
        undone.join(dated, ("invoice", "known_on")).select(*its, "settled_on", sign=(-_one()).cast("int8"))
    )


def _exactly(amount: Rows) -> Rows:
    """An amount brought back from the many digits that a difference may take, which are slow to go on with."""
    return amount.cast("decimal(38, 2)").cast(WHOLE)


def _one() -> Rows:
    import ibis

    return ibis.literal(1, "int8")


def _nothing() -> Rows:
    import ibis

    return ibis.literal(0).cast(WHOLE)


INVOICES = Facts("invoices", ("invoices",), _invoices)
PAYMENTS = Facts("payments", ("payments",), paid)
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
