"""The boosted challenger: LightGBM under expected signs, its size chosen among stated presets."""

from riskmodels.models.boosting.model import Booster, reproducible
from riskmodels.models.boosting.presets import PRESETS, Preset

__all__ = ["PRESETS", "Booster", "Preset", "reproducible"]
