"""Received cash matched to open invoices: proposals with a score and evidence, and how often they are right."""

from riskmodels.models.matching.measure import Accuracy, accuracy, matched
from riskmodels.models.matching.replay import match_receipts

__all__ = ["Accuracy", "accuracy", "match_receipts", "matched"]
