"""Packs that come with the package: what the desk watches in a trade beyond what every trade has."""

from riskmodels.features.packs.auto_parts import AUTO_PARTS
from riskmodels.features.packs.construction import CONSTRUCTION
from riskmodels.features.packs.pharma import PHARMA

PACKS = (AUTO_PARTS, PHARMA, CONSTRUCTION)

__all__ = ["AUTO_PARTS", "CONSTRUCTION", "PACKS", "PHARMA"]
