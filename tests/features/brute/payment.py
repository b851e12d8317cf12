"""Payment behaviour and means of payment, the obvious way."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from brute.view import NAN, Found, Row, View, amount, deviation, share, windows, within

POINTS = ((-30, 100), (-20, 90), (0, 80), (15, 70), (22, 60), (30, 50), (60, 40), (90, 30), (120, 20))


def payment(v: View, mine: set[str], subject: str) -> Found:
    """How many invoices were settled, and how late."""
    for w, tag in windows(90, 180, 365, 730, None):
        turns = _turns(v, mine, w)
        yield f"settled_count_{tag}", sum(t.sign for t in turns)
        yield f"late_share_{tag}", _share_of(turns, lambda t: t.late > 0)
        seen = max(sum(t.sign for t in turns), 0)
        were_late = min(max(sum(t.sign for t in turns if t.late > 0), 0), seen)
        yield f"late_share_estimate_{tag}", share(were_late + 2, seen + 4)
        yield f"late_over_30_share_{tag}", _share_of(turns, lambda t: t.late > 30)
        yield f"late_over_60_share_{tag}", _share_of(turns, lambda t: t.late > 60)
        yield f"late_over_90_share_{tag}", _share_of(turns, lambda t: t.late > 90)
        yield f"early_share_{tag}", _share_of(turns, lambda t: t.late < 0)
        early = [t for t in turns if t.late < 0]
        yield f"mean_days_early_{tag}", share(sum(-t.sign * t.late for t in early), sum(t.sign for t in early))
        yield f"mean_days_late_{tag}", _mean_late(v, mine, w)
        held = sum(t.sign * min(max(t.late, -15), 15) for t in turns)
        yield f"typical_days_late_{tag}", share(held, seen + 4)
        yield f"days_late_deviation_{tag}", deviation([(t.sign, t.late) for t in turns])
        yield f"worst_days_late_{tag}", max((t.late for t in turns if t.sign > 0), default=NAN)
        priced = [(t.sign * t.invoice.amount, t.late) for t in turns if t.invoice.invoice_id in v.main]
        whole = sum(f for f, _ in priced)
        yield f"late_amount_share_{tag}", share(sum(f for f, late in priced if late > 0), whole)
        yield f"weighted_days_late_{tag}", share(sum(f * late for f, late in priced), whole)
    made = [(-t.age, t.late) for t in _turns(v, mine, None) if t.sign > 0]
    yield "last_days_late_now", max(made)[1] if made else NAN
    yield "late_share_change_90d", _late_share(v, mine, 90) - _late_share(v, mine, 365)
    yield "late_share_year_change_90d", _late_share(v, mine, 90) - _late_share(v.back(365), mine, 90)
    yield "mean_days_late_change_90d", _mean_late(v, mine, 90) - _mean_late(v, mine, 365)
    yield "mean_days_late_quarter_change_90d", _mean_late(v, mine, 90) - _mean_late(v.back(90), mine, 90)
    yield "mean_days_late_year_change_90d", _mean_late(v, mine, 90) - _mean_late(v.back(365), mine, 90)


def paydex(v: View, mine: set[str], subject: str) -> Found:
    """The index of 24 months."""
    yield "payment_index_730d", _index(v, mine, 0, subject)
    yield "paydex_730d", _index(v, mine, 2, subject)
    yield "paydex_year_change_730d", _index(v, mine, 2, subject) - _index(v.back(365), mine, 2, subject)


def means(v: View, mine: set[str], subject: str) -> Found:
    """Who paid how, and into which account."""
    for w, tag in windows(30, 90, 365):
        paid = [p for p in v.payments if p.invoice_id in mine and within(v.age(p), w)]
        cash = amount(p for p in paid if p.invoice_id in v.main)
        given = [p for p in paid if p.amount > 0]
        yield f"paid_amount_{tag}", cash / 100
        yield f"paid_by_others_share_{tag}", _part(v, paid, _by_others)
        yield f"paid_by_others_count_share_{tag}", share(sum(map(_by_others, given)), len(given))
        yield f"client_account_share_{tag}", _part(v, paid, _to_client)
        yield f"client_account_count_share_{tag}", share(sum(map(_to_client, given)), len(given))
        yield f"indirect_share_{tag}", _part(v, paid, _indirect)
        yield f"bill_share_{tag}", _part(v, paid, lambda p: p.instrument not in (None, "cash"))
        yield f"commercial_bill_share_{tag}", _part(v, paid, lambda p: p.instrument == "commercial acceptance")
        yield f"bill_days_{tag}", _bill_days([p for p in paid if p.matures_on and p.invoice_id in v.main])
        back = sum(p.reverses is not None for p in paid)
        yield f"reversal_share_{tag}", share(back, len(paid) - back)
        changes = [c for c in v.changes if c.invoice.invoice_id in mine and within((v.day - c.known).days, w)]
        made = sum(c.payments for c in changes)
        yield f"part_payment_share_{tag}", share(sum(c.parts for c in changes), made)
        yield f"payments_per_settled_{tag}", share(made, sum(t.sign for t in _turns(v, mine, w)))
    shares = [_indirect_share(v, mine, w) for w in (90, 365)]
    yield "indirect_share_change_90d", shares[0] - shares[1]
    held = [p for p in v.payments if p.invoice_id in mine & v.main and p.matures_on and p.matures_on > v.day]
    owed = sum(v.owed(i) for i in mine & v.main)
    yield "unmatured_bill_share_now", share(amount(held), amount(held) + owed)


def _turns(v: View, mine: set[str], w: int | None) -> list[Row]:
    return [t for t in v.settlements if t.invoice.invoice_id in mine and within(t.age, w)]


def _share_of(turns: list[Row], keep: Callable[[Row], bool]) -> float:
    return share(sum(t.sign for t in turns if keep(t)), sum(t.sign for t in turns))


def _late_share(v: View, mine: set[str], w: int | None) -> float:
    return _share_of(_turns(v, mine, w), lambda t: t.late > 0)


def _mean_late(v: View, mine: set[str], w: int | None) -> float:
    turns = _turns(v, mine, w)
    return share(sum(t.sign * t.late for t in turns), sum(t.sign for t in turns))


def _score(late: int) -> Fraction:
    """The points of a settlement, interpolated."""
    for (low, high_points), (high, low_points) in pairwise(POINTS):
        if low <= late <= high:
            return high_points + Fraction(low_points - high_points, high - low) * (late - low)
    return Fraction(100 if late < 0 else 20)


def _index(v: View, mine: set[str], suppliers: int, subject: str) -> float:
    turns = _turns(v, mine, 730)
    by_client: dict[str, int] = {}
    for t in turns:
        by_client[t.invoice.client_id] = by_client.get(t.invoice.client_id, 0) + t.sign
    if sum(t.sign for t in turns) < 3 or sum(n > 0 for n in by_client.values()) < suppliers:
        return NAN
    priced = [(t.sign * (t.invoice.amount // 100), t.late) for t in turns if t.invoice.invoice_id in v.main]
    return share(int(84 * sum(w * _score(late) for w, late in priced)), 84 * sum(w for w, _ in priced))


def _part(v: View, paid: list[Row], keep: Callable[[Row], bool]) -> float:
    """Some payments as a share of the amount of all."""
    priced = [p for p in paid if p.invoice_id in v.main]
    return share(amount(filter(keep, priced)), amount(priced))


def _by_others(p: Row) -> bool:
    return p.payer not in (None, "debtor")


def _to_client(p: Row) -> bool:
    return p.received_account == "client"


def _indirect(p: Row) -> bool:
    return _by_others(p) or _to_client(p)


def _indirect_share(v: View, mine: set[str], w: int) -> float:
    paid = [p for p in v.payments if p.invoice_id in mine & v.main and within(v.age(p), w)]
    return share(amount(filter(_indirect, paid)), amount(paid))


def _bill_days(bills: list[Row]) -> float:
    return share(sum(p.amount * (p.matures_on - p.paid_on).days for p in bills), amount(bills))
