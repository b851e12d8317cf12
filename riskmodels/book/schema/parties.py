"""Who is traded with, and what is known of them from outside the ledger."""

from riskmodels.book.schema.contract import Column, Rule, Table, currency, known_on, not_before, not_negative, share

EVENT_KINDS = (
    "litigation",
    "enforcement",
    "bankruptcy rumour",
    "bankruptcy",
    "negative news",
    "recall",
    "management change",
    "tax",
    "equity freeze",
    "safety",
    "policy",
)


def _amount(name: str, meaning: str) -> Column:
    return Column(name, "money", meaning, unit="currency")


PARTIES = Table(
    "parties",
    "clients, debtors and others, one row per version of what is known of them",
    key=("party_id", "valid_from"),
    event="valid_from",
    columns=(
        Column("party_id", "text", "client, debtor or other party", required=True),
        Column("valid_from", "date", "first day of this version", required=True),
        Column("name", "text", "registered name"),
        Column(
            "roles",
            "text",
            "what the party does in this book",
            allowed=("client", "debtor", "both", "guarantor", "other"),
        ),
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
        Column("founder_score", "rate", "soft information: background of the founder, larger is better", unit="points"),
        Column(
            "shareholder_concentration", "rate", "soft information: share of the largest shareholder", unit="fraction"
        ),
        Column(
            "industry_position",
            "text",
            "soft information: place in its industry",
            allowed=("leading", "middle", "lagging"),
        ),
        known_on(),
    ),
    rules=(share("shareholder_concentration"),),
)

FINANCIALS = Table(
    "financials",
    "financial statements; a restated one is a further row with its own day of publication",
    key=("party_id", "period_end", "published_on"),
    event="published_on",
    columns=(
        Column("party_id", "text", "whose statement", required=True, refers_to="parties"),
        Column("period_end", "date", "last day of the period", required=True),
        Column("published_on", "date", "day of publication", required=True),
        Column("months", "count", "months that revenue, cost, profit and cash flow cover", unit="months"),
        Column("audited", "flag", "an auditor signed it without reservation"),
        currency(),
        _amount("revenue", "sales of the period"),
        _amount("cost", "cost of sales"),
        _amount("ebit", "earnings before interest and taxes"),
        _amount("net_income", "net income"),
        _amount("total_assets", "total assets"),
        _amount("current_assets", "current assets"),
        _amount("inventory", "inventory"),
        _amount("receivables", "trade receivables"),
        _amount("cash", "cash and equivalents"),
        _amount("total_liabilities", "total liabilities"),
        _amount("current_liabilities", "current liabilities"),
        _amount("equity", "equity, negative when liabilities exceed assets"),
        _amount("operating_cash_flow", "cash flow from operations"),
        _amount("interest_expense", "interest paid or accrued"),
        known_on(),
    ),
    rules=(
        not_before("published_on", "period_end"),
        not_before("known_on", "published_on"),
        not_negative("total_assets", "current_assets", "inventory", "receivables", "cash", "total_liabilities"),
        Rule(
            "balance_sheet_balances",
            "abs( total_assets - total_liabilities - equity ) <= greatest(1, 0.001 * total_assets )",
            "total_assets equal to total_liabilities and equity, to a thousandth",
        ),
        Rule("current_within_total", "current_assets <= total_assets", "current_assets within total_assets"),
    ),
)

BANK_FLOWS = Table(
    "bank_flows",
    "what went through a party's bank accounts, by month",
    key=("party_id", "month"),
    event="month",
    columns=(
        Column("party_id", "text", "whose accounts", required=True, refers_to="parties"),
        Column("month", "date", "last day of the month", required=True),
        currency(),
        _amount("inflow", "credited in the month"),
        _amount("outflow", "debited in the month"),
        _amount("minimum_balance", "lowest balance in the month, negative when overdrawn"),
        known_on(),
    ),
    rules=(not_negative("inflow", "outflow"), not_before("known_on", "month")),
)

PARTY_EVENTS = Table(
    "party_events",
    "events that concern a party: courts, press, authorities",
    key=("event_id",),
    event="occurred_on",
    columns=(
        Column("event_id", "text", "event", required=True),
        Column("party_id", "text", "whom it concerns", required=True, refers_to="parties"),
        Column("kind", "text", "what happened", required=True, allowed=EVENT_KINDS),
        Column("severity", "count", "1 slight to 5 grave"),
        Column("occurred_on", "date", "day it happened", required=True),
        Column("source", "text", "where it was read"),
        known_on(),
    ),
    rules=(
        Rule("severity_of_five", "severity BETWEEN 1 AND 5", "severity between 1 and 5"),
        not_before("known_on", "occurred_on"),
    ),
)

MARKET = Table(
    "market",
    "series of the market: industry sentiment, prices, policy rates, exchange rates; a revision is a further row",
    key=("series", "on", "known_on"),
    event="on",
    columns=(
        Column("series", "text", "name of the series; an exchange rate is called FX:USD/CNY", required=True),
        Column("on", "date", "day the value is of", required=True),
        Column("value", "rate", "value; of FX:USD/CNY the CNY that 1 USD costs", unit="of the series", required=True),
        known_on(),
    ),
)

RATINGS = Table(
    "ratings",
    "grades given to parties, by the model and finally",
    key=("party_id", "rated_on"),
    event="rated_on",
    columns=(
        Column("party_id", "text", "who was rated", required=True, refers_to="parties"),
        Column("rated_on", "date", "day of the rating", required=True),
        Column("model_id", "text", "model that proposed the grade"),
        Column("model_grade", "text", "grade the model proposed"),
        Column("final_grade", "text", "grade that was decided"),
        Column("override_reason", "text", "why the two differ", sparse=True),
        known_on(),
    ),
    rules=(not_before("known_on", "rated_on"),),
)

KYC = Table(
    "kyc",
    "checks of who a party is",
    key=("party_id", "item", "checked_on"),
    event="checked_on",
    columns=(
        Column("party_id", "text", "who was checked", required=True, refers_to="parties"),
        Column("item", "text", "what was checked", required=True, allowed=("identity", "beneficial owner", "licence")),
        Column("checked_on", "date", "day of the check", required=True),
        Column("expires_on", "date", "day from which it must be done again"),
        Column("result", "text", "what was found", allowed=("passed", "failed", "incomplete")),
        known_on(),
    ),
    rules=(not_before("expires_on", "checked_on"), not_before("known_on", "checked_on")),
)
