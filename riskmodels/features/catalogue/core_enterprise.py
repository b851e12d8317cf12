"""The core enterprise of a chain: what is known of it, shown beside those who hang on it."""

from __future__ import annotations

from riskmodels.features.catalogue.events import EVENT
from riskmodels.features.catalogue.financial import FINANCIAL
from riskmodels.features.catalogue.soft import SOFT
from riskmodels.features.feature import PARTIES, Catalogue, Feature, Linked

HEALTH = (
    "ebit_margin_now",
    "current_ratio_now",
    "debt_ratio_now",
    "debt_ratio_change_now",
    "revenue_growth_now",
    "piotroski_signals_now",
    "insolvency_count_365d",
    "court_count_365d",
    "severity_365d",
    "agency_notch_now",
    "house_grade_now",
)
"""The features of a core enterprise that its suppliers' and debtors' frames show."""
CORE_ENTERPRISE: Catalogue = tuple(
    Linked("chain", feature, (*PARTIES, "invoice"))
    for feature in (*FINANCIAL, *EVENT, *SOFT)
    if isinstance(feature, Feature) and feature.name in HEALTH
)
