"""Streams of facts: what a book's tables tell, each row with whom it concerns and the day it could be known."""

from riskmodels.features.facts.bank import BANK_FLOWS, BANK_STATE, BANK_SWINGS
from riskmodels.features.facts.base import in_force, looked_up, on_invoices, on_parties
from riskmodels.features.facts.collections import ACTIONS, IN_COURT, LET_DOWN, PROMISES
from riskmodels.features.facts.events import EVENTS
from riskmodels.features.facts.facilities import (
    CONTRACT_CHANGES,
    CONTRACTS,
    DEBTOR_LIMITS,
    GUARANTEES,
    GUARANTEES_GIVEN,
    UTILISATION,
)
from riskmodels.features.facts.funds import ADVANCES, AMENDMENTS, FUNDS, REPAYMENTS
from riskmodels.features.facts.ledger import (
    CREDIT_NOTES,
    DISPUTES,
    INVOICES,
    LEDGER,
    PAYMENTS,
    SETTLEMENTS,
    WRITE_OFFS,
    paid,
    reduced,
)
from riskmodels.features.facts.marked import DISPUTED
from riskmodels.features.facts.market import EXCHANGE, INPUTS, POLICY_RATE, SENTIMENT
from riskmodels.features.facts.members import BELONGS, HEADS, MEMBERS
from riskmodels.features.facts.norms import HISTORY, PEERS
from riskmodels.features.facts.papers import CLAIMS, INVOICE_CLAIMS, INVOICES_BESIDE, NUMBERED
from riskmodels.features.facts.parties import PARTIES
from riskmodels.features.facts.soft import CHECKS, RATINGS
from riskmodels.features.facts.statements import RESTATEMENTS, STATEMENTS
from riskmodels.features.facts.trade import MONTHS, RELATIONS, VISITS

__all__ = [
    "ACTIONS",
    "ADVANCES",
    "AMENDMENTS",
    "BANK_FLOWS",
    "BANK_STATE",
    "BANK_SWINGS",
    "BELONGS",
    "CHECKS",
    "CLAIMS",
    "CONTRACTS",
    "CONTRACT_CHANGES",
    "CREDIT_NOTES",
    "DEBTOR_LIMITS",
    "DISPUTED",
    "DISPUTES",
    "EVENTS",
    "EXCHANGE",
    "FUNDS",
    "GUARANTEES",
    "GUARANTEES_GIVEN",
    "HEADS",
    "HISTORY",
    "INPUTS",
    "INVOICES",
    "INVOICES_BESIDE",
    "INVOICE_CLAIMS",
    "IN_COURT",
    "LEDGER",
    "LET_DOWN",
    "MEMBERS",
    "MONTHS",
    "NUMBERED",
    "PARTIES",
    "PAYMENTS",
    "PEERS",
    "POLICY_RATE",
    "PROMISES",
    "RATINGS",
    "RELATIONS",
    "REPAYMENTS",
    "RESTATEMENTS",
    "SENTIMENT",
    "SETTLEMENTS",
    "STATEMENTS",
    "UTILISATION",
    "VISITS",
    "WRITE_OFFS",
    "in_force",
    "looked_up",
    "on_invoices",
    "on_parties",
    "paid",
    "reduced",
]
