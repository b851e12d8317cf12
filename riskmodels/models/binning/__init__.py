"""Monotone optimal binning: what a variable's values are worth, exactly, and why its bins are as they are."""

from riskmodels.models.binning.binner import Binner, MeanBinner, feature, trends_from_signs
from riskmodels.models.binning.bins import Cuts, Groups
from riskmodels.models.binning.override import Override
from riskmodels.models.binning.strength import Quality, neighbours, quality
from riskmodels.models.binning.worth import BinnedFeature, BinnedMean

__all__ = [
    "BinnedFeature",
    "BinnedMean",
    "Binner",
    "Cuts",
    "Groups",
    "MeanBinner",
    "Override",
    "Quality",
    "feature",
    "neighbours",
    "quality",
    "trends_from_signs",
]
