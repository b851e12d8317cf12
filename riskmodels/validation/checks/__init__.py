"""The checks of the suite, one file per section of the report, listed by hand in the order a reader meets them."""

from riskmodels.validation.checks.business import BUSINESS
from riskmodels.validation.checks.calibration import CALIBRATION
from riskmodels.validation.checks.check import Check, run_all
from riskmodels.validation.checks.concept import CONCEPT
from riskmodels.validation.checks.data import DATA
from riskmodels.validation.checks.discrimination import DISCRIMINATION
from riskmodels.validation.checks.grades import GRADES
from riskmodels.validation.checks.loss import LOSS
from riskmodels.validation.checks.process import PROCESS
from riskmodels.validation.checks.robustness import ROBUSTNESS
from riskmodels.validation.checks.stability import STABILITY

CHECKS: tuple[Check, ...] = (
    *DISCRIMINATION,
    *CALIBRATION,
    *GRADES,
    *STABILITY,
    *LOSS,
    *ROBUSTNESS,
    *DATA,
    *CONCEPT,
    *PROCESS,
    *BUSINESS,
)

__all__ = ["CHECKS", "Check", "run_all"]
