"""The conventions of scikit-learn, by its own checks, for a model whose columns are fixed before it is fitted.

A card takes the columns it has. Each check makes its own data, so each is given a card of as many drivers as those have
columns.
"""

from collections import defaultdict

import numpy as np
import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from riskmodels.models.binning import Cuts
from riskmodels.models.cards import CardDriver, ImportedScorecard, PointsCard, linked
from riskmodels.models.scorecard.points import Scale

LEFT_OUT = {
    "check_array_api_input": "asks for SCIPY_ARRAY_API, set before scipy's first import, and arrays other than numpy's",
    "check_n_features_in": "asks that the number of columns be unknown before `fit`; a card tells it",
}
WIDTHS = defaultdict(lambda: 2) | {
    name: width
    for width, names in {
        1: ["fit2d_1feature"],
        3: [
            "fit_score_takes_y",
            "dont_overwrite_parameters",
            "sample_weights_list",
            "pipeline_consistency",
            "estimators_pickle",
            "f_contiguous_array_estimator",
            "classifiers_one_label",
            "supervised_y_2d",
            "methods_sample_order_invariance",
            "methods_subset_invariance",
            "dict_unchanged",
            "fit2d_predict1d",
        ],
        4: ["n_features_in_after_fitting", "positive_only_tag_during_fit"],
        5: ["estimators_dtypes"],
        10: ["dtype_object", "classifiers_one_label_sample_weights", "classifiers_regression_target", "fit2d_1sample"],
        20: ["all_zero_sample_weights_error", "classifier_not_supporting_multiclass"],
        30: ["sample_weight_equivalence_on_dense_data"],
    }.items()
    for name in names
}


def imported(width):
    """A card whose drivers run up and down in turn, as the clusters of the library's own sample do."""
    worth = [(20, -20, 0), (-20, 20, 0)]
    drivers = (CardDriver(f"x{i}", Cuts((0.0,)), worth[i % 2]) for i in range(width))
    return ImportedScorecard(linked(PointsCard(tuple(drivers), 600), Scale(600, 1, 20)))


def checks():
    for width in sorted({2, *WIDTHS.values()}):
        for estimator, check in estimator_checks_generator(imported(width), mark=None):
            name = check.func.__name__
            if name not in LEFT_OUT and WIDTHS[name.removeprefix("check_")] == width:
                yield pytest.param(estimator, check, id=name)


@pytest.mark.parametrize(("estimator", "check"), checks())
def test_an_imported_card_meets_the_conventions_of_scikit_learn(estimator, check):
    check(estimator)


def test_the_words_for_good_and_bad_are_learnt_and_nothing_else():
    model, X = imported(2), np.random.default_rng(0).normal(size=(50, 2))
    assert model.classes_.tolist() == [0, 1]
    before = model.predict_proba(X)
    model.fit(X, np.where(X[:, 0] > 0, "lost", "kept"))
    assert model.classes_.tolist() == ["kept", "lost"]
    assert set(model.predict(X)) == {"kept", "lost"}
    assert np.array_equal(model.predict_proba(X), before)
