"""Reports as typed blocks, rendered into files that stand on their own."""

from riskmodels.reporting.blocks import *  # noqa: F403
