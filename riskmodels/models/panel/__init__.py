"""Rows that repeat obligors over time: how they are split, what is left out, how much they are worth."""

from riskmodels.models.panel.exclusions import Waterfall, exclusions, mature
from riskmodels.models.panel.folds import ForwardFolds, ObligorFolds
from riskmodels.models.panel.size import Size, effective_size, size_bars, size_table
from riskmodels.models.panel.split import Split, development_split

__all__ = [
    "ForwardFolds",
    "ObligorFolds",
    "Size",
    "Split",
    "Waterfall",
    "development_split",
    "effective_size",
    "exclusions",
    "mature",
    "size_bars",
    "size_table",
]
