"""A payment-time model beside forecasts from habit, on invoices of which some are still open."""

from riskmodels.validation.baselines.censored import Observed, observed
from riskmodels.validation.baselines.table import MEASURES, comparison, measured

__all__ = ["MEASURES", "Observed", "comparison", "measured", "observed"]
