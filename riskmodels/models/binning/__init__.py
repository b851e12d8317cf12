"""Monotone optimal binning: what a variable's values are worth, exactly, and why its bins are as they are."""

from riskmodels.core.lazy import from_homes

_HOMES = {
    "Binner": "binner:Binner",
    "MeanBinner": "binner:MeanBinner",
    "feature": "binner:feature",
    "trends_from_signs": "binner:trends_from_signs",
    "Cuts": "bins:Cuts",
    "Groups": "bins:Groups",
    "Override": "override:Override",
    "Quality": "strength:Quality",
    "neighbours": "strength:neighbours",
    "quality": "strength:quality",
    "BinnedFeature": "worth:BinnedFeature",
    "BinnedMean": "worth:BinnedMean",
}
__all__ = sorted(_HOMES)
__getattr__ = from_homes(__name__, _HOMES)
