import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from riskmodels.models.boosting import Booster
from riskmodels.models.explain import beeswarm, importance, importance_bars, reasons
from riskmodels.models.scorecard import Scorecard


@pytest.fixture(scope="module")
def explained(applicants):
    X, y = applicants
    return X, Scorecard().fit(X, y).contributions(X)


def test_the_driver_that_moves_most_is_the_most_important(explained):
    table = importance(explained[1])
    assert table["feature"].iloc[0] == "late_share"
    assert table["share"].sum() == pytest.approx(1)


def test_reasons_name_the_drivers_that_raise_a_row_most(explained):
    X, parts = explained
    row = int(np.argmax((parts["late_share"] - parts["late_share"].mean()).to_numpy()))
    text = reasons(parts, X, parts.mean(), top=1).iloc[row]
    assert text == f"late_share {X['late_share'].iloc[row]:.4g}"


def test_a_row_better_than_the_average_everywhere_says_so(explained):
    X, parts = explained
    best = (parts - parts.mean()).drop(columns="base").max(axis=1).idxmin()
    assert reasons(parts.loc[[best]], X.loc[[best]], parts.mean()).iloc[0] == "no driver above the average"


def test_a_missing_value_is_called_missing(explained):
    X, parts = explained
    rows = X["sector"].isna()
    texts = reasons(parts[rows], X[rows], parts.mean() - 5, top=3)
    assert texts.str.contains("sector missing").all()


def test_bars_state_the_finding_and_the_unit(explained, ax):
    drawn = importance_bars(importance(explained[1]), ax=ax)
    assert drawn is ax
    assert ax.get_title().startswith("late_share carries ")
    assert "log-odds" in ax.get_xlabel()


def test_the_beeswarm_is_drawn_without_touching_the_style(applicants, ax):
    X, y = applicants
    before = dict(mpl.rcParams)
    assert beeswarm(Booster().fit(X, y).contributions(X), X, ax=ax) is ax
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []
    assert len(ax.collections)
