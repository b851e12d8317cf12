"""Columns of a sample: what counts as numbers, what as text, and what is refused in one line."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from riskmodels.models.binning import Binner
from riskmodels.models.inputs import SampleError, checked_frame


def read(values):
    """The column as a model sees it in `fit`."""
    return checked_frame(Binner(), pd.DataFrame({"x": values}), reset=True)["x"]


def objects(*values):
    return pd.Series(values, dtype=object)


@pytest.mark.parametrize(
    "values",
    [
        objects(0, 1, 2.5, None),
        objects(Decimal(0), Decimal(1), Decimal("2.5"), None),
        objects(np.int8(0), np.float32(1), 2.5, pd.NA),
        pd.Series([0, 1, 2.5, None], dtype="Float64"),
        pd.Series([Decimal(0), Decimal(1), Decimal("2.5"), None], dtype=pd.ArrowDtype(pa.decimal128(5, 2))),
    ],
)
def test_a_column_of_numbers_is_read_as_numbers_whatever_holds_them(values):
    assert read(values).dtype == np.float64
    assert np.array_equal(read(values), [0, 1, 2.5, np.nan], equal_nan=True)


def test_a_model_fitted_on_numbers_as_objects_knows_them_as_floats_too():
    y = np.tile([0, 0, 0, 1, 1, 0, 1, 1], 50)
    x = np.tile([0, 0, 0, 0, 1, 1, 1, 1], 50)
    binner = Binner().fit(pd.DataFrame({"x": x.astype(object)}), y)
    as_objects, as_floats = (binner.transform(pd.DataFrame({"x": x.astype(kind)})) for kind in (object, float))
    assert np.array_equal(as_objects, as_floats)
    assert len(np.unique(as_floats)) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (objects("a", None, "b"), ["a", None, "b"]),
        (objects(True, None, False), ["True", None, "False"]),
        (pd.Series(["a", None, "b"], dtype="category"), ["a", None, "b"]),
        (pd.Series([1.0, None, 2.5], dtype="category"), ["1", None, "2.5"]),
        (pd.Series([1, None, 2], dtype="Int64").astype("category"), ["1", None, "2"]),
        (pd.cut(pd.Series([1, np.nan, 3]), [0, 2, 4]), ["(0, 2]", None, "(2, 4]"]),
    ],
)
def test_categories_are_text(values, words):
    found = read(values)
    assert found.dtype == "str"
    assert found.astype(object).where(found.notna(), None).tolist() == words


REFUSED = {
    "numbers and text": (objects(1, "a"), "found values of type int and str"),
    "lists": (objects([1], [2]), "found values of type list"),
    "bytes": (objects(b"a"), "found values of type bytes"),
    "complex numbers": (pd.Series([1j, 2]), "found values of type complex"),
    "spans of time": (pd.Series(pd.to_timedelta([1, 2])), "found values of type Timedelta"),
    "periods": (pd.Series(pd.period_range("2025", periods=2, freq="M")), "found values of type Period"),
    "dates": (pd.Series(pd.to_datetime(["2025-01-01", None])), "found dates"),
    "dates as objects": (objects(pd.Timestamp("2025-01-01").date()), "found dates"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_is_neither_numbers_nor_text_is_refused_in_one_line(case):
    values, words = REFUSED[case]
    with pytest.raises(SampleError, match=f"x: {words}, expected numbers or text") as refusal:
        read(values)
    assert "\n" not in str(refusal.value)


def table(n=400):
    rng = np.random.default_rng(3)
    X = pd.DataFrame({"x": rng.normal(size=n), "sector": rng.choice(list("ab"), n)})
    X.loc[::7, "sector"] = None
    return X, (rng.random(n) < 1 / (1 + np.exp(1 - X["x"]))).astype(int)


def test_an_arrow_table_is_read_as_the_pandas_table_it_holds():
    X, y = table()
    binner = Binner().fit(pa.Table.from_pandas(X), y)
    assert binner.get_feature_names_out().tolist() == ["x", "sector"]
    assert np.array_equal(binner.transform(pa.Table.from_pandas(X)), Binner().fit(X, y).transform(X))
