"""The conventions of scikit-learn, by its own checks."""

import pytest

from riskmodels.models.binning import Binner, MeanBinner
from riskmodels.models.boosting import Booster
from riskmodels.models.scorecard import Scorecard
from tests.models.conventions import checks

ESTIMATORS = (
    Binner(),
    MeanBinner(),
    Booster(max_rounds=60, rounds=60, patience=20),
    Scorecard(),
    Scorecard(method="firth"),
)


@pytest.mark.parametrize(("estimator", "check"), checks(*ESTIMATORS))
def test_the_estimator_meets_the_conventions_of_scikit_learn(estimator, check):
    check(estimator)
