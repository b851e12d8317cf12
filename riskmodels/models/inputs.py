"""Inputs of every model, checked once: a frame of numbers or text, a good/bad target, weights."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_complex_dtype, is_numeric_dtype
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import (
    _check_sample_weight,
    assert_all_finite,
    check_array,
    column_or_1d,
    validate_data,
)

from riskmodels.core.errors import DataRefused, SampleError

GOOD = frozenset({"g", "good", "paid", "performing", "non-default", "nondefault", "正常", "好"})
"""Labels that nobody means as bad; by the alphabet they would be the greater one, which is bad."""


@contextmanager
def _refused() -> Iterator[None]:
    """What the library finds wrong with a sample, in its words, refused as what the package itself refuses."""
    try:
        yield
    except SampleError:
        raise
    except ValueError as error:
        raise SampleError(str(error)) from None


@_refused()
def checked_frame(model: Any, X: Any, reset: bool) -> pd.DataFrame:
    """X as a frame of float64 or text columns; unnamed columns are called x0, x1, ....

    X is a pandas table or what can become one (polars, Arrow), or an array of numbers. Objects are numbers when all of
    them are (Decimal too), text when all are; booleans and categories are text. Anything else is refused.
    `reset` is True in `fit`: names, count and kinds of the columns are then remembered on the model, else compared.
    """
    frame = _frame(model, X, reset)
    if reset:
        model.text_columns_ = [name for name in frame.columns if is_text(frame[name])]
        return frame
    return frame.apply(lambda values: _same_kind(values, values.name in model.text_columns_))


def _frame(model: Any, X: Any, reset: bool) -> pd.DataFrame:
    X = X.to_pandas() if hasattr(X, "to_pandas") else X
    if isinstance(X, pd.DataFrame):
        if X.columns.has_duplicates:
            raise SampleError(f"X: found columns twice: {sorted(set(X.columns[X.columns.duplicated()]))}")
        validate_data(model, X, reset=reset, skip_check_array=True)
        check_array(np.empty(X.shape, dtype=np.int8))  # the library's own words for an empty table
        return pd.DataFrame({name: _plain(X.iloc[:, i]) for i, name in enumerate(names(model))}, index=X.index)
    values = validate_data(model, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan")
    return pd.DataFrame(values, columns=names(model))


def names(model: Any) -> list[str]:
    """Names of the columns the model was fitted on."""
    known = getattr(model, "feature_names_in_", None)
    return [f"x{i}" for i in range(model.n_features_in_)] if known is None else [str(name) for name in known]


def columns_state(model: Any) -> dict[str, Any]:
    """What `recall_columns` needs to make an unfitted model expect the same columns."""
    return {"names": names(model), "named": hasattr(model, "feature_names_in_"), "text": model.text_columns_}


def recall_columns(model: Any, state: dict[str, Any]) -> None:
    """Make the model expect the columns `columns_state` described."""
    model.n_features_in_, model.text_columns_ = len(state["names"]), state["text"]
    if state["named"]:
        model.feature_names_in_ = np.array(state["names"], dtype=object)


def is_text(values: pd.Series) -> bool:
    """Whether a checked column holds categories rather than numbers."""
    return not is_numeric_dtype(values)


def _same_kind(values: pd.Series, text: bool) -> pd.Series:
    """The column, of the kind it had in `fit`: a code read as a number now would pass for an unseen category."""
    if is_text(values) == text:
        return values
    if values.notna().any():
        found, expected = ("numbers", "text") if text else ("text", "numbers")
        raise SampleError(f"{values.name}: found {found}, expected {expected} as in the sample the model was fitted on")
    return values.astype("str" if text else np.float64)


def _plain(values: pd.Series) -> pd.Series:
    """The column as float64 or as text; refused when it holds neither."""
    if values.dtype == "str":
        return values
    if not isinstance(values.dtype, pd.CategoricalDtype) and _holds_numbers(values):
        return _finite(values.where(values.notna(), np.nan).astype(np.float64))
    return values.astype(object).map(_word, na_action="ignore").astype("str")


def _holds_numbers(values: pd.Series) -> bool:
    if is_numeric_dtype(values) and not is_bool_dtype(values) and not is_complex_dtype(values):
        return True
    kinds = set(values.dropna().map(type))
    for family, numbers in (((str,), False), ((bool, np.bool_), False), ((Real, Decimal), True)):
        if all(issubclass(kind, family) for kind in kinds):
            return numbers
    dates = all(issubclass(kind, date) for kind in kinds)
    found = "dates" if dates else "values of type " + " and ".join(sorted(kind.__name__ for kind in kinds))
    raise SampleError(f"{values.name}: found {found}, expected numbers or text (of a date, say, the days since)")


def _word(value: Any) -> str:
    """The name of a category: 1.0 is called 1, so that a table read again as floats has the same categories."""
    return str(int(value)) if isinstance(value, float | np.floating) and value.is_integer() else str(value)


def _finite(values: pd.Series) -> pd.Series:
    if np.isinf(values).any():
        raise SampleError(
            f"{values.name}: found {int(np.isinf(values).sum())} infinite values, expected finite or missing"
        )
    return values


@dataclass(frozen=True)
class Sample:
    """Rows a model is fitted on: y is 1 = bad, weight is positive, groups name each row's obligor or are None.

    Whole weights are counts of equal cases; others (balances, shares) are scaled so that their sum is the number of
    cases they are worth, whatever their unit.
    `used` marks them among the rows that were given; rows of weight 0 are left out. `cohorts` numbers the cohort of
    each row from 0, in sorted order, or is None.
    """

    frame: pd.DataFrame
    classes: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    groups: np.ndarray | None
    used: np.ndarray
    cohorts: np.ndarray | None = None

    @property
    def given(self) -> int:
        """Number of rows that were given."""
        return len(self.used)

    def described(self) -> dict[str, Any]:
        """Size, bad rate and hash of the sample, for a model's card."""
        return {
            "rows": len(self.y),
            "weight": float(self.weight.sum()),
            "bad_rate": float(np.average(self.y, weights=self.weight)),
            "clusters": None if self.groups is None else len(pd.unique(self.groups)),
            "sample_sha256": fingerprint(self.frame, self.y, self.weight),
        }


@_refused()
def checked_sample(
    model: Any, X: Any, y: Any, sample_weight: Any = None, groups: Any = None, cohorts: Any = None
) -> Sample:
    """The sample of a two-class model, rows of weight 0 left out; the greater of the two values of y is bad."""
    frame = checked_frame(model, X, reset=True)
    values = column_or_1d(y, warn=True)
    same_length(frame, y=values, **({} if groups is None else {"groups": groups}))
    weight = _check_sample_weight(sample_weight, frame, dtype=np.float64, ensure_non_negative=True)
    used = weight > 0
    classes = _two_classes(values, values[used])
    known_groups = None if groups is None else np.asarray(groups)[used]
    bad = (values[used] == classes[1]).astype(float)
    numbers = _cohort_numbers(cohorts, used)
    kept = frame if used.all() else frame[used]
    return Sample(kept, classes, bad, in_cases(weight[used]), known_groups, used, numbers)


@_refused()
def checked_regression(
    model: Any, X: Any, y: Any, sample_weight: Any = None, groups: Any = None, cohorts: Any = None
) -> Sample:
    """The sample of a model of numbers, rows of weight 0 left out; `classes` is empty."""
    frame = checked_frame(model, X, reset=True)
    values = check_array(column_or_1d(y, warn=True), ensure_2d=False, dtype=np.float64, input_name="y")
    same_length(frame, y=values, **({} if groups is None else {"groups": groups}))
    weight = _check_sample_weight(sample_weight, frame, dtype=np.float64, ensure_non_negative=True)
    used = weight > 0
    if not used.any():
        raise SampleError("sample_weight: found no row with a weight above 0")
    known_groups = None if groups is None else np.asarray(groups)[used]
    told = values[used], in_cases(weight[used]), known_groups, used, _cohort_numbers(cohorts, used)
    return Sample(frame if used.all() else frame[used], np.array([]), *told)


def _cohort_numbers(cohorts: Any, used: np.ndarray) -> np.ndarray | None:
    """A number for the cohort of each row that is used, in their sorted order; none where none are given."""
    if cohorts is None:
        return None
    if len(cohorts) != len(used):
        raise SampleError(f"cohorts: found {len(cohorts)}, expected {len(used)}, one per row of X")
    numbers = pd.factorize(np.asarray(cohorts), sort=True)[0]
    if (numbers < 0).any():
        raise SampleError(f"cohorts: found {int((numbers < 0).sum())} missing, expected one per row of X")
    return numbers[used]


def in_cases(weight: np.ndarray) -> np.ndarray:
    """Weights as numbers of cases: whole ones as they are, others times sum / sum of squares (Kish 1965)."""
    whole = bool((weight == np.rint(weight)).all())
    return weight if whole else weight * (weight.sum() / (weight @ weight))


def _two_classes(values: np.ndarray, used: np.ndarray) -> np.ndarray:
    assert_all_finite(values, input_name="y")
    kind = type_of_target(values, input_name="y", raise_unknown=True)
    if kind == "multiclass":
        raise SampleError(
            "Only binary classification is supported. The type of the target is multiclass; "
            "expected two classes, good and bad"
        )
    if kind != "binary":
        raise SampleError(f"y: Unknown label type: {kind}; expected two classes, good and bad")
    classes = np.unique(used)
    if len(classes) < 2:
        raise SampleError(f"y: found {len(classes)} class among rows with weight, expected two, good and bad")
    if str(classes[1]).casefold() in GOOD:
        told = list(map(str, classes))
        raise SampleError(f"y: found {told}, of which the last would be bad; expected 0 and 1, 1 bad")
    return classes


def same_length(X: pd.DataFrame, **others: Any) -> None:
    """Refuse arrays whose length isn't that of X."""
    for name, values in others.items():
        if len(values) != len(X):
            raise SampleError(f"{name}: found {len(values)} values, expected {len(X)}, one per row of X")


def fingerprint(X: pd.DataFrame, *others: np.ndarray) -> str:
    """SHA-256 of a training sample: its column names, values in row order, and the arrays beside it."""
    digest = hashlib.sha256("\x1f".join(map(str, X.columns)).encode())
    digest.update(pd.util.hash_pandas_object(X, index=False).to_numpy().tobytes())
    for values in others:
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def columns_of(model: Any, sample: pd.DataFrame) -> pd.DataFrame:
    """The columns of a sample that a fitted model uses, in its order; refused when the sample lacks some."""
    wanted = list(model.feature_names_in_)
    if missing := [c for c in wanted if c not in sample]:
        raise DataRefused(f"features: the book can't give {', '.join(missing)}, which the model was trained on")
    return sample[wanted]


def columns_used(models: Mapping[str, Any]) -> list[str]:
    """The columns that any of the fitted models uses, each once; a calibration uses none."""
    return list(dict.fromkeys(c for model in models.values() for c in getattr(model, "feature_names_in_", ())))
