"""Referential integrity: rows that name an invoice, a party or a contract the book doesn't have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from riskmodels.book.book import Book
from riskmodels.book.quality.probe import Fault, detail, examples, fault, key, one, rows
from riskmodels.book.quality.query import QueryCheck
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark


@dataclass(frozen=True)
class Reference:
    """A column whose values must be in the `home` of another table; `where` narrows the rows that refer to it."""

    table: str
    column: str
    target: str
    home: str
    where: str = "TRUE"

    @property
    def label(self) -> str:
        """The column and what it points to."""
        return f"{self.table}.{self.column} -> {self.target}"

    @property
    def hanging(self) -> str:
        """SQL of the rows whose target is missing."""
        return (
            f"SELECT t.* FROM {self.table} t ANTI JOIN {self.target} x ON x.{self.home} = t.{self.column} "
            f"WHERE t.{self.column} IS NOT NULL AND {self.where}"
        )


SOFT = (
    Reference("amendments", "target_id", "invoices", "invoice_id", "t.target = 'invoice'"),
    Reference("amendments", "target_id", "advances", "advance_id", "t.target = 'advance'"),
)
"""References whose target depends on the row."""


facility_clients = QueryCheck(
    "book.integrity.facility_clients",
    mark("Invoices under the contract of another client"),
    "invoices.facility_id",
    (("invoices", "facility_id"), ("facilities",)),
    mark("the book doesn't say which contract an invoice is under"),
    "SELECT invoice_id, facility_id FROM invoices SEMI JOIN facilities USING (facility_id) "
    "ANTI JOIN facilities USING (facility_id, client_id)",
    "SELECT count(*) FROM invoices",
    rate=False,
)


def references(book: Book) -> Iterator[Reference]:
    """Every reference whose two ends the book has."""
    declared = [
        Reference(t, c.name, c.refers_to, book.schema[c.refers_to].key[0])
        for t in book.tables
        for c in book.schema[t].columns
        if c.refers_to in book.tables
    ]
    for ref in (*declared, *SOFT):
        if book.has(ref.table, ref.column) and book.has(ref.target):
            yield ref


def orphans(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many payments, notes, disputes, advances and other rows have no invoice."""
    name, title = "book.integrity.orphans", _("Rows without their invoice")
    found = [r for r in references(book) if r.target == "invoices"]
    if not found:
        return not_run(name, title, _("the book has invoices only"), limits=limits[name])
    return _counted(book, limits, name, title, found)


def other_references(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """How many rows name a contract, a receipt, an advance or a payment that the book doesn't have."""
    name, title = "book.integrity.references", _("Rows without their contract, receipt, advance or payment")
    found = [r for r in references(book) if r.target not in ("invoices", "parties")]
    if not found:
        reason = _("no two tables of the book are tied by contract, receipt, advance or payment")
        return not_run(name, title, reason, limits=limits[name])
    return _counted(book, limits, name, title, found)


def unknown_parties(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The share of the parties named anywhere in the book that have no record."""
    name, title = "book.integrity.unknown_parties", _("Parties without a record")
    if not book.has("parties"):
        return not_run(name, title, _("the book has no table of parties"), limits=limits[name])
    found = [r for r in references(book) if r.target == "parties"]
    named = " UNION ".join(f"SELECT {r.column} AS id FROM {r.table} WHERE {r.column} IS NOT NULL" for r in found)
    n = int(one(book, f"SELECT count(*) FROM ({named})"))
    unknown = one(book, f"SELECT count(*) FROM ({named}) t ANTI JOIN parties x ON x.party_id = t.id")
    parts = [_parties(book, r) for r in found] if unknown else []
    return CheckResult(name, title, unknown / n if n else 0.0, limits[name], "share", n, detail=detail(parts))


def _counted(book: Book, limits: Mapping[str, Limits], name: str, title: str, found: list[Reference]) -> CheckResult:
    faults = [_hanging(book, r) for r in found]
    n = sum(rows(book, t) for t in dict.fromkeys(r.table for r in found))
    return CheckResult(name, title, sum(f.rows for f in faults), limits[name], "count", n, detail=detail(faults))


def _hanging(book: Book, ref: Reference) -> Fault:
    n = int(one(book, f"SELECT count(*) FROM ({ref.hanging})"))
    named = f"SELECT {key(book, ref.table)}, {ref.column} AS named FROM ({ref.hanging})"
    return Fault(ref.label, n, examples(book, named) if n else ())


def _parties(book: Book, ref: Reference) -> Fault:
    return fault(book, ref.label, f"SELECT DISTINCT {ref.column} FROM ({ref.hanging})")
