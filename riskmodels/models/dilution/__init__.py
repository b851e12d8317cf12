"""Dilution: what is credited instead of paid, by vintage as it ripens, by pair, modelled, and reserved for."""

from riskmodels.models.dilution.history import DilutionHistory, dilution_history, period_rates
from riskmodels.models.dilution.maturation import (
    Maturation,
    development,
    maturation,
    matured_rates,
    ripe_rates,
    vintages,
)
from riskmodels.models.dilution.model import DilutionModel
from riskmodels.models.dilution.reserve import DilutionReserve, dilution_reserve, dynamic_reserve
from riskmodels.models.dilution.shrinkage import pair_rates, shrunk

__all__ = [
    "DilutionHistory",
    "DilutionModel",
    "DilutionReserve",
    "Maturation",
    "development",
    "dilution_history",
    "dilution_reserve",
    "dynamic_reserve",
    "maturation",
    "matured_rates",
    "pair_rates",
    "period_rates",
    "ripe_rates",
    "shrunk",
    "vintages",
]
