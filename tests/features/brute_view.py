"""A book as it was at the close of a date, in plain rows: which versions held when, who hung on whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from riskmodels.book.book import Book

Row = Any
Fact = tuple[date, int]
"""The day from which something counts, and its value."""


class ContractView:
    """The rows of a book cut at a date, and the facts about contracts, papers and chains that they tell."""

    def __init__(self, book: Book, day: date, currency: str) -> None:
        cut = book.as_of(day)
        self.day, self.currency = day, currency
        self.table = defaultdict(list, {t: list(_rows(cut, t)) for t in cut.tables})
        self.invoices = {i.invoice_id: i for i in self.table["invoices"]}
        self.contracts = list(spells(self.table["facilities"], "facility_id", "closes_on"))
        self.guarantees = list(spells(self.table["guarantees"], "guarantee_id", "valid_to"))
        self.parties = list(spells(self.table["parties"], "party_id", None))
        self.advances = {a.advance_id: a for a in self.table["advances"] if a.invoice_id in self.invoices}
        self.funds = list(self._funds())
        self.heads = self._heads()
        self.beside = {i.invoice_id: flags for i, flags in self._beside()}
        self.chain = {i.invoice_id: self.chain_of(i, i.known_on) for i in self.invoices.values()}

    def main(self, row: Row) -> bool:
        """Whether a row's amounts are in the currency that is summed."""
        return row.currency == self.currency

    def known(self, row: Row) -> date:
        """The day a row and its invoice were both known."""
        return max(row.known_on, self.invoices[row.invoice_id].known_on)

    def standing(self, party: str, day: date) -> Row | None:
        """The version of a party that held at a day."""
        return next((p for p, start, end in self.parties if p.party_id == party and holds(start, end, day)), None)

    def chain_of(self, invoice: Row, day: date) -> str | None:
        """The chain of an invoice as it was known at a day: its debtor's own, its debtor's, else its client's."""
        if self.heads.get(invoice.debtor_id, date.max) <= day:
            return str(invoice.debtor_id)
        found = (self.standing(p, day) for p in (invoice.debtor_id, invoice.client_id))
        return next((p.anchor_id for p in found if p and p.anchor_id), None)

    def chain_of_party(self, party: str) -> str | None:
        """The chain a party heads or hangs on, if it is known of itself."""
        version = self.standing(party, self.day)
        return (party if party in self.heads else version.anchor_id) if version else None

    def _heads(self) -> dict[str, date]:
        """Each core enterprise with the first day on which a party hung on it."""
        first: dict[str, date] = {}
        for p, start, _end in self.parties:
            if p.anchor_id:
                first[p.anchor_id] = min(start, first.get(p.anchor_id, start))
        return first

    def _funds(self) -> Iterator[tuple[Row, Row, date, int]]:
        """The advance, the row that moved it, the day from which that counts, and the signed amount."""
        for a in self.advances.values():
            yield a, a, self.known(a), cents(a.amount)
        for r in self.table["repayments"]:
            if r.advance_id in self.advances:
                a = self.advances[r.advance_id]
                yield a, r, max(r.known_on, a.known_on, self.invoices[a.invoice_id].known_on), -cents(r.principal)

    def _beside(self) -> Iterator[tuple[Row, Row]]:
        """What each invoice shares with those that came before it."""
        before: list[Row] = []
        for i in sorted(self.invoices.values(), key=lambda i: (i.known_on, i.issued_on, i.invoice_id)):
            mine = [b for b in before if b.client_id == i.client_id]
            alike = [b for b in mine if (b.debtor_id, b.currency, b.amount) == (i.debtor_id, i.currency, i.amount)]
            contract = [b for b in mine if i.contract_no and b.contract_no == i.contract_no]
            yield (
                i,
                SimpleNamespace(
                    same_amount=any((i.known_on - b.known_on).days <= 30 for b in alike),
                    same_number=any(i.number and b.number == i.number for b in mine),
                    same_tax=any(i.tax_invoice_code and b.tax_invoice_code == i.tax_invoice_code for b in before),
                    new_contract=bool(i.contract_no) and not contract,
                    others_contract=bool(contract) and contract[0].debtor_id != i.debtor_id,
                    numbered=[b for b in mine if digits(b) is not None],
                ),
            )
            before.append(i)


def spells(rows: list[Row], key: str, last_day: str | None) -> Iterator[tuple[Row, date, date | None]]:
    """Each version with its first day in force and the first day on which it no longer was (None: it still is)."""
    versions = defaultdict(list)
    for row in rows:
        versions[getattr(row, key)].append((max(row.known_on, row.valid_from), row))
    for mine in versions.values():
        turns: list[tuple[date, Row]] = []
        for day in sorted({d for d, _ in mine}):
            newest = max((r for d, r in mine if d <= day), key=lambda r: r.valid_from)
            if not turns or turns[-1][1] is not newest:
                turns.append((day, newest))
        for k, (start, row) in enumerate(turns):
            ends = [turns[k + 1][0]] if k + 1 < len(turns) else []
            if last_day and getattr(row, last_day):
                ends.append(max(start, getattr(row, last_day) + timedelta(days=1)))
            yield row, start, min(ends, default=None)


def holds(start: date, end: date | None, day: date) -> bool:
    """Whether a spell covers a day."""
    return start <= day and (end is None or end > day)


def digits(invoice: Row) -> int | None:
    """The number that the invoice's number ends in."""
    text = invoice.number or ""
    tail = text[len(text.rstrip("0123456789")) :]
    return int(tail) if tail else None


def flow(facts: Iterable[Fact], day: date, window: int | None) -> int:
    """The sum over the facts of a window that ends at a day."""
    return sum(v for d, v in facts if d <= day and (window is None or (day - d).days < window))


def cents(value: Any) -> int:
    """An amount in minor units; 0 if there is none."""
    return int(value * 100) if value is not None else 0


def _rows(book: Book, table: str) -> Iterator[Row]:
    found = book.connection.execute(f"SELECT * FROM {table}")
    names = [d[0] for d in found.description]
    for cells in found.fetchall():
        yield SimpleNamespace(**dict(zip(names, cells)))
