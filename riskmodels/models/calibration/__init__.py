"""Probabilities moved to the level and the spread that were seen, without changing who is riskier than whom."""

from riskmodels.models.calibration.anchoring import anchored, corrected_odds
from riskmodels.models.calibration.curves import beta, isotonic, slope_intercept
from riskmodels.models.calibration.record import Calibration

__all__ = ["Calibration", "anchored", "beta", "corrected_odds", "isotonic", "slope_intercept"]
