"""Bad input, every model against every kind: one line that says what was found and what was expected."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused
from tests.models.asked_alike import (
    BAD,
    CLASSIFIERS,
    FITTED,
    OF_SHARES,
    PREDICTING,
    REGRESSORS,
    SHARE,
    N,
    X,
    answer,
    refused,
    target,
    usual,
)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_one_class_only_is_refused(name):
    refused("found 1 class among rows with weight, expected two", name, y=np.zeros(N, dtype=int))


@pytest.mark.parametrize("name", CLASSIFIERS)
@pytest.mark.parametrize(
    ("y", "words"),
    [
        (np.where(X.index % 7 == 0, 2, BAD), "target is multiclass; expected two classes"),
        (SHARE, "Unknown label type: continuous; expected two classes"),
        (np.where(X.index == 3, np.nan, BAD), "Input y contains NaN"),
    ],
    ids=["three classes", "numbers", "missing"],
)
def test_a_target_of_other_than_two_values_is_refused(name, y, words):
    refused(words, name, y=y)


@pytest.mark.parametrize("name", OF_SHARES)
def test_a_share_outside_0_to_1_is_refused(name):
    refused(r"found 1 values outside \[0, 1\]", name, y=np.where(X.index == 3, 1.7, SHARE))


@pytest.mark.parametrize("name", REGRESSORS)
@pytest.mark.parametrize(
    ("y", "words"),
    [(np.where(X.index == 3, np.nan, SHARE), "Input y contains NaN"), (X["sector"], "could not convert string")],
    ids=["missing", "text"],
)
def test_a_target_that_is_no_number_is_refused(name, y, words):
    refused(words, name, y=y)


@pytest.mark.parametrize("name", FITTED)
def test_infinite_values_are_refused_by_the_column_s_name(name):
    refused(
        "late: found 1 infinite values, expected finite or missing", name, frame=X.assign(late=[np.inf, *X["late"][1:]])
    )


@pytest.mark.parametrize("name", PREDICTING)
def test_infinite_values_of_new_rows_are_refused(name):
    with pytest.raises(DataRefused, match="age: found 1 infinite values"):
        answer(usual(name), X.assign(age=[-np.inf, *X["age"][1:]]))


@pytest.mark.parametrize("name", FITTED)
def test_negative_weights_are_refused(name):
    refused("Negative values in data passed to `sample_weight`", name, weight=np.where(X.index == 3, -1.0, 1.0))


@pytest.mark.parametrize("name", FITTED)
def test_weights_of_nothing_are_refused(name):
    refused("at least one non-zero number|no row with a weight", name, weight=np.zeros(N))


@pytest.mark.parametrize("name", FITTED)
def test_columns_of_one_name_are_refused(name):
    refused(r"X: found columns twice: \['late'\]", name, frame=pd.concat([X, X[["late"]]], axis=1))


@pytest.mark.parametrize("name", FITTED)
def test_no_rows_are_refused(name):
    refused("Found array with 0 sample", name, frame=X.iloc[:0], y=target(name)[:0])


@pytest.mark.parametrize("name", PREDICTING)
def test_a_column_of_another_kind_is_refused(name):
    with pytest.raises(DataRefused, match="late: found text, expected numbers"):
        answer(usual(name), X.assign(late="high"))
