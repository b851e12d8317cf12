"""What was agreed: facilities, changes of what was agreed, guarantees, and what the public register says."""

from riskmodels.book.schema.contract import Column, Table, currency, known_on, not_before, not_negative, share

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
        currency(),
        Column("limit", "money", "credit limit", unit="currency"),
        Column("debtor_limit", "money", "limit for each debtor", unit="currency", sparse=True),
        Column("advance_rate", "rate", "advance as a share of the receivable", unit="fraction"),
        Column("annual_rate", "rate", "price of funds, per year of 360 days", unit="fraction"),
        Column("fee_rate", "rate", "fee as a share of the receivable", unit="fraction"),
        Column("margin_rate", "rate", "cash margin as a share of the advance", unit="fraction", sparse=True),
        Column("insured_share", "rate", "share of a loss that credit insurance bears", unit="fraction", sparse=True),
        Column("repurchase_days", "count", "days past due after which the client buys back", unit="days", sparse=True),
        Column("opened_on", "date", "first day of the contract"),
        Column("closes_on", "date", "last day of the contract", sparse=True),
        known_on(),
    ),
    rules=(
        share("advance_rate"),
        share("margin_rate"),
        share("insured_share"),
        not_negative("limit", "debtor_limit"),
        not_negative("annual_rate", "fee_rate"),
        not_before("closes_on", "opened_on"),
    ),
)

AMENDMENTS = Table(
    "amendments",
    "changes of due dates that were agreed; days past due still run from the original date",
    key=("amendment_id",),
    event="agreed_on",
    columns=(
        Column("amendment_id", "text", "amendment", required=True),
        Column("target", "text", "what is changed", required=True, allowed=("invoice", "advance")),
        Column("target_id", "text", "invoice_id or advance_id", required=True),
        Column("agreed_on", "date", "day of the agreement", required=True),
        Column("old_due", "date", "due date before", required=True),
        Column("new_due", "date", "due date after; of instalments the last", required=True),
        Column("kind", "text", "what was agreed", allowed=("extension", "instalments", "payment deferral")),
        known_on(),
    ),
    rules=(not_before("new_due", "old_due"), not_before("known_on", "agreed_on")),
)

REGISTRY_HITS = Table(
    "registry_hits",
    "registrations by others found in the public register of assignments",
    key=("hit_id",),
    event="registered_on",
    columns=(
        Column("hit_id", "text", "hit", required=True),
        Column("scope", "text", "what the registration covers", required=True, allowed=("invoice", "client")),
        Column("invoice_id", "text", "invoice covered", sparse=True, refers_to="invoices"),
        Column("client_id", "text", "client whose receivables are covered", required=True, refers_to="parties"),
        Column("registrant", "text", "who registered it"),
        Column("registered_on", "date", "day of the registration", required=True),
        Column("expires_on", "date", "day on which it lapses"),
        known_on(),
    ),
    rules=(not_before("expires_on", "registered_on"), not_before("known_on", "registered_on")),
)

GUARANTEES = Table(
    "guarantees",
    "guarantees, collateral and pledges, one row per version",
    key=("guarantee_id", "valid_from"),
    event="valid_from",
    columns=(
        Column("guarantee_id", "text", "guarantee", required=True),
        Column("valid_from", "date", "first day of this version", required=True),
        Column("valid_to", "date", "last day of it", sparse=True),
        Column("guarantor_id", "text", "who stands in", required=True, refers_to="parties"),
        Column("beneficiary_id", "text", "for whose debt", required=True, refers_to="parties"),
        Column("facility_id", "text", "contract it is limited to", sparse=True, refers_to="facilities"),
        Column("kind", "text", "what it is", allowed=("guarantee", "collateral", "pledge")),
        currency(),
        Column("cap", "money", "most that can be claimed", unit="currency", sparse=True),
        Column("rank", "count", "order of claims, 1 first"),
        known_on(),
    ),
    rules=(not_before("valid_to", "valid_from"), not_negative("cap")),
)
