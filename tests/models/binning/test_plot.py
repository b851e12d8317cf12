"""The picture of bins says what the table says."""

import pytest

from riskmodels.models.binning import Binner, feature
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
