"""The tables of a book, declared once: columns, units, keys, allowed values, row rules, when each cell is revealed."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = {
    "text": "VARCHAR",
    "date": "DATE",
    "money": "DECIMAL(18,2)",
    "rate": "DOUBLE",
    "count": "INTEGER",
    "flag": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """One column: its kind (a key of KINDS), meaning, unit, whether it must be filled, and what reveals it.

    `revealed_by` names the date column of the same table from which the cell may be seen, by default `known_on`. An
    empty cell of a `sparse` column says "none", not "unknown".
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    revealed_by: str = "known_on"
    sparse: bool = False
    refers_to: str = ""

    @property
    def sql_type(self) -> str:
        """The DuckDB type the column is stored in."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Rule:
    """A named row rule: a SQL condition that each row must meet (unknown counts as met), and what it expects."""

    name: str
    holds: str
    expected: str


@dataclass(frozen=True)
class Table:
    """One table: its key, its columns, the event date that `known_on` defaults to, and its row rules."""

    name: str
    meaning: str
    key: tuple[str, ...]
    event: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()

    def __getitem__(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be filled."""
        return tuple(c.name for c in self.columns if c.required)


def _known_on() -> Column:
    return Column(
        "known_on",
        "date",
        "day the row could be known; the event's own date when the source has none",
        required=True,
    )


def _currency() -> Column:
    return Column("currency", "text", "ISO 4217 code of the row's amounts", required=True)


_POSITIVE_AMOUNT = Rule("amount_positive", "amount > 0", "amount above 0")

PARTIES = Table(
    "parties",
    "clients and debtors, one row per version of what is known of them",
    key=("party_id", "valid_from"),
    event="valid_from",
    columns=(
        Column("party_id", "text", "client or debtor", required=True),
        Column("valid_from", "date", "first day of this version", required=True),
        Column("name", "text", "registered name"),
        Column("roles", "text", "what the party does in this book", allowed=("client", "debtor", "both")),
        Column("industry", "text", "industry of the party"),
        Column("region", "text", "region or country of the party"),
        Column("size", "text", "size class", allowed=("micro", "small", "medium", "large")),
        Column("ownership", "text", "kind of owner", allowed=("state", "private", "foreign", "listed")),
        Column("founded_on", "date", "day of foundation"),
        Column("registered_capital", "money", "registered capital", unit="book currency"),
        Column("group_id", "text", "group of related parties", sparse=True),
        Column("anchor_id", "text", "core enterprise of the party's chain", sparse=True),
        Column("tier", "count", "tier in the chain, 1 supplies the core enterprise directly", sparse=True),
        Column("external_rating", "text", "rating by an agency", sparse=True),
        _known_on(),
    ),
)

FACILITIES = Table(
    "facilities",
    "factoring contracts, one row per version of their terms",
    key=("facility_id", "valid_from"),
    event="valid_from",
    columns=(
        Column("facility_id", "text", "contract", required=True),
        Column("valid_from", "date", "first day of this version", required=True),
        Column("client_id", "text", "client of the contract", required=True, refers_to="parties"),
        Column("debtor_id", "text", "debtor; none for whole turnover", sparse=True, refers_to="parties"),
        Column("product", "text", "product name"),
        Column("recourse", "flag", "the client buys back what the debtor doesn't pay"),
        Column("disclosed", "flag", "the debtor was told of the assignment"),
        Column("reverse", "flag", "started by the core enterprise"),
        _currency(),
        Column("limit", "money", "credit limit", unit="currency"),
        Column("debtor_limit", "money", "limit for each debtor", unit="currency", sparse=True),
        Column("advance_rate", "rate", "advance as a share of the receivable", unit="fraction"),
        Column("annual_rate", "rate", "price of funds, per year of 360 days", unit="fraction"),
        Column("fee_rate", "rate", "fee as a share of the receivable", unit="fraction"),
        Column("opened_on", "date", "first day of the contract"),
        Column("closes_on", "date", "last day of the contract", sparse=True),
        _known_on(),
    ),
    rules=(
        Rule("advance_rate_is_a_share", "advance_rate BETWEEN 0 AND 1", "advance_rate between 0 and 1"),
        Rule("limit_not_negative", '"limit" >= 0', "limit of 0 or more"),
    ),
)

INVOICES = Table(
    "invoices",
    "receivables",
    key=("invoice_id",),
    event="issued_on",
    columns=(
        Column("invoice_id", "text", "receivable", required=True),
        Column("facility_id", "text", "contract it is financed under", refers_to="facilities"),
        Column("client_id", "text", "seller of the receivable", required=True, refers_to="parties"),
        Column("debtor_id", "text", "payer of the receivable", required=True, refers_to="parties"),
        Column("number", "text", "number on the paper"),
        _currency(),
        Column("amount", "money", "face amount", unit="currency", required=True),
        Column("issued_on", "date", "day of issue", required=True),
        Column("due_on", "date", "original due date", required=True),
        Column("assigned_on", "date", "day of assignment to the factor", revealed_by="assigned_on"),
        Column("confirmed_on", "date", "day the debtor acknowledged it", revealed_by="confirmed_on"),
        Column(
            "confirmed_amount",
            "money",
            "amount the debtor acknowledged",
            unit="currency",
            revealed_by="confirmed_on",
        ),
        _known_on(),
    ),
    rules=(
        _POSITIVE_AMOUNT,
        Rule("due_not_before_issue", "due_on >= issued_on", "due_on on or after issued_on"),
        Rule("confirmed_not_before_issue", "confirmed_on >= issued_on", "confirmed_on on or after issued_on"),
        Rule("known_not_before_issue", "known_on >= issued_on", "known_on on or after issued_on"),
    ),
)

PAYMENTS = Table(
    "payments",
    "cash received against invoices; a correction is a signed reversal",
    key=("payment_id",),
    event="paid_on",
    columns=(
        Column("payment_id", "text", "payment", required=True),
        Column("invoice_id", "text", "invoice it pays", required=True, refers_to="invoices"),
        Column("paid_on", "date", "day the cash arrived", required=True),
        Column("amount", "money", "amount, negative for a reversal", unit="invoice currency", required=True),
        Column("payer", "text", "who paid", allowed=("debtor", "client", "guarantor", "insurer", "third party")),
        Column("received_account", "text", "where it was paid to", allowed=("factor", "supervised", "client")),
        Column(
            "instrument",
            "text",
            "what it was paid with",
            allowed=("cash", "bank acceptance", "commercial acceptance", "e-voucher"),
        ),
        Column("reverses", "text", "payment that this one takes back", sparse=True, refers_to="payments"),
        _known_on(),
    ),
    rules=(
        Rule(
            "amount_signed",
            "amount > 0 OR (amount < 0 AND reverses IS NOT NULL)",
            "amount above 0, or below 0 with the payment it reverses",
        ),
        Rule("known_not_before_payment", "known_on >= paid_on", "known_on on or after paid_on"),
    ),
)

CREDIT_NOTES = Table(
    "credit_notes",
    "non-cash reductions of invoices",
    key=("note_id",),
    event="issued_on",
    columns=(
        Column("note_id", "text", "credit note", required=True),
        Column("invoice_id", "text", "invoice it reduces", required=True, refers_to="invoices"),
        Column("issued_on", "date", "day of the note", required=True),
        Column("amount", "money", "reduction", unit="invoice currency", required=True),
        Column("reason", "text", "why", allowed=("return", "discount", "price", "quality", "set-off", "error")),
        _known_on(),
    ),
    rules=(
        _POSITIVE_AMOUNT,
        Rule("known_not_before_note", "known_on >= issued_on", "known_on on or after issued_on"),
    ),
)

DISPUTES = Table(
    "disputes",
    "invoices that the debtor contests",
    key=("dispute_id",),
    event="opened_on",
    columns=(
        Column("dispute_id", "text", "dispute", required=True),
        Column("invoice_id", "text", "invoice contested", required=True, refers_to="invoices"),
        Column("opened_on", "date", "day it was raised", required=True),
        Column("closed_on", "date", "day it was settled", revealed_by="closed_on"),
        Column("reason", "text", "why", allowed=("quality", "quantity", "price", "delivery", "other")),
        Column(
            "outcome",
            "text",
            "in whose favour it was settled",
            allowed=("debtor", "client", "shared"),
            revealed_by="closed_on",
        ),
        _known_on(),
    ),
    rules=(
        Rule("closed_not_before_opened", "closed_on >= opened_on", "closed_on on or after opened_on"),
        Rule("known_not_before_opened", "known_on >= opened_on", "known_on on or after opened_on"),
    ),
)

ADVANCES = Table(
    "advances",
    "money paid out against invoices",
    key=("advance_id",),
    event="advanced_on",
    columns=(
        Column("advance_id", "text", "advance", required=True),
        Column("invoice_id", "text", "invoice it is paid against", required=True, refers_to="invoices"),
        Column("advanced_on", "date", "day of the pay-out", required=True),
        Column("amount", "money", "amount paid out", unit="invoice currency", required=True),
        Column("due_on", "date", "day it is to be repaid", required=True),
        Column("grace_until", "date", "last day of grace", sparse=True),
        _known_on(),
    ),
    rules=(
        _POSITIVE_AMOUNT,
        Rule("due_not_before_advance", "due_on >= advanced_on", "due_on on or after advanced_on"),
        Rule("known_not_before_advance", "known_on >= advanced_on", "known_on on or after advanced_on"),
    ),
)

TABLES: dict[str, Table] = {
    t.name: t for t in (PARTIES, FACILITIES, INVOICES, PAYMENTS, CREDIT_NOTES, DISPUTES, ADVANCES)
}
REQUIRED_TABLES = ("invoices",)
