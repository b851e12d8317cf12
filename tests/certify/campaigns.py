"""The campaigns there are, cheap ones first."""

from tests.certify.books import SYNTHETIC
from tests.certify.cash_bands import CASH_BANDS
from tests.certify.few_defaults import FEW_DEFAULTS
from tests.certify.intervals import INTERVALS
from tests.certify.kernel import KERNEL
from tests.certify.killed_loads import KILLED_LOADS
from tests.certify.killed_reports import KILLED_REPORTS
from tests.certify.leaks import LEAKS
from tests.certify.mutated_files import MUTATED_FILES
from tests.certify.planted_flaws import PLANTED_FLAWS
from tests.certify.stored_models import STORED_MODELS
from tests.certify.years import YEARS

ALL = (
    KERNEL, INTERVALS, YEARS, CASH_BANDS, FEW_DEFAULTS, PLANTED_FLAWS, STORED_MODELS, SYNTHETIC, LEAKS, MUTATED_FILES,
    KILLED_LOADS, KILLED_REPORTS,
)  # fmt: skip
