"""Invoices and what happens to them: cash, credit, dispute, collection, write-off."""

from riskmodels.book.schema.contract import (
    POSITIVE_AMOUNT,
    Column,
    Rule,
    Table,
    currency,
    known_on,
    not_before,
    not_negative,
)

PAYERS = ("debtor", "client", "guarantor", "insurer", "third party")
_SEEN = "verified_on"


def _day(name: str, meaning: str) -> Column:
    return Column(name, "date", meaning, revealed_by=name)


def _invoice(meaning: str) -> Column:
    return Column("invoice_id", "text", meaning, required=True, refers_to="invoices")


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
        Column("contract_no", "text", "number of the trade contract"),
        Column("tax_invoice_code", "text", "code of the tax invoice"),
        Column(
            "tax_state",
            "text",
            "last known state of the tax invoice; valid until something else is revealed",
            allowed=("valid", "voided", "red-flushed"),
            revealed_by="tax_state_on",
        ),
        _day("tax_state_on", "day from which that state holds"),
        currency(),
        Column("amount", "money", "face amount", unit="currency", required=True),
        Column("issued_on", "date", "day of issue", required=True),
        _day("accepted_on", "day the debtor accepted the goods"),
        Column("due_on", "date", "original due date", required=True),
        _day("assigned_on", "day of assignment to the factor"),
        _day("notified_on", "day the debtor was told of the assignment"),
        _day("confirmed_on", "day the debtor acknowledged it"),
        Column(
            "confirmed_amount",
            "money",
            "amount the debtor acknowledged",
            unit="currency",
            revealed_by="confirmed_on",
        ),
        _day("registered_on", "day the assignment was registered"),
        _day("verified_on", "day the documents were seen"),
        Column("non_assignable", "flag", "the trade contract forbids assignment", revealed_by=_SEEN),
        Column("has_contract", "flag", "the trade contract was seen", revealed_by=_SEEN),
        Column("has_tax_invoice", "flag", "the tax invoice was seen", revealed_by=_SEEN),
        Column("has_logistics", "flag", "a proof of delivery was seen", revealed_by=_SEEN),
        Column("has_acceptance", "flag", "a proof of acceptance was seen", revealed_by=_SEEN),
        known_on(),
    ),
    rules=(
        POSITIVE_AMOUNT,
        not_before("due_on", "issued_on", "due_not_before_issue"),
        not_before("confirmed_on", "issued_on", "confirmed_not_before_issue"),
        not_before("known_on", "issued_on", "known_not_before_issue"),
        Rule("confirmed_amount_positive", "confirmed_amount > 0", "confirmed_amount above 0"),
    ),
)

PAYMENTS = Table(
    "payments",
    "cash received against invoices; a correction is a signed reversal",
    key=("payment_id",),
    event="paid_on",
    columns=(
        Column("payment_id", "text", "payment", required=True),
        _invoice("invoice it pays"),
        Column("paid_on", "date", "day the cash arrived", required=True),
        Column("amount", "money", "amount, negative for a reversal", unit="invoice currency", required=True),
        Column("payer", "text", "who paid", allowed=PAYERS),
        Column("received_account", "text", "where it was paid to", allowed=("factor", "supervised", "client")),
        Column(
            "instrument",
            "text",
            "what it was paid with",
            allowed=("cash", "bank acceptance", "commercial acceptance", "e-voucher"),
        ),
        Column("matures_on", "date", "day a bill is paid; until then it isn't cash", sparse=True),
        Column("receipt_id", "text", "receipt it was matched from", sparse=True, refers_to="receipts"),
        Column("reverses", "text", "payment that this one takes back", sparse=True, refers_to="payments"),
        known_on(),
    ),
    rules=(
        Rule(
            "amount_signed",
            "amount > 0 OR (amount < 0 AND reverses IS NOT NULL)",
            "amount above 0, or below 0 with the payment it reverses",
        ),
        not_before("matures_on", "paid_on"),
        not_before("known_on", "paid_on", "known_not_before_payment"),
    ),
)

RECEIPTS = Table(
    "receipts",
    "money received on the factor's accounts, matched to invoices or not yet",
    key=("receipt_id",),
    event="received_on",
    columns=(
        Column("receipt_id", "text", "receipt", required=True),
        Column("account", "text", "account it came in on"),
        Column("payer_name", "text", "payer as the bank names it"),
        Column("received_on", "date", "day it came in", required=True),
        currency(),
        Column("amount", "money", "amount received", unit="currency", required=True),
        Column("reference", "text", "what the payer wrote", sparse=True),
        Column(
            "allocated_amount",
            "money",
            "part matched to invoices; the rest is unallocated cash",
            unit="currency",
            revealed_by="allocated_on",
        ),
        _day("allocated_on", "day of the last matching"),
        known_on(),
    ),
    rules=(
        POSITIVE_AMOUNT,
        not_negative("allocated_amount"),
        Rule("allocated_within_amount", "allocated_amount <= amount", "allocated_amount within amount"),
        not_before("allocated_on", "received_on"),
        not_before("known_on", "received_on"),
    ),
)

CREDIT_NOTES = Table(
    "credit_notes",
    "non-cash reductions of invoices",
    key=("note_id",),
    event="issued_on",
    columns=(
        Column("note_id", "text", "credit note", required=True),
        _invoice("invoice it reduces"),
        Column("issued_on", "date", "day of the note", required=True),
        Column("amount", "money", "reduction", unit="invoice currency", required=True),
        Column("reason", "text", "why", allowed=("return", "discount", "price", "quality", "set-off", "error")),
        known_on(),
    ),
    rules=(POSITIVE_AMOUNT, not_before("known_on", "issued_on", "known_not_before_note")),
)

DISPUTES = Table(
    "disputes",
    "invoices that the debtor contests",
    key=("dispute_id",),
    event="opened_on",
    columns=(
        Column("dispute_id", "text", "dispute", required=True),
        _invoice("invoice contested"),
        Column("opened_on", "date", "day it was raised", required=True),
        _day("closed_on", "day it was settled"),
        Column("reason", "text", "why", allowed=("quality", "quantity", "price", "delivery", "other")),
        Column(
            "outcome",
            "text",
            "in whose favour it was settled",
            allowed=("debtor", "client", "shared"),
            revealed_by="closed_on",
        ),
        known_on(),
    ),
    rules=(
        not_before("closed_on", "opened_on", "closed_not_before_opened"),
        not_before("known_on", "opened_on", "known_not_before_opened"),
    ),
)

ACTIONS = Table(
    "actions",
    "what was done to collect an invoice",
    key=("action_id",),
    event="acted_on",
    columns=(
        Column("action_id", "text", "action", required=True),
        _invoice("invoice to collect"),
        Column("acted_on", "date", "day of the action", required=True),
        Column("rung", "text", "step of the ladder", allowed=("reminder", "phone", "letter", "visit", "legal")),
        Column("cost", "money", "cost of the action", unit="invoice currency"),
        _day("outcome_on", "day the outcome was known"),
        Column(
            "outcome",
            "text",
            "what came of it",
            allowed=("promise", "refusal", "dispute", "no answer", "payment"),
            revealed_by="outcome_on",
        ),
        Column("promised_on", "date", "day by which payment was promised", sparse=True, revealed_by="outcome_on"),
        known_on(),
    ),
    rules=(
        not_negative("cost"),
        not_before("outcome_on", "acted_on"),
        not_before("promised_on", "acted_on"),
        not_before("known_on", "acted_on"),
    ),
)

WRITE_OFFS = Table(
    "write_offs",
    "what was given up of invoices",
    key=("invoice_id", "written_off_on"),
    event="written_off_on",
    columns=(
        _invoice("invoice written off"),
        Column("written_off_on", "date", "day of the write-off", required=True),
        Column("amount", "money", "amount written off", unit="invoice currency", required=True),
        known_on(),
    ),
    rules=(POSITIVE_AMOUNT, not_before("known_on", "written_off_on")),
)
