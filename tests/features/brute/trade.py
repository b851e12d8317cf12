"""How much is invoiced, how often, and with whom, the obvious way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from brute.view import NAN, Found, View, amount, deviation, share, windows, within

from riskmodels.features.reference import concentration

SILENT = timedelta(days=180)
OTHER = {"debtor": "client_id", "client": "debtor_id", "chain": "client_id"}


def rhythm(v: View, mine: set[str], subject: str) -> Found:
    """How much and how often is invoiced."""
    aged = [(v.invoices[i], v.age(v.invoices[i])) for i in mine]
    counts, sums = {}, {}
    for w, tag in windows(30, 90, 180, 365, None):
        rows = [r for r, age in aged if within(age, w)]
        priced = [r for r in rows if r.invoice_id in v.main]
        counts[w], sums[w] = len(rows), amount(priced)
        yield f"invoice_count_{tag}", len(rows)
        yield f"invoiced_{tag}", sums[w] / 100
        yield f"mean_invoice_{tag}", share(sums[w], len(priced)) / 100
        yield f"largest_invoice_{tag}", max((r.amount for r in priced), default=NAN) / 100
        yield f"quarter_end_share_{tag}", share(amount(r for r in priced if _at_quarter_end(r.issued_on)), sums[w])
    priced = [(-age, r.amount) for r, age in aged if r.invoice_id in v.main]
    yield "last_invoice_now", max(priced)[1] / 100 if priced else NAN
    yield "invoice_pace_90d", share(counts[90] * 365, counts[365] * 90)
    yield "invoiced_pace_90d", share(sums[90] * 365, sums[365] * 90)
    yield "days_since_invoice_now", min((age for _, age in aged), default=NAN)
    paid = [p for p in v.payments if p.invoice_id in mine and p.amount > 0]
    yield "days_since_payment_now", min(map(v.age, paid), default=NAN)
    yield "relation_age_now", max((age for _, age in aged), default=NAN)
    yield from _steps(sorted(age for _, age in aged if within(age, 365)))
    months = defaultdict(set)
    for r, _ in aged:
        months[r.known_on.year, r.known_on.month].add(r.known_on)
    yield "active_months_365d", sum(within((v.day - min(days)).days, 365) for days in months.values())
    gaps = _gaps(v, mine)
    yield "mean_gap_365d", share(sum(gaps), len(gaps))
    yield "gap_deviation_365d", deviation([(1, gap) for gap in gaps])


def partners(v: View, mine: set[str], subject: str) -> Found:
    """On how few counterparties it hangs, and which come and go."""
    if subject not in OTHER:
        return
    other = OTHER[subject]
    for w, tag in windows(90, 365, None):
        hhi, top, count = concentration(_invoiced(v, mine, other, w))
        yield f"concentration_{tag}", hhi
        yield f"top_partner_share_{tag}", top
        yield f"partner_count_{tag}", count
    now, before = (concentration(_invoiced(view, mine, other, 365))[0] for view in (v, v.back(365)))
    yield "concentration_year_change_365d", now - before
    hhi, top, count = concentration(_by(v, mine, other, v.owed))
    yield "owing_concentration_now", hhi
    yield "owing_top_share_now", top
    yield "owing_partner_count_now", count
    yield "late_partner_count_now", concentration(_by(v, mine, other, lambda i: v.owed(i) * (v.dpd(i) > 0)))[2]
    yield from _comings(v, mine, other)


def _comings(v: View, mine: set[str], other: str) -> Found:
    """Counterparties that are active, new or lost: each with the days of its invoices."""
    days = defaultdict(set)
    for i in mine:
        days[getattr(v.invoices[i], other)].add(v.invoices[i].known_on)
    visits = [sorted(d) for d in days.values()]
    yield "active_partner_count_now", _active(visits, v.day)
    new, lost, came = {}, {}, 0
    for w in (90, 365):
        first = [within((v.day - seen[0]).days, w) for seen in visits]
        again = [within((v.day - b).days, w) for seen in visits for a, b in pairwise(seen) if b - a > SILENT]
        ends = [a + SILENT for seen in visits for a, b in pairwise([*seen, date.max]) if b - a > SILENT]
        new[w], came, lost[w] = sum(first), sum(first) + sum(again), sum(within((v.day - d).days, w) for d in ends)
        yield f"new_partner_count_{w}d", new[w]
        yield f"lost_partner_count_{w}d", lost[w]
    there = _active(visits, v.day - timedelta(days=365)) + came
    yield "lost_partner_share_365d", share(lost[365], there)
    yield "new_partner_share_365d", share(new[365], there)


def _active(visits: list[list[date]], on: date) -> int:
    """Counterparties with an invoice in the last 180 days."""
    return sum(any(on - SILENT < d <= on for d in seen) for seen in visits)


def _invoiced(v: View, mine: set[str], other: str, window: int | None) -> list[int]:
    return _by(v, mine, other, lambda i: _amount_in(v, i, window))


def _by(v: View, mine: set[str], other: str, value: Callable[[str], int]) -> list[int]:
    found: dict[str, int] = defaultdict(int)
    for i in mine & v.main:
        found[getattr(v.invoices[i], other)] += value(i)
    return list(found.values())


def _amount_in(v: View, invoice: str, window: int | None) -> int:
    row = v.invoices[invoice]
    return row.amount if within(v.age(row), window) else 0


def _steps(ages: list[int]) -> Found:
    """From one invoice of the year to the next."""
    span = ages[-1] - ages[0] if ages else NAN
    yield "days_between_invoices_365d", share(span, len(ages) - 1)
    yield "silence_365d", share(ages[0] * (len(ages) - 1), span) if ages else NAN


def _gaps(v: View, mine: set[str]) -> list[int]:
    """Days from each pair's day with an invoice to the next, for the days in the year on which one of mine came."""
    mine_on = {(r.client_id, r.debtor_id, r.known_on) for r in map(v.invoices.get, mine)}
    return [
        (b - a).days
        for pair, days in v.visits.items()
        for a, b in pairwise(days)
        if (*pair, b) in mine_on and within((v.day - b).days, 365)
    ]


def _at_quarter_end(day: date) -> bool:
    later = day + timedelta(days=5)
    return (day.month - 1) // 3 != (later.month - 1) // 3
