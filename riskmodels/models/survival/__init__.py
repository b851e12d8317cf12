"""Kaplan-Meier and Aalen-Johansen by group, with late entry, weights and clusters."""

from riskmodels.models.survival.curves import aalen_johansen, incidence, kaplan_meier, survival_at
from riskmodels.models.survival.risk_sets import RiskSets, Watched, risk_sets, watched

__all__ = [
    "RiskSets",
    "Watched",
    "aalen_johansen",
    "incidence",
    "kaplan_meier",
    "risk_sets",
    "survival_at",
    "watched",
]
