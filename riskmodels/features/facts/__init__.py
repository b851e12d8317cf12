"""Streams of facts: what a book's tables tell, each row with whom it concerns and the day it could be known."""

from riskmodels.features.facts.base import in_force, looked_up, on_invoices, on_parties
from riskmodels.features.facts.ledger import (
    CREDIT_NOTES,
    DISPUTES,
    INVOICES,
    LEDGER,
    PAYMENTS,
    SETTLEMENTS,
    reductions,
)
from riskmodels.features.facts.parties import PARTIES

__all__ = [
    "CREDIT_NOTES",
    "DISPUTES",
    "INVOICES",
    "LEDGER",
    "PARTIES",
    "PAYMENTS",
    "SETTLEMENTS",
    "in_force",
    "looked_up",
    "on_invoices",
    "on_parties",
    "reductions",
]
