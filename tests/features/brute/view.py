"""A book cut at a date, as plain rows: what was known of each invoice, and what had become of it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from riskmodels.book.book import Book
from riskmodels.book.schema import TABLES

NAN = math.nan
Row = Any
Found = Iterable[tuple[str, float]]
READ = ("invoices", "payments", "credit_notes", "disputes", "write_offs", "actions", "parties")


class Rows:
    """All rows of a book: money in cents, dates as dates, empty cells None."""

    def __init__(self, book: Book, currency: str = "CNY") -> None:
        self.currency = currency
        self.tables = {name: list(_rows(book, name)) for name in READ}
        self.views: dict[date, View] = {}

    def at(self, day: date) -> View:
        """What was known at the close of a date."""
        if day not in self.views:
            self.views[day] = View(self, day)
        return self.views[day]


class View:
    """What was known at the close of a date: later rows gone, cells revealed later blank."""

    def __init__(self, rows: Rows, day: date) -> None:
        self.rows, self.day = rows, day
        known = {name: list(cut(name, found, day)) for name, found in rows.tables.items()}
        self.invoices = {r.invoice_id: r for r in known.pop("invoices")}
        self.parties = known.pop("parties")
        self.payments, self.notes, self.disputes, self.write_offs, self.actions = (
            [r for r in known[name] if r.invoice_id in self.invoices] for name in READ[1:6]
        )
        self.main = {i for i, r in self.invoices.items() if r.currency == rows.currency}

    def back(self, days: int) -> View:
        """What was known some days before."""
        return self.rows.at(self.day - timedelta(days=days))

    def age(self, row: Row, *revealed: date) -> int:
        """Days since a row, its invoice and what it reveals were all known."""
        known = max(row.known_on, self.invoices[row.invoice_id].known_on, *revealed)
        return (self.day - known).days

    def owed(self, invoice: str) -> int:
        """What is left of an invoice, at least nothing."""
        return max(self.invoices[invoice].amount - sum(r.amount for r in self.reductions[invoice]), 0)

    def dpd(self, invoice: str) -> int:
        """Days past due, negative before."""
        return (self.day - self.invoices[invoice].due_on).days

    @cached_property
    def reductions(self) -> dict[str, list[Row]]:
        """By invoice: whatever lowered it."""
        found = defaultdict(list)
        for row in (*self.payments, *self.notes, *self.write_offs):
            found[row.invoice_id].append(row)
        return found

    def chain(self, invoice: Row) -> str | None:
        """The chain of an invoice when it became known: that its debtor heads, else belongs to, else its client's."""
        day = invoice.known_on
        if invoice.debtor_id in self._heads(day):
            return str(invoice.debtor_id)
        return self._anchor(invoice.debtor_id, day) or self._anchor(invoice.client_id, day)

    def _anchor(self, party: str, day: date) -> str | None:
        """The core enterprise that a party's newest version in force names."""
        versions = [p for p in self.parties if p.party_id == party and max(p.known_on, p.valid_from) <= day]
        return max(versions, key=lambda p: p.valid_from).anchor_id if versions else None

    def _heads(self, day: date) -> set[str]:
        """The core enterprises that some version named when it came into force, by a day."""
        days = {max(p.known_on, p.valid_from) for p in self.parties}
        return {self._anchor(p.party_id, d) for p in self.parties for d in days if d <= day} - {None}

    @cached_property
    def visits(self) -> dict[tuple[str, str], list[date]]:
        """By client and debtor: the days on which an invoice became known."""
        found = defaultdict(set)
        for i in self.invoices.values():
            found[i.client_id, i.debtor_id].add(i.known_on)
        return {pair: sorted(days) for pair, days in found.items()}

    @cached_property
    def settlements(self) -> list[Row]:
        """When credits reached an invoice's amount (sign 1) and when a reversal took that back (-1)."""
        return [e for i in self.invoices.values() for e in self._turns(i)]

    def _turns(self, invoice: Row) -> Iterator[Row]:
        credited = defaultdict(list)
        for row in self.reductions[invoice.invoice_id]:
            if not hasattr(row, "written_off_on"):
                credited[max(row.known_on, invoice.known_on)].append(row)
        paid, newest, settled, late = 0, date.min, False, 0
        for known in sorted(credited):
            paid += sum(r.amount for r in credited[known])
            newest = max(newest, *(own_day(r) for r in credited[known]))
            if (paid >= invoice.amount) != settled:
                settled = not settled
                late = (newest - invoice.due_on).days if settled else late
                age = (self.day - known).days
                yield SimpleNamespace(invoice=invoice, age=age, sign=1 if settled else -1, late=late)

    @cached_property
    def changes(self) -> list[Row]:
        """How many invoices each invoice, and each day's reductions of it, opened or closed."""
        return [e for i in self.invoices.values() for e in self._changes(i)]

    def _changes(self, invoice: Row) -> Iterator[Row]:
        yield SimpleNamespace(invoice=invoice, known=invoice.known_on, count=1, payments=0, parts=0)
        days = defaultdict(list)
        for row in self.reductions[invoice.invoice_id]:
            days[max(row.known_on, invoice.known_on)].append(row)
        left = invoice.amount
        for known in sorted(days):
            was_open = left > 0
            left -= sum(r.amount for r in days[known])
            paid = sum(hasattr(r, "payment_id") and r.amount > 0 for r in days[known])
            yield SimpleNamespace(
                invoice=invoice,
                known=known,
                count=(left > 0) - was_open,
                payments=paid,
                parts=paid if left > 0 else 0,
            )


def cut(table: str, rows: list[Row], day: date) -> Iterator[Row]:
    """The rows known by a date, cells revealed after it blank."""
    late = [c for c in TABLES[table].columns if c.revealed_by != "known_on"]
    for row in rows:
        if row.known_on <= day:
            hidden = {c.name: None for c in late if _after(getattr(row, c.revealed_by), day)}
            yield SimpleNamespace(**(vars(row) | hidden)) if hidden else row


def _after(revealed: date | None, day: date) -> bool:
    return revealed is None or revealed > day


def own_day(row: Row) -> date:
    """The own day of a payment or credit note."""
    return row.paid_on if hasattr(row, "payment_id") else row.issued_on


def within(age: int, window: int | None) -> bool:
    """Whether a fact of that age lies in the window."""
    return age >= 0 and (window is None or age < window)


def share(part: float, whole: float) -> float:
    """part / whole, NaN when the whole is 0 or less."""
    return part / whole if whole > 0 else NAN


def amount(rows: Iterable[Row]) -> int:
    """The sum of the rows' amounts."""
    return sum(r.amount for r in rows)


def windows(*days: int | None) -> Iterator[tuple[int | None, str]]:
    """Windows with how they are written in a name."""
    return ((w, "ever" if w is None else f"{w}d") for w in days)


def deviation(values: list[tuple[int, int]]) -> float:
    """Sample standard deviation of values with weights 1 or -1."""
    n, x, xx = (sum(w * v**k for w, v in values) for k in (0, 1, 2))
    squared = share(n * xx - x * x, n * (n - 1) if n > 1 else 0)
    return math.sqrt(squared) if squared >= 0 else NAN


def _rows(book: Book, table: str) -> Iterator[Row]:
    if table not in book.tables:
        return
    kinds = {c.name: c.kind for c in TABLES[table].columns}
    for record in book.frame(table).to_dict("records"):
        yield SimpleNamespace(**{name: _plain(value, kinds[name]) for name, value in record.items()})


def _plain(value: Any, kind: str) -> Any:
    if value is None or value != value:
        return None
    if kind == "date":
        return value.date()
    return round(value * 100) if kind == "money" else value
