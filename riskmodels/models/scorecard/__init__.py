"""Scorecards: drivers selected, weighed by a logit on their bins, and told as points."""

from riskmodels.models.scorecard.model import Scorecard

__all__ = ["Scorecard"]
