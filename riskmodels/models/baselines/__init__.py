"""What a payment-time model has to beat: forecasts from habit alone, all behind one interface."""

from riskmodels.models.baselines.baseline import TITLES, Baseline
from riskmodels.models.baselines.fitting import fit_all
from riskmodels.models.baselines.forecast import DAYS, Forecast, of_model

__all__ = ["DAYS", "TITLES", "Baseline", "Forecast", "fit_all", "of_model"]
