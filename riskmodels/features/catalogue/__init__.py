"""The catalogue: every feature of the house, by subject."""

from riskmodels.features.catalogue.ageing import AGEING
from riskmodels.features.catalogue.concentration import CONCENTRATION
from riskmodels.features.catalogue.dilution import DILUTION
from riskmodels.features.catalogue.issue import ISSUE
from riskmodels.features.catalogue.payment import PAYMENT
from riskmodels.features.catalogue.rhythm import RHYTHM
from riskmodels.features.feature import Catalogue

CATALOGUE: Catalogue = (*PAYMENT, *AGEING, *CONCENTRATION, *DILUTION, *RHYTHM, *ISSUE)
