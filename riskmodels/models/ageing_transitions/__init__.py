"""How balances age: monthly transitions of buckets by number and amount, cures, and a forecast of the buckets."""

from riskmodels.models.ageing_transitions.back_test import back_test, coverage
from riskmodels.models.ageing_transitions.cures import bucket_cures
from riskmodels.models.ageing_transitions.flows import Flows, ageing_flows
from riskmodels.models.ageing_transitions.forecast import BucketForecast, forecast_buckets
from riskmodels.models.ageing_transitions.matrix import ageing_matrix

__all__ = [
    "BucketForecast",
    "Flows",
    "ageing_flows",
    "ageing_matrix",
    "back_test",
    "bucket_cures",
    "coverage",
    "forecast_buckets",
]
