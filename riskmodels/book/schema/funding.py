"""The factor's own money: what it paid out, what came back, what it borrowed, and its accounts."""

from riskmodels.book.schema.contract import POSITIVE_AMOUNT, Column, Table, currency, known_on, not_before, not_negative
from riskmodels.book.schema.receivables import PAYERS

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
        known_on(),
    ),
    rules=(
        POSITIVE_AMOUNT,
        not_before("due_on", "advanced_on", "due_not_before_advance"),
        not_before("known_on", "advanced_on", "known_not_before_advance"),
    ),
)

REPAYMENTS = Table(
    "repayments",
    "what was paid back on advances",
    key=("repayment_id",),
    event="paid_on",
    columns=(
        Column("repayment_id", "text", "repayment", required=True),
        Column("advance_id", "text", "advance it repays", required=True, refers_to="advances"),
        Column("paid_on", "date", "day of the repayment", required=True),
        Column("principal", "money", "of the amount advanced", unit="invoice currency", required=True),
        Column("interest", "money", "interest", unit="invoice currency"),
        Column("fee", "money", "fees", unit="invoice currency"),
        Column("payer", "text", "who paid", allowed=PAYERS),
        known_on(),
    ),
    rules=(not_negative("principal", "interest", "fee"), not_before("known_on", "paid_on")),
)

FUNDINGS = Table(
    "fundings",
    "the factor's own borrowing",
    key=("funding_id",),
    event="drawn_on",
    columns=(
        Column("funding_id", "text", "borrowing", required=True),
        Column("lender", "text", "who lends"),
        currency(),
        Column("amount", "money", "amount borrowed", unit="currency", required=True),
        Column("rate", "rate", "interest per year", unit="fraction"),
        Column("drawn_on", "date", "day it was drawn", required=True),
        Column("due_on", "date", "day it is to be paid back", required=True),
        known_on(),
    ),
    rules=(POSITIVE_AMOUNT, not_before("due_on", "drawn_on"), not_negative("rate")),
)

FACTOR_ACCOUNTS = Table(
    "factor_accounts",
    "the factor's accounts at month ends, as the regulator's ratios need them",
    key=("month",),
    event="month",
    columns=(
        Column("month", "date", "last day of the month", required=True),
        currency(),
        Column("risk_assets", "money", "total assets less cash, bank deposits and government bonds", unit="currency"),
        Column("net_assets", "money", "net assets", unit="currency"),
        Column("financing_balance", "money", "advances outstanding", unit="currency"),
        Column("risk_reserve", "money", "reserve for losses", unit="currency"),
        known_on(),
    ),
    rules=(not_negative("risk_assets", "financing_balance", "risk_reserve"), not_before("known_on", "month")),
)
