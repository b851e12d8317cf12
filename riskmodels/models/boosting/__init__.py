"""The boosted challenger: LightGBM under expected signs, its size chosen among stated presets."""

from riskmodels.models.boosting.model import Booster
from riskmodels.models.boosting.presets import PRESETS, Preset
from riskmodels.models.boosting.trees import reproducible

__all__ = ["PRESETS", "Booster", "Preset", "reproducible"]
