"""The conventions of scikit-learn, by its own checks."""

import pytest

from riskmodels.models.expert import ExpertScorecard, HybridScorecard, ShadowRating
from tests.models.conventions import checks


@pytest.mark.parametrize(("estimator", "check"), checks(ExpertScorecard(), HybridScorecard(draws=100), ShadowRating()))
def test_the_estimator_meets_the_conventions_of_scikit_learn(estimator, check):
    check(estimator)
