"""Risk units of drivers."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import Misuse
from riskmodels.models.expert import Bins, Driver, Levels, Standard
from riskmodels.models.expert.drivers import form_from, form_of, form_state
from riskmodels.models.inputs import SampleError


def test_a_standardised_value_counts_at_most_three_units_and_missing_as_typical():
    units = Standard(10.0, 2.0).units(pd.Series([10.0, 12.0, 1e9, -1e9, np.nan]))
    assert units.tolist() == [0, 1, 3, -3, 0]


def test_bins_are_left_closed_and_missing_has_points_of_its_own():
    units = Bins((0.0, 30.0), (-1.0, 0.5, 2.0), missing=1.0).units(pd.Series([-5.0, 0.0, 29.9, 30.0, np.nan]))
    assert units.tolist() == [-1, 0.5, 0.5, 2, 1]


def test_an_unseen_category_is_never_better_than_typical():
    units = Levels({"trade": -1.0, "mining": 0.4}, missing=0.2).units(pd.Series(["trade", "mining", "space", None]))
    assert units.tolist() == [-1, 0.4, 0, 0.2]
    assert Levels({"a": 1.0, "b": 2.0}).units(pd.Series(["z"])).tolist() == [1.5]


@pytest.mark.parametrize("kind", [float, "str"])
@pytest.mark.parametrize("form", [Standard(1.0, 1.0), Bins((0.0,), (1.0, 2.0)), Levels({"a": 1.0})])
def test_a_column_with_nothing_in_it_is_missing_whatever_its_kind(form, kind):
    values = pd.Series([None, None], dtype=kind, name="x")
    assert form.units(values).tolist() == [getattr(form, "missing", 0.0)] * 2


def test_a_column_of_another_kind_is_refused():
    with pytest.raises(SampleError, match="x: found text, expected numbers or a driver with Levels"):
        Standard(0.0, 1.0).units(pd.Series(["a"], name="x", dtype="str"))
    with pytest.raises(SampleError, match="x: found numbers, expected text, as the expert gave categories"):
        Levels({"a": 1.0}).units(pd.Series([1.0], name="x"))


@pytest.mark.parametrize("form", [Standard(1.5, 0.1), Bins((0.0, 2.0), (1.0, 2.0, 3.0), 0.5), Levels({"a": 1.0}, 0.3)])
def test_a_form_comes_back_from_its_state(form):
    assert form_from(form_state(form)) == form


def test_an_empty_or_constant_column_says_nothing():
    for values in ([np.nan, np.nan], [4.0, 4.0]):
        column = pd.Series(values)
        assert form_of(column, np.ones(2)).units(column).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Standard(0.0, 0.0), "Standard: found spread 0.0 about 0.0, expected finite and positive"),
        (lambda: Bins((1.0,), (1.0,)), "Bins: found 1 points, expected 2"),
        (lambda: Bins((2.0, 1.0), (1.0, 2.0, 3.0)), r"Bins: found cuts \[2.0, 1.0\], expected ascending"),
        (lambda: Levels({}), "Levels: found no finite points"),
        (lambda: Driver("x", 2), "x: found sign 2, expected 1, -1 or None"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(make, words):
    with pytest.raises(Misuse, match=words):
        make()
