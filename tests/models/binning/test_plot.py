"""The picture of bins says what the table says."""

import numpy as np
import pytest

from riskmodels.models.binning import Binner, MeanBinner, feature
from riskmodels.models.binning.plot import bin_bars


def test_the_picture_shows_each_bin_with_its_share_and_rate(applicants, ax):
    found = feature(Binner().fit(*applicants), "late_share")
    bin_bars(found, ax=ax)
    table = found.table()
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(table["share"].tolist())
    assert [tick.get_text() for tick in ax.get_xticklabels()] == table["bin"].tolist()
    right = ax.figure.axes[1]
    assert right.lines[0].get_ydata() == pytest.approx(table["bad rate"].to_numpy())
    assert "information value" in ax.get_title()


def test_the_picture_of_a_target_of_numbers_shows_its_means(applicants, ax):
    X, _ = applicants
    found = feature(MeanBinner().fit(X, X["age"]), "late_share")
    bin_bars(found, ax=ax)
    table, right = found.table(), ax.figure.axes[1]
    assert right.lines[0].get_ydata() == pytest.approx(table["mean"].to_numpy())
    ends = right.collections[0].get_segments()
    assert np.array(ends)[:, :, 1] == pytest.approx(table[["low", "high"]].to_numpy())
    assert right.lines[-1].get_ydata() == pytest.approx([X["age"].mean()] * 2)
    assert right.get_ylabel() == "mean"
    assert f"{found.explained:.1%} of the variance explained" in ax.get_title()
