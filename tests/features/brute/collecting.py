"""What had to be done to be paid, what was promised and what was given up, the obvious way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from brute.view import NAN, Found, Row, View, amount, own_day, share, windows, within

RUNGS = ("reminder", "phone", "letter", "visit", "legal")


def collecting(v: View, mine: set[str], subject: str) -> Found:
    """Actions, promises and write-offs."""
    actions = [a for a in v.actions if a.invoice_id in mine]
    for w, tag in windows(90, 365, None):
        acted = [a for a in actions if within(v.age(a), w)]
        yield f"action_count_{tag}", len(acted)
        for rung in RUNGS:
            yield f"{rung}_count_{tag}", sum(a.rung == rung for a in acted)
        yield f"highest_rung_{tag}", max((RUNGS.index(a.rung) + 1 for a in acted if a.rung), default=NAN)
        yield f"actions_per_late_{tag}", share(len(acted), _fell_past_due(v, mine, w))
        cost = sum(a.cost or 0 for a in acted if a.invoice_id in v.main)
        yield f"collection_cost_share_{tag}", share(cost, _paid_late(v, mine, w))
        answers = [a for a in actions if a.outcome and within(v.age(a, a.outcome_on), w)]
        yield f"no_answer_share_{tag}", share(sum(a.outcome == "no answer" for a in answers), len(answers))
        yield f"refusal_share_{tag}", share(sum(a.outcome == "refusal" for a in answers), len(answers))
        yield f"answer_days_{tag}", share(sum((a.outcome_on - a.acted_on).days for a in answers), len(answers))
        lost = [r for r in v.write_offs if r.invoice_id in mine & v.main and within(v.age(r), w)]
        yield f"written_off_{tag}", amount(lost) / 100
        sold = amount(v.invoices[i] for i in mine & v.main if within(v.age(v.invoices[i]), w))
        yield f"write_off_share_{tag}", share(amount(lost), sold)
    yield "days_since_action_now", min((v.age(a) for a in actions), default=NAN)
    yield "days_since_write_off_now", min((v.age(r) for r in v.write_offs if r.invoice_id in mine), default=NAN)
    balance = sum(v.owed(i) for i in mine & v.main)
    in_court = {a.invoice_id for a in actions if a.rung == "legal"} & v.main
    yield "court_balance_share_now", share(sum(map(v.owed, in_court)), balance)
    promises = list(_promises(v, actions))
    for w, tag in windows(365, None):
        due = [p for p in promises if within((v.day - p[1]).days, w)]
        yield f"promise_count_{tag}", len(due)
        yield f"kept_promise_share_{tag}", share(sum(how == "kept" for _, _, how in due), len(due))
        yield f"broken_promise_share_{tag}", share(sum(how == "broken" for _, _, how in due), len(due))
    let_down = {invoice for invoice, _, how in promises if how == "broken"} & v.main
    yield "broken_promise_balance_share_now", share(sum(map(v.owed, let_down)), balance)


def _promises(v: View, actions: list[Row]) -> Iterator[tuple[str, date, str]]:
    """Promises that came due: the invoice, the day of judgement, and how it was kept."""
    for a in actions:
        if a.outcome != "promise" or not a.promised_on:
            continue
        invoice = v.invoices[a.invoice_id]
        judged = max(a.known_on, a.outcome_on, a.promised_on, invoice.known_on)
        reduced = [r for r in (*v.payments, *v.notes) if r.invoice_id == a.invoice_id and r.known_on <= judged]
        in_time = [r for r in reduced if own_day(r) <= a.promised_on]
        since = [r for r in in_time if hasattr(r, "payment_id") and r.paid_on >= a.acted_on]
        if judged <= v.day:
            kept = amount(in_time) >= invoice.amount
            yield a.invoice_id, judged, "kept" if kept else "in part" if amount(since) > 0 else "broken"


def _fell_past_due(v: View, mine: set[str], window: int | None) -> int:
    """Invoices open at the close of their due date, and those that were opened after it."""
    found = 0
    for c in v.changes:
        due = c.invoice.due_on
        if c.invoice.invoice_id in mine and (c.known <= due or c.count > 0):
            day = max(c.known, due + timedelta(days=1))
            found += c.count * within((v.day - day).days, window)
    return found


def _paid_late(v: View, mine: set[str], window: int | None) -> int:
    late = [p for p in v.payments if p.invoice_id in mine & v.main and p.paid_on > v.invoices[p.invoice_id].due_on]
    return amount(p for p in late if within(v.age(p), window))
