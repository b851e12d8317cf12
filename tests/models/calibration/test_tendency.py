"""The long-run mean of yearly rates: every year alike, every origin counted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.models.calibration import anchored
from riskmodels.models.calibration.tendency import long_run, row_weights
from riskmodels.models.inputs import SampleError


def panel(**cohorts):
    """Outcomes and origins of cohorts named by their day, each (n, bad)."""
    days = np.repeat([name[1:].replace("_", "-") for name in cohorts], [n for n, _bad in cohorts.values()])
    y = np.concatenate([np.arange(n) < bad for n, bad in cohorts.values()]).astype(float)
    return y, pd.to_datetime(days)


def test_a_year_counts_the_same_whatever_its_size():
    y, origin = panel(d2022_12_31=(100, 10), d2023_12_31=(900, 9))
    assert long_run(y, origin).rate == pytest.approx((0.10 + 0.01) / 2)


def test_every_season_counts_the_same_though_one_saw_fewer_years():
    y, origin = panel(d2022_12_31=(100, 10), d2023_12_31=(100, 2), d2023_06_30=(100, 8))
    found = long_run(y, origin)
    assert found.rate == pytest.approx((0.06 + 0.08) / 2)
    assert (found.sequences, found.origins["weight"].tolist()) == (2, [0.25, 0.5, 0.25])


def test_equal_cohorts_have_the_plain_rate():
    y, origin = panel(d2022_12_31=(50, 3), d2023_03_31=(50, 1), d2023_12_31=(50, 2), d2024_03_31=(50, 4))
    assert long_run(y, origin).rate == pytest.approx(y.mean())


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), min_size=1, max_size=9))
def test_rows_so_weighted_have_the_tendency_as_their_mean(sizes):
    days = pd.date_range("2022-03-31", periods=len(sizes), freq="QE")
    y = np.concatenate([np.arange(n) < bad for n, bad in sizes]).astype(float)
    origin = days.repeat([n for n, _bad in sizes])
    found = long_run(y, origin)
    assert np.average(y, weights=row_weights(found, origin)) == pytest.approx(found.rate, abs=1e-12)
    assert 0 <= found.rate <= 1


def test_a_model_that_tells_years_apart_already_is_hardly_moved():
    y, origin = panel(d2022_12_31=(100, 20), d2023_12_31=(900, 18))
    p, found = np.where(np.arange(1000) < 100, 0.20, 0.02), long_run(y, origin)
    assert anchored(p, found.rate, row_weights(found, origin)).parameters["shift"] == pytest.approx(0, abs=1e-9)
    assert anchored(p, found.rate).parameters["shift"] > 1


@pytest.mark.parametrize(("y", "origin"), [([], []), ([1, np.nan], ["2024-06-30"] * 2), ([1, 0], ["2024-06-30", None])])
def test_rows_that_tell_nothing_are_refused(y, origin):
    with pytest.raises(SampleError, match="central tendency: found rows without an outcome"):
        long_run(y, origin)
