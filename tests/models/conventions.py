"""scikit-learn's own checks of estimators, as parameters of a test."""

from collections.abc import Iterator
from typing import Any

import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

# It asks for SCIPY_ARRAY_API, to be set before scipy's first import, and concerns arrays other than numpy's
LEFT_OUT = "check_array_api_input"


def checks(*estimators: Any) -> Iterator[Any]:
    """An estimator and a check of it, for each of both."""
    for estimator in estimators:
        for each, check in estimator_checks_generator(estimator, mark=None):
            name = check.func.__name__
            if name != LEFT_OUT:
                yield pytest.param(each, check, id=f"{type(estimator).__name__}-{name}")
