"""Scorecards: drivers selected, weighed by a logit on their bins, and told as points."""

from riskmodels.core.lazy import from_homes

_HOMES = {
    "Scorecard": "model:Scorecard",
}
__all__ = sorted(_HOMES)
__getattr__ = from_homes(__name__, _HOMES)
