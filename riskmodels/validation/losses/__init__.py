"""Estimated losses judged by what was lost: the ECB's back-test of LGD, order, workout time, recovery, dilution."""

from riskmodels.validation.losses.suite import validate_losses

__all__ = ["validate_losses"]
