"""Loss given default: realised from dated cash flows, promised by cover, modelled, and stressed."""

from riskmodels.models.lgd.boosted import BoostedLGD
from riskmodels.models.lgd.fractional import FractionalLGD
from riskmodels.models.lgd.two_stage import TwoStageLGD

__all__ = ["BoostedLGD", "FractionalLGD", "TwoStageLGD"]
