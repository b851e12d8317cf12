"""The conventions of scikit-learn, by its own checks. Their targets are no shares: models clip them, and a stage of
their small samples needs no least number of rows."""

import pytest

from riskmodels.models.dilution import DilutionModel
from riskmodels.models.lgd import BoostedLGD, FractionalLGD, TwoStageLGD
from tests.models.conventions import checks

ESTIMATORS = (
    FractionalLGD(outside="clip"),
    BoostedLGD(outside="clip", max_rounds=60, rounds=60, patience=20),
    TwoStageLGD(outside="clip", least=1),
    DilutionModel(outside="clip"),
)


@pytest.mark.parametrize(("estimator", "check"), checks(*ESTIMATORS))
def test_the_estimator_meets_the_conventions_of_scikit_learn(estimator, check):
    check(estimator)
