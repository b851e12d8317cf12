"""What reduces invoices other than cash, and what is contested, the obvious way."""

from __future__ import annotations

from brute.view import Found, View, amount, share, windows, within

REASONS = {
    "return": "return",
    "discount": "discount",
    "price": "price",
    "quality": "quality",
    "set-off": "setoff",
    "error": "error",
}


def dilution(v: View, mine: set[str], subject: str) -> Found:
    """Credit notes: why, when, and beyond what."""
    for w, tag in windows(90, 365, None):
        notes = [n for n in v.notes if n.invoice_id in mine and within(v.age(n), w)]
        priced = [n for n in notes if n.invoice_id in v.main]
        issued = [v.invoices[i] for i in mine if within(v.age(v.invoices[i]), w)]
        sold = amount(i for i in issued if i.invoice_id in v.main)
        yield f"dilution_{tag}", share(amount(priced), sold)
        yield f"credit_note_count_{tag}", len(notes)
        yield f"credit_note_share_{tag}", share(len(notes), len(issued))
        for reason, name in REASONS.items():
            yield f"{name}_dilution_{tag}", share(amount(n for n in priced if n.reason == reason), sold)
        late = [n for n in priced if (n.issued_on - v.invoices[n.invoice_id].issued_on).days > 60]
        after = [n for n in priced if 0 < (n.issued_on - v.invoices[n.invoice_id].due_on).days <= 15]
        yield f"late_note_share_{tag}", share(amount(late), amount(priced))
        yield f"after_due_note_share_{tag}", share(amount(after), amount(priced))
    yield "dilution_change_90d", _dilution(v, mine, 90) - _dilution(v, mine, 365)
    yield "dilution_year_change_365d", _dilution(v, mine, 365) - _dilution(v.back(365), mine, 365)
    beyond = (amount(v.reductions[i]) - v.invoices[i].amount for i in mine & v.main)
    yield "excess_credit_now", sum(max(b, 0) for b in beyond) / 100


def disputes(v: View, mine: set[str], subject: str) -> Found:
    """What the debtor contests."""
    every = [d for d in v.disputes if d.invoice_id in mine]
    ended = [(d, v.age(d, d.closed_on)) for d in every if d.closed_on]
    for w, tag in windows(90, 365, None):
        raised = [d for d in every if within(v.age(d), w)]
        issued = [v.invoices[i] for i in mine if within(v.age(v.invoices[i]), w)]
        yield f"dispute_count_{tag}", len(raised)
        yield f"disputed_share_{tag}", share(len(raised), len(issued))
        for reason in ("quality", "quantity", "price", "delivery"):
            yield f"{reason}_dispute_share_{tag}", share(sum(d.reason == reason for d in raised), len(issued))
        contested = amount(v.invoices[d.invoice_id] for d in raised if d.invoice_id in v.main)
        yield f"disputed_amount_share_{tag}", share(contested, amount(i for i in issued if i.invoice_id in v.main))
        decided = [d for d, age in ended if d.outcome and within(age, w)]
        yield f"lost_dispute_share_{tag}", share(sum(d.outcome == "debtor" for d in decided), len(decided))
        days = [(d.closed_on - d.opened_on).days for d, age in ended if within(age, w)]
        yield f"dispute_days_{tag}", share(sum(days), len(days))
    yield "disputed_share_year_change_365d", _disputed(v, mine) - _disputed(v.back(365), mine)
    contested = {d.invoice_id for d in every if not d.closed_on}
    yield "open_dispute_count_now", sum(not d.closed_on for d in every)
    yield "disputed_balance_now", sum(v.owed(i) for i in contested & v.main) / 100
    balance = sum(v.owed(i) for i in mine & v.main)
    yield "disputed_balance_share_now", share(sum(v.owed(i) for i in contested & v.main), balance)


def _dilution(v: View, mine: set[str], window: int) -> float:
    credited = amount(n for n in v.notes if n.invoice_id in mine & v.main and within(v.age(n), window))
    return share(credited, amount(v.invoices[i] for i in mine & v.main if within(v.age(v.invoices[i]), window)))


def _disputed(v: View, mine: set[str]) -> float:
    raised = sum(within(v.age(d), 365) for d in v.disputes if d.invoice_id in mine)
    return share(raised, sum(within(v.age(v.invoices[i]), 365) for i in mine & set(v.invoices)))
