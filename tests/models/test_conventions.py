"""The conventions of scikit-learn, by its own checks."""

import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from riskmodels.models.binning import Binner, MeanBinner
from riskmodels.models.boosting import Booster
from riskmodels.models.scorecard import Scorecard

ESTIMATORS = (
    Binner(),
    MeanBinner(),
    Booster(max_rounds=60, rounds=60, patience=20),
    Scorecard(),
)
# It asks for SCIPY_ARRAY_API, to be set before scipy's first import, and concerns arrays other than numpy's
LEFT_OUT = "check_array_api_input"


def checks():
    for estimator in ESTIMATORS:
        for each, check in estimator_checks_generator(estimator, mark=None):
            name = check.func.__name__
            if name != LEFT_OUT:
                yield pytest.param(each, check, id=f"{type(estimator).__name__}-{name}")


@pytest.mark.parametrize(("estimator", "check"), checks())
def test_the_estimator_meets_the_conventions_of_scikit_learn(estimator, check):
    check(estimator)
