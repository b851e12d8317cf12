"""Kaplan-Meier and Aalen-Johansen by group, with late entry, weights and clusters."""

from riskmodels.models.survival.at_risk import RiskSets, Watched, risk_sets, watched
from riskmodels.models.survival.curves import aalen_johansen, incidence, kaplan_meier, survival_at, survival_influence

__all__ = [
    "RiskSets",
    "Watched",
    "aalen_johansen",
    "incidence",
    "kaplan_meier",
    "risk_sets",
    "survival_at",
    "survival_influence",
    "watched",
]
