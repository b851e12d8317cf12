"""What justifies the definition of bad: roll rates, cures by days past due, maturation of vintages."""

from riskmodels.models.bad_definition.cures import cures, threshold
from riskmodels.models.bad_definition.ledger import standing
from riskmodels.models.bad_definition.maturation import Maturation, maturation
from riskmodels.models.bad_definition.roll_forward import roll_forward
from riskmodels.models.bad_definition.roll_rates import RollRates, roll_rates
from riskmodels.models.bad_definition.study import Evidence, Study, study

__all__ = [
    "Evidence",
    "Maturation",
    "RollRates",
    "Study",
    "cures",
    "maturation",
    "roll_forward",
    "roll_rates",
    "standing",
    "study",
    "threshold",
]
