"""A made portfolio of few defaults, once."""

import pytest

from riskmodels.models.expert.example import worked_example


@pytest.fixture(scope="session")
def book():
    """300 obligors with 12 defaults, and the truth."""
    return worked_example()
