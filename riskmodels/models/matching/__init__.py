"""Received cash matched to open invoices: proposals with a score and evidence, and how often they are right."""

from riskmodels.models.matching.measure import Accuracy, accuracy, booked_later, matched
from riskmodels.models.matching.waiting import match_receipts

__all__ = ["Accuracy", "accuracy", "booked_later", "match_receipts", "matched"]
