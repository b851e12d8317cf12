"""Every feature of the catalogue the obvious way: loops over the rows of a book that was cut at the date."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from riskmodels.book.book import Book
from riskmodels.features.reference import concentration

NAN = math.nan
Row = Any


class View:
    """What one subject's rows were at the close of a date, each with the day it was known."""

    def __init__(self, book: Book, day: date, currency: str) -> None:
        cut = book.as_of(day)
        self.day = day
        self.invoices = {r.invoice_id: r for r in _rows(cut, "invoices")}
        self.main = {i for i, r in self.invoices.items() if r.currency == currency}
        self.payments = _rows(cut, "payments")
        self.notes = _rows(cut, "credit_notes")
        self.disputes = _rows(cut, "disputes")
        self.settlements = self._settlements()

    def known(self, row: Row) -> date:
        """The day a row and its invoice were both known."""
        return max(row.known_on, self.invoices[row.invoice_id].known_on).date()

    def age(self, row: Row) -> int:
        """Days since a row was known."""
        return (self.day - self.known(row)).days

    def _settlements(self) -> list[tuple[str, date, int, int]]:
        """invoice_id, day known, sign, days late, in the order in which reductions became known."""
        reductions = defaultdict(lambda: defaultdict(list))
        for row in self.payments:
            reductions[row.invoice_id][row.known_on].append((row.paid_on, cents(row.amount)))
        for row in self.notes:
            reductions[row.invoice_id][row.known_on].append((row.issued_on, cents(row.amount)))
        return [event for i in sorted(reductions) for event in self._turns(self.invoices.get(i), reductions[i])]

    def _turns(self, invoice: Row, reductions: dict[Any, Any]) -> Iterable[tuple[str, date, int, int]]:
        paid, newest, settled, late = 0, None, False, 0
        for known in sorted(reductions) if invoice is not None else []:
            paid += sum(a for _, a in reductions[known])
            newest = max([d for d, _ in reductions[known]] + ([newest] if newest is not None else []))
            if (paid >= cents(invoice.amount)) != settled:
                settled = not settled
                late = (newest - invoice.due_on).days if settled else late
                yield invoice.invoice_id, max(known, invoice.known_on).date(), 1 if settled else -1, late


def features(view: View, mine: set[str], other: str) -> dict[str, float]:
    """Every feature over the invoices of one subject; `other` is the counterpart's id column."""
    parts = (_payment, _ageing, _dilution, _rhythm)
    found = {name: value for part in parts for name, value in part(view, mine)}
    return found | dict(_concentration(view, mine, other))


def _payment(v: View, mine: set[str]) -> Iterable[tuple[str, float]]:
    every = [(s, (v.day - known).days, late, i) for i, known, s, late in v.settlements if i in mine]
    payments = [(p, v.age(p)) for p in v.payments if p.invoice_id in mine]
    shares: dict[str, dict[int | None, float]] = {"late": {}, "mean": {}}
    for w, tag in ((90, "90d"), (180, "180d"), (365, "365d"), (None, "ever")):
        turns = [(s, late, i) for s, age, late, i in every if within(age, w)]
        n = sum(s for s, _, _ in turns)
        shares["late"][w] = share(sum(s for s, late, _ in turns if late > 0), n)
        shares["mean"][w] = share(sum(s * late for s, late, _ in turns), n)
        face = [(s * cents(v.invoices[i].amount), late) for s, late, i in turns if i in v.main]
        whole = sum(f for f, _ in face)
        yield f"settled_count_{tag}", n
        yield f"late_share_{tag}", shares["late"][w]
        yield f"mean_days_late_{tag}", shares["mean"][w]
        yield f"late_amount_share_{tag}", share(sum(f for f, late in face if late > 0), whole)
        yield f"late_over_30_share_{tag}", share(sum(s for s, late, _ in turns if late > 30), n)
        yield f"late_over_60_share_{tag}", share(sum(s for s, late, _ in turns if late > 60), n)
        yield f"weighted_days_late_{tag}", share(sum(f * late for f, late in face), whole)
        yield f"worst_days_late_{tag}", max((late for s, late, _ in turns if s > 0), default=NAN)
    made = [(-age, late) for s, age, late, _ in every if s > 0]
    yield "last_days_late_now", max(made)[1] if made else NAN
    yield "late_share_change_90d", shares["late"][90] - shares["late"][365]
    yield "mean_days_late_change_90d", shares["mean"][90] - shares["mean"][365]
    for w in (30, 90, 365):
        yield f"paid_amount_{w}d", amount(p for p, age in payments if within(age, w) and p.invoice_id in v.main) / 100
    year = [p for p, age in payments if age < 365 and p.invoice_id in v.main]
    others = amount(p for p in year if isinstance(p.payer, str) and p.payer != "debtor")
    yield "paid_by_others_share_365d", share(others, amount(year))


def _ageing(v: View, mine: set[str]) -> Iterable[tuple[str, float]]:
    credited: dict[str, int] = defaultdict(int)
    for row in [*v.payments, *v.notes]:
        credited[row.invoice_id] += cents(row.amount)
    invoices = [v.invoices[i] for i in mine]
    owed = {i.invoice_id: cents(i.amount) - credited[i.invoice_id] for i in invoices}
    dpd = {i.invoice_id: (v.day - i.due_on.date()).days for i in invoices}
    main = mine & v.main
    balance = sum(owed[i] for i in main)
    yield "balance_now", balance / 100
    for k, tag in ((0, ""), (30, "_30"), (60, "_60"), (90, "_90")):
        late = sum(owed[i] for i in main if dpd[i] > k)
        yield f"past_due{tag}_now", late / 100
        yield f"past_due{tag}_share_now", share(late, balance)
    opened = [i for i in mine if owed[i] > 0]
    yield "open_count_now", len(opened)
    yield "past_due_count_now", sum(dpd[i] > 0 for i in opened)
    yield "past_due_count_share_now", share(sum(dpd[i] > 0 for i in opened), len(opened))
    for w in (90, 365):
        yield (
            f"balance_to_invoiced_{w}d",
            share(balance, amount(i for i in invoices if v.age(i) < w and i.invoice_id in main)),
        )


def _dilution(v: View, mine: set[str]) -> Iterable[tuple[str, float]]:
    notes = [n for n in v.notes if n.invoice_id in mine]
    invoices = [v.invoices[i] for i in mine]
    disputes = [d for d in v.disputes if d.invoice_id in mine]
    decided = [(d, (v.day - max(v.known(d), d.closed_on.date())).days) for d in disputes if isinstance(d.outcome, str)]
    for w, tag in ((90, "90d"), (365, "365d"), (None, "ever")):
        credited = amount(n for n in notes if within(v.age(n), w) and n.invoice_id in v.main)
        issued = [i for i in invoices if within(v.age(i), w)]
        raised = sum(within(v.age(d), w) for d in disputes)
        seen = [d for d, age in decided if within(age, w)]
        yield f"dilution_{tag}", share(credited, amount(i for i in issued if i.invoice_id in v.main))
        yield f"credit_note_count_{tag}", sum(within(v.age(n), w) for n in notes)
        yield f"dispute_count_{tag}", raised
        yield f"disputed_share_{tag}", share(raised, len(issued))
        yield f"lost_dispute_share_{tag}", share(sum(d.outcome == "debtor" for d in seen), len(seen))
    yield "open_dispute_count_now", sum(d.closed_on != d.closed_on for d in disputes)


def _rhythm(v: View, mine: set[str]) -> Iterable[tuple[str, float]]:
    aged = [(v.invoices[i], v.age(v.invoices[i])) for i in mine]
    counts, sums = {}, {}
    for w, tag in ((30, "30d"), (90, "90d"), (180, "180d"), (365, "365d"), (None, "ever")):
        rows = [r for r, age in aged if within(age, w)]
        priced = [r for r in rows if r.invoice_id in v.main]
        counts[w], sums[w] = len(rows), amount(priced)
        yield f"invoice_count_{tag}", len(rows)
        yield f"invoiced_{tag}", sums[w] / 100
        yield f"mean_invoice_{tag}", share(sums[w], len(priced)) / 100
        yield f"largest_invoice_{tag}", max((cents(r.amount) for r in priced), default=NAN) / 100
    priced = [(-age, cents(r.amount)) for r, age in aged if r.invoice_id in v.main]
    yield "last_invoice_now", max(priced)[1] / 100 if priced else NAN
    yield "invoice_pace_90d", share(counts[90] * 365, counts[365] * 90)
    yield "invoiced_pace_90d", share(sums[90] * 365, sums[365] * 90)
    yield "days_since_invoice_now", min((age for _, age in aged), default=NAN)
    yield "days_since_payment_now", min((v.age(p) for p in v.payments if p.invoice_id in mine), default=NAN)
    yield "relation_age_now", max((age for _, age in aged), default=NAN)


def _concentration(v: View, mine: set[str], other: str) -> Iterable[tuple[str, float]]:
    for w, tag in ((90, "90d"), (365, "365d"), (None, "ever")):
        balance: dict[str, int] = defaultdict(int)
        for i in mine & v.main:
            if within(v.age(v.invoices[i]), w):
                balance[getattr(v.invoices[i], other)] += cents(v.invoices[i].amount)
        hhi, top, n = concentration(list(balance.values()))
        yield f"concentration_{tag}", hhi
        yield f"top_partner_share_{tag}", top
        yield f"partner_count_{tag}", n


def _rows(book: Book, table: str) -> list[Row]:
    return list(book.frame(table).itertuples()) if table in book.tables else []


def cents(value: float) -> int:
    """An amount in minor units."""
    return round(value * 100)


def amount(rows: Iterable[Row]) -> int:
    """The sum of amounts in minor units."""
    return sum(cents(r.amount) for r in rows)


def within(age: int, window: int | None) -> bool:
    """Whether a fact of that age lies in the window."""
    return window is None or age < window


def share(part: float, whole: float) -> float:
    """part / whole, NaN when the whole is 0 or less."""
    return part / whole if whole > 0 else NAN


def yesterday(day: Any) -> date:
    """The date before a timestamp."""
    return day.date() - timedelta(days=1)
