"""How grades move, judged: the ECB's bandwidths and z-tests, homogeneity in time, mobility, concentration."""

from riskmodels.validation.migration.moves import Moves
from riskmodels.validation.migration.sample import migration_of
from riskmodels.validation.migration.suite import transitions_of, validate_transitions

__all__ = ["Moves", "migration_of", "transitions_of", "validate_transitions"]
