"""Data to learn and to test on, one call each: `from riskmodels import datasets`."""

from riskmodels.book.datasets import *  # noqa: F403
from riskmodels.book.datasets import __all__ as __all__
